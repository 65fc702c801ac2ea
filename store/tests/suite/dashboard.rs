//! The dashboard's numbers.

use std::collections::HashMap;

use jiff::civil::Date;
use oriel_contract::{
    LockedFilters, ProjectId, ProjectRef, RangePreset, TaskPriority, TaskStatus, TenantId, UserRef,
};
use oriel_store::{
    AssigneeFilter, ImportTask, StoreError, TaskFilter, TaskQuery, TenantScope, TenantStore,
};

use crate::{
    harness::{TestDatabase, day},
    oracle::{self, Names},
    sample::{batch, done, middle, random, task},
};

on_both_databases! {
    every_number_is_what_plain_loops_make_of_the_same_tasks
    a_tenant_without_tasks_has_a_range_of_today_alone
    a_week_counts_only_its_days_within_the_range
    what_comes_after_today_does_not_count_yet
    the_median_of_an_even_number_is_the_mean_of_the_middle_two
    an_unknown_tenant_has_no_dashboard
}

/// Projects, locked statuses and locked assignee of a scope, by external id.
type Limits = (
    Option<&'static [&'static str]>,
    Option<&'static [TaskStatus]>,
    Option<&'static str>,
);

/// Users by the external id that [`random`] gave them: the second of each
/// name is told from the first by its tasks.
async fn people(store: &TenantStore<'_>, tasks: &[ImportTask]) -> HashMap<String, UserRef> {
    let by_task: HashMap<&str, &ImportTask> = tasks
        .iter()
        .map(|task| (task.external_id.as_str(), task))
        .collect();
    let mut people = HashMap::new();
    for stored in every_task(store).await {
        let external_id = stored.external_id.unwrap();
        let assignee = by_task[external_id.as_str()].assignee.clone();
        if let Some((external_id, user)) = assignee.zip(stored.assignee) {
            people.insert(external_id, user);
        }
    }
    people
}

async fn every_task(store: &TenantStore<'_>) -> Vec<oriel_contract::Task> {
    let mut query = TaskQuery {
        limit: 200,
        ..TaskQuery::default()
    };
    let mut tasks = Vec::new();
    loop {
        let page = store.tasks(middle(), &query).await.unwrap();
        tasks.extend(page.items);
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return tasks;
        }
    }
}

/// Projects by external id, which [`random`] names alike.
async fn projects(store: &TenantStore<'_>) -> HashMap<String, ProjectRef> {
    let page = store.projects(middle(), 50, None).await.unwrap();
    let by_name = page.items.into_iter();
    by_name
        .map(|project| {
            let (id, name) = (project.id, project.name);
            (name.replace("Project ", "p"), ProjectRef { id, name })
        })
        .collect()
}

/// A filter with what it keeps.
type Case = (TaskFilter, fn(&ImportTask) -> bool);

fn filters(names: &Names) -> [Case; 5] {
    let project = |name: &str| -> ProjectId { names.projects[name].id.clone() };
    let none = TaskFilter::default;
    let of_projects = |names: &[&str]| TaskFilter {
        projects: names.iter().map(|name| project(name)).collect(),
        ..none()
    };
    let urgent = TaskFilter {
        priorities: vec![TaskPriority::Urgent, TaskPriority::High],
        ..of_projects(&["p0", "p1"])
    };
    let nobodys = TaskFilter {
        statuses: vec![TaskStatus::Todo, TaskStatus::Done],
        assignees: vec![AssigneeFilter::Nobody],
        q: Some("TASK 1".to_owned()),
        ..none()
    };
    [
        (none(), |_| true),
        (of_projects(&["p0"]), |task| task.project == "p0"),
        (of_projects(&["p4", "p1"]), |task| {
            ["p4", "p1"].contains(&task.project.as_str())
        }),
        (urgent, |task| {
            ["p0", "p1"].contains(&task.project.as_str())
                && [TaskPriority::Urgent, TaskPriority::High].contains(&task.priority)
        }),
        (nobodys, |task| {
            [TaskStatus::Todo, TaskStatus::Done].contains(&task.status)
                && task.assignee.is_none()
                && task.title.contains("task 1")
        }),
    ]
}

async fn every_number_is_what_plain_loops_make_of_the_same_tasks(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let batch = random(7);
    let tasks = batch.tasks.clone();
    let revision = db.import(&tenant, batch).await.unwrap().revision;
    let whole = db.whole(&tenant);
    let names = Names {
        people: people(&whole, &tasks).await,
        projects: projects(&whole).await,
    };
    let one = &names.people["u3"];

    let scopes: [Limits; 7] = [
        (None, None, None),
        (Some(&["p0", "p2"]), None, None),
        (Some(&["p4"]), None, None),
        (Some(&[]), None, None),
        (None, Some(&[TaskStatus::Done, TaskStatus::Todo]), None),
        (None, None, Some("u3")),
        (Some(&["p1"]), Some(&[TaskStatus::Done]), Some("u3")),
    ];
    let mut forecasts = 0;
    for (allowed, statuses, assignee) in scopes {
        let id = |name: &&str| names.projects[*name].id.clone();
        let locked = LockedFilters {
            status: statuses.map(<[_]>::to_vec),
            assignee: assignee.map(|_| one.id.clone()),
            ..LockedFilters::default()
        };
        let ids = allowed.map(|names| names.iter().map(id).collect());
        let scope = TenantScope::limited(tenant.clone(), ids, locked);
        for (filter, keeps) in filters(&names) {
            let seen: Vec<&ImportTask> = tasks
                .iter()
                .filter(|task| allowed.is_none_or(|names| names.contains(&task.project.as_str())))
                .filter(|task| statuses.is_none_or(|some| some.contains(&task.status)))
                .filter(|task| assignee.is_none_or(|user| task.assignee.as_deref() == Some(user)))
                .filter(|task| keeps(task))
                .collect();
            for (preset, as_of) in presets_and_days() {
                let store = db.store.within(scope.clone());
                let numbers = store.dashboard(as_of, preset, &filter).await.unwrap();
                let expected = oracle::dashboard(&seen, &names, as_of, preset, revision);
                assert_eq!(numbers, expected, "{scope:?} {filter:?} {preset:?} {as_of}");
                forecasts += usize::from(numbers.forecast.is_some());
            }
        }
    }
    assert!(forecasts > 50, "{forecasts}");
}

fn presets_and_days() -> impl Iterator<Item = (RangePreset, Date)> {
    let days = ["2026-03-25", "2026-03-02", "2020-01-01", "2032-02-29"].map(day);
    let presets = RangePreset::ALL.into_iter();
    presets.flat_map(move |preset| days.map(|day| (preset, day)))
}

async fn numbers(
    db: &TestDatabase,
    tenant: &TenantId,
    today: &str,
    preset: RangePreset,
) -> oriel_store::DashboardNumbers {
    db.whole(tenant)
        .dashboard(day(today), preset, &TaskFilter::default())
        .await
        .unwrap()
}

async fn a_tenant_without_tasks_has_a_range_of_today_alone(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let numbers = numbers(&db, &tenant, "2026-03-25", RangePreset::All).await;
    assert_eq!(numbers.range.from, day("2026-03-25"));
    assert_eq!(numbers.burn_up.points.len(), 1);
    assert_eq!(numbers.kpis.cycle_time.median_days, None);
    assert!(numbers.workload.people.is_empty());
    assert_eq!(db.whole(&tenant).latest_activity().await.unwrap(), None);
}

async fn a_week_counts_only_its_days_within_the_range(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    // The four weeks before Wednesday 2026-03-25 start on Thursday 2026-02-26.
    let tasks = vec![
        done("before", "2026-02-24T09:00:00Z", "2026-02-25T23:59:59.999Z"),
        done("first", "2026-02-24T09:00:00Z", "2026-02-26T00:00:00Z"),
        done("last", "2026-02-24T09:00:00Z", "2026-03-25T23:59:59.999Z"),
        done("after", "2026-02-24T09:00:00Z", "2026-03-26T00:00:00Z"),
    ];
    db.import(&tenant, batch(tasks)).await.unwrap();
    let numbers = numbers(&db, &tenant, "2026-03-25", RangePreset::Weeks4).await;
    let points: Vec<_> = numbers
        .throughput
        .points
        .iter()
        .map(|point| (point.from.to_string(), point.completed))
        .collect();
    let expected = [
        ("2026-02-26", 1),
        ("2026-03-02", 0),
        ("2026-03-09", 0),
        ("2026-03-16", 0),
        ("2026-03-23", 1),
    ];
    assert_eq!(points, expected.map(|(from, n)| (from.to_owned(), n)));
    assert_eq!(numbers.kpis.cycle_time.tasks, 2);
}

async fn what_comes_after_today_does_not_count_yet(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let mut tomorrow = task("tomorrow");
    tomorrow.created_at = "2026-03-26T00:00:00Z".parse().unwrap();
    let later = done("later", "2026-03-24T00:00:00Z", "2026-03-26T08:00:00Z");
    db.import(&tenant, batch(vec![tomorrow, later]))
        .await
        .unwrap();
    let numbers = numbers(&db, &tenant, "2026-03-25", RangePreset::All).await;
    let last = numbers.burn_up.points.last().unwrap();
    assert_eq!((last.scope, last.completed), (1, 0));
    assert_eq!(numbers.kpis.completed.last_7_days, 0);
    assert_eq!(numbers.kpis.open, 1);
}

async fn the_median_of_an_even_number_is_the_mean_of_the_middle_two(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let took = |id, until| done(id, "2026-03-20T00:00:00Z", until);
    let mut tasks = vec![
        took("a", "2026-03-21T00:00:00Z"),
        took("b", "2026-03-22T12:00:00Z"),
        took("c", "2026-03-20T00:00:00Z"),
        took("d", "2026-03-24T00:00:00Z"),
        took("backwards", "2026-03-19T00:00:00Z"),
    ];
    db.import(&tenant, batch(tasks.clone())).await.unwrap();
    let median = numbers(&db, &tenant, "2026-03-25", RangePreset::Weeks4).await;
    assert_eq!(median.kpis.cycle_time.median_days, Some(1.75));
    assert_eq!(median.kpis.cycle_time.tasks, 4);
    tasks.push(took("e", "2026-03-25T00:00:00Z"));
    db.import(&tenant, batch(tasks)).await.unwrap();
    let median = numbers(&db, &tenant, "2026-03-25", RangePreset::Weeks4).await;
    assert_eq!(median.kpis.cycle_time.median_days, Some(2.5));
}

async fn an_unknown_tenant_has_no_dashboard(db: TestDatabase) {
    let nobody: TenantId = "tnt_01jd8x0c6tfwasq9m2yjz0v4kb".parse().unwrap();
    let answer = db
        .whole(&nobody)
        .dashboard(middle(), RangePreset::All, &TaskFilter::default())
        .await;
    assert!(matches!(
        answer,
        Err(StoreError::NotFound { what: "tenant" })
    ));
}
