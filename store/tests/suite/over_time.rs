//! What was so on earlier days, by hand.

use jiff::civil::Date;
use oriel_contract::{RangePreset, StatusChange, StatusPoint, TaskStatus, TenantId, TrendPoint};
use oriel_store::{DashboardNumbers, ImportTask, TaskFilter};

use crate::{
    harness::{TestDatabase, day, time},
    sample::{batch, done, middle, random, task},
};

on_both_databases! {
    a_task_counts_each_day_with_the_status_it_ended_with
    a_task_without_a_history_has_always_been_what_it_is
    what_happens_after_today_is_not_seen_yet
    a_task_that_comes_again_brings_its_new_past
    a_week_counts_what_was_overdue_then
    a_forecast_follows_from_the_last_weeks
    migrating_tells_of_stored_tasks_what_importing_does
}

fn with_history(external_id: &str, history: &[(&str, TaskStatus)]) -> ImportTask {
    let history = history.iter().map(|(at, status)| StatusChange {
        status: *status,
        at: time(at),
    });
    let history: Vec<_> = history.collect();
    ImportTask {
        status: history.last().unwrap().status,
        history,
        ..task(external_id)
    }
}

async fn numbers(db: &TestDatabase, tenant: &TenantId, today: Date) -> DashboardNumbers {
    db.whole(tenant)
        .dashboard(today, RangePreset::Weeks4, &TaskFilter::default())
        .await
        .unwrap()
}

/// The statuses at the end of the day, in the contract's order.
fn on(numbers: &DashboardNumbers, date: &str) -> [u64; 5] {
    let points = &numbers.status_over_time.points;
    let point = points.iter().find(|point| point.date == day(date));
    let StatusPoint {
        todo,
        in_progress,
        blocked,
        done,
        cancelled,
        ..
    } = *point.unwrap();
    [todo, in_progress, blocked, done, cancelled]
}

/// The point of the week that ends with the day.
fn week(numbers: &DashboardNumbers, date: &str) -> TrendPoint {
    let points = &numbers.kpis.trend;
    *points.iter().find(|week| week.date == day(date)).unwrap()
}

async fn a_task_counts_each_day_with_the_status_it_ended_with(mut db: TestDatabase) {
    use TaskStatus::{Blocked, Done, InProgress};
    let tenant = db.tenant("Acme").await;
    // Created on 2026-03-01.
    let busy = with_history(
        "busy",
        &[
            ("2026-03-05T09:00:00Z", InProgress),
            ("2026-03-05T10:00:00Z", Blocked),
            ("2026-03-10T23:59:59.999Z", InProgress),
            ("2026-03-12T00:00:00Z", Done),
        ],
    );
    let early = with_history("early", &[("2026-02-01T09:00:00Z", InProgress)]);
    db.import(&tenant, batch(vec![busy, early])).await.unwrap();
    let numbers = numbers(&db, &tenant, middle()).await;
    assert_eq!(on(&numbers, "2026-02-28"), [0, 0, 0, 0, 0]);
    assert_eq!(on(&numbers, "2026-03-01"), [1, 1, 0, 0, 0]);
    assert_eq!(on(&numbers, "2026-03-04"), [1, 1, 0, 0, 0]);
    assert_eq!(on(&numbers, "2026-03-05"), [0, 1, 1, 0, 0]);
    assert_eq!(on(&numbers, "2026-03-09"), [0, 1, 1, 0, 0]);
    assert_eq!(on(&numbers, "2026-03-10"), [0, 2, 0, 0, 0]);
    assert_eq!(on(&numbers, "2026-03-12"), [0, 1, 0, 1, 0]);
    assert_eq!(on(&numbers, "2026-03-25"), [0, 1, 0, 1, 0]);
}

async fn a_task_without_a_history_has_always_been_what_it_is(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let blocked = ImportTask {
        status: TaskStatus::Blocked,
        ..task("blocked")
    };
    db.import(&tenant, batch(vec![blocked])).await.unwrap();
    let numbers = numbers(&db, &tenant, middle()).await;
    assert_eq!(on(&numbers, "2026-02-28"), [0; 5]);
    assert_eq!(on(&numbers, "2026-03-01"), [0, 0, 1, 0, 0]);
}

async fn what_happens_after_today_is_not_seen_yet(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let later = with_history("later", &[("2026-03-20T00:00:00Z", TaskStatus::Done)]);
    db.import(&tenant, batch(vec![later])).await.unwrap();
    let numbers = numbers(&db, &tenant, day("2026-03-19")).await;
    assert_eq!(on(&numbers, "2026-03-19"), [1, 0, 0, 0, 0]);
    assert_eq!(week(&numbers, "2026-03-19").open, 1);
    // The status of a task is always the latest one known.
    assert_eq!(numbers.kpis.open, 0);
}

async fn a_task_that_comes_again_brings_its_new_past(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let first = with_history("A", &[("2026-03-10T00:00:00Z", TaskStatus::Blocked)]);
    db.import(&tenant, batch(vec![first])).await.unwrap();
    let again = with_history("A", &[("2026-03-15T00:00:00Z", TaskStatus::Done)]);
    db.import(&tenant, batch(vec![again])).await.unwrap();
    let numbers = numbers(&db, &tenant, middle()).await;
    assert_eq!(on(&numbers, "2026-03-14"), [1, 0, 0, 0, 0]);
    assert_eq!(on(&numbers, "2026-03-15"), [0, 0, 0, 1, 0]);
}

async fn a_week_counts_what_was_overdue_then(mut db: TestDatabase) {
    use TaskStatus::{Done, InProgress};
    let tenant = db.tenant("Acme").await;
    let due = |task, on| ImportTask {
        due_on: Some(day(on)),
        ..task
    };
    let late = with_history("late", &[("2026-03-18T09:00:00Z", Done)]);
    let reopened = with_history(
        "reopened",
        &[
            ("2026-03-10T09:00:00Z", Done),
            ("2026-03-20T09:00:00Z", InProgress),
        ],
    );
    let tasks = vec![
        due(task("open"), "2026-03-10"),
        due(late, "2026-03-10"),
        due(reopened, "2026-03-02"),
        // Overdue from its creation on.
        due(task("born late"), "2026-02-01"),
        due(task("future"), "2026-03-25"),
    ];
    db.import(&tenant, batch(tasks)).await.unwrap();
    let numbers = numbers(&db, &tenant, middle()).await;
    let found: Vec<(u64, u64)> = ["2026-02-25", "2026-03-04", "2026-03-11", "2026-03-18"]
        .into_iter()
        .chain(["2026-03-25"])
        .map(|date| week(&numbers, date))
        .map(|week| (week.open, week.overdue))
        .collect();
    // On the 18th `late` is done, since the 20th `reopened` is open again.
    assert_eq!(found, [(0, 0), (5, 2), (4, 3), (3, 2), (4, 3)]);
    assert_eq!((numbers.kpis.open, numbers.kpis.overdue), (4, 3));
}

async fn a_forecast_follows_from_the_last_weeks(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let completed = |id, on: &str| done(id, "2026-02-20T09:00:00Z", &format!("{on}T09:00:00Z"));
    let mut tasks = vec![
        completed("a", "2026-02-27"),
        completed("b", "2026-03-06"),
        completed("c", "2026-03-13"),
        task("open"),
        task("open too"),
    ];
    db.import(&tenant, batch(tasks.clone())).await.unwrap();
    // Three weeks with a completion are too few.
    let before = numbers(&db, &tenant, middle()).await;
    assert_eq!(before.forecast, None);
    tasks.push(completed("d", "2026-03-20"));
    db.import(&tenant, batch(tasks)).await.unwrap();
    let forecast = numbers(&db, &tenant, middle()).await.forecast.unwrap();
    assert_eq!((forecast.remaining, forecast.weeks), (2, 4));
    assert_eq!(Some(forecast.per_week), Some(1.0));
    assert_eq!(forecast.p50_on, day("2026-04-08"));
    assert_eq!(forecast.p85_on, day("2026-04-08"));
}

async fn migrating_tells_of_stored_tasks_what_importing_does(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, random(3)).await.unwrap();
    let imported = db.rows("task_status_days").await;
    let all = async |db: &TestDatabase| {
        db.whole(&tenant)
            .dashboard(middle(), RangePreset::All, &TaskFilter::default())
            .await
            .unwrap()
    };
    let before = all(&db).await;
    let script = if db.url.starts_with("sqlite:") {
        include_str!("../../migrations/sqlite/0003_status_days.sql")
    } else {
        include_str!("../../migrations/postgres/0003_status_days.sql")
    };
    db.execute("DROP TABLE task_status_days").await.unwrap();
    db.execute(script).await.unwrap();
    assert_eq!(db.rows("task_status_days").await, imported);
    assert_eq!(all(&db).await, before);
}
