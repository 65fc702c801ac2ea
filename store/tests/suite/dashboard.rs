//! The dashboard's numbers.

use std::collections::HashMap;

use oriel_contract::{LockedFilters, ProjectId, RangePreset, TaskStatus, TenantId, UserRef};
use oriel_store::{ImportTask, StoreError, TaskQuery, TenantScope, TenantStore};

use crate::{
    harness::{TestDatabase, day},
    oracle,
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
async fn projects(store: &TenantStore<'_>) -> HashMap<String, ProjectId> {
    let page = store.projects(middle(), 50, None).await.unwrap();
    let by_name = page.items.into_iter();
    by_name
        .map(|project| (project.name.replace("Project ", "p"), project.id))
        .collect()
}

async fn every_number_is_what_plain_loops_make_of_the_same_tasks(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let batch = random(7);
    let tasks = batch.tasks.clone();
    let revision = db.import(&tenant, batch).await.unwrap().revision;
    let whole = db.whole(&tenant);
    let people = people(&whole, &tasks).await;
    let projects = projects(&whole).await;
    let one = &people["u3"];

    let scopes: [Limits; 7] = [
        (None, None, None),
        (Some(&["p0", "p2"]), None, None),
        (Some(&["p4"]), None, None),
        (Some(&[]), None, None),
        (None, Some(&[TaskStatus::Done, TaskStatus::Todo]), None),
        (None, None, Some("u3")),
        (Some(&["p1"]), Some(&[TaskStatus::Done]), Some("u3")),
    ];
    let mut compared = 0;
    for (allowed, statuses, assignee) in scopes {
        let ids = allowed.map(|names| names.iter().map(|name| projects[*name].clone()).collect());
        let locked = LockedFilters {
            status: statuses.map(<[_]>::to_vec),
            assignee: assignee.map(|_| one.id.clone()),
        };
        let scope = TenantScope::limited(tenant.clone(), ids, locked);
        for project in [None, Some("p0"), Some("p4")] {
            let seen: Vec<&ImportTask> = tasks
                .iter()
                .filter(|task| allowed.is_none_or(|names| names.contains(&task.project.as_str())))
                .filter(|task| statuses.is_none_or(|some| some.contains(&task.status)))
                .filter(|task| assignee.is_none_or(|user| task.assignee.as_deref() == Some(user)))
                .filter(|task| project.is_none_or(|name| task.project == name))
                .collect();
            for preset in RangePreset::ALL {
                for as_of in [
                    middle(),
                    day("2026-03-02"),
                    day("2020-01-01"),
                    day("2032-02-29"),
                ] {
                    let numbers = db
                        .store
                        .within(scope.clone())
                        .dashboard(as_of, preset, project.map(|name| &projects[name]))
                        .await
                        .unwrap();
                    let expected = oracle::dashboard(&seen, &people, as_of, preset, revision);
                    assert_eq!(
                        numbers, expected,
                        "{scope:?} {project:?} {preset:?} {as_of}"
                    );
                    compared += 1;
                }
            }
        }
    }
    assert_eq!(compared, 7 * 3 * 5 * 4);
}

async fn numbers(
    db: &TestDatabase,
    tenant: &TenantId,
    today: &str,
    preset: RangePreset,
) -> oriel_store::DashboardNumbers {
    db.whole(tenant)
        .dashboard(day(today), preset, None)
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
        .dashboard(middle(), RangePreset::All, None)
        .await;
    assert!(matches!(
        answer,
        Err(StoreError::NotFound { what: "tenant" })
    ));
}
