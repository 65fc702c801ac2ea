//! Plans: who sees which part of a timeline, and how it is imported.

use jiff::ToSpan;
use oriel_contract::{
    LockedFilters, Milestone, ProjectId, RangePreset, TaskId, TaskStatus, TenantId,
};
use oriel_store::{ImportBatch, ImportTask, TaskQuery, TenantScope};

use crate::{
    harness::TestDatabase,
    sample::{batch, middle, milestone, task},
    scopes::{project_named, two_projects},
    timeline::{query, timeline},
};

on_both_databases! {
    milestones_beyond_two_hundred_are_left_out
    a_timeline_shows_what_its_scope_does
    a_project_out_of_sight_has_no_timeline
    tasks_that_wait_for_each_other_are_told_as_they_are
    an_import_that_comes_again_moves_milestones_and_dependencies
    a_dependency_cannot_point_into_another_tenant
}

async fn milestones_beyond_two_hundred_are_left_out(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let mut many = batch(vec![task("1")]);
    for n in 0..205_i64 {
        let mut it = milestone(&n.to_string(), "P");
        it.due_on = middle() + n.days();
        many.milestones.push(it);
    }
    db.import(&tenant, many).await.unwrap();
    let project = project_named(&db, &tenant, "Paving").await;
    let query = query(&project, RangePreset::Weeks4);
    let found = timeline(&db, &TenantScope::whole(tenant), &query).await;
    assert_eq!(found.milestones.len(), 200);
    assert_eq!(found.to, middle() + 199.days());
}

/// Two projects whose tasks wait for each other: 1 and 5 for all the others of
/// theirs, and 2 for 4 of the other project.
fn waiting() -> ImportBatch {
    let mut batch = two_projects();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    batch.tasks[0].depends_on = names(&["2", "3", "4"]);
    batch.tasks[1].depends_on = names(&["4"]);
    batch.tasks[4].depends_on = names(&["4"]);
    batch.milestones = vec![milestone("M1", "P"), milestone("M2", "Q")];
    batch
}

/// The bars of a project, each as `Task 1 < Task 2, Task 3`.
async fn seen(db: &TestDatabase, scope: &TenantScope, project: &ProjectId) -> Vec<String> {
    let list = TaskQuery {
        limit: 50,
        ..TaskQuery::default()
    };
    let tenant = scope.tenant();
    let all = db.whole(tenant).tasks(middle(), &list).await.unwrap();
    let title = |id: &TaskId| {
        let mut tasks = all.items.iter();
        tasks.find(|task| task.id == *id).unwrap().title.clone()
    };
    let found = timeline(db, scope, &query(project, RangePreset::All)).await;
    let bars = found.tasks.iter().map(|bar| {
        let mut waits_for: Vec<_> = bar.depends_on.iter().map(&title).collect();
        waits_for.sort();
        format!("{} < {}", bar.title, waits_for.join(", "))
    });
    let mut bars: Vec<_> = bars.collect();
    bars.sort();
    bars.extend(found.milestones.into_iter().map(|each| each.name));
    bars
}

async fn a_timeline_shows_what_its_scope_does(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, waiting()).await.unwrap();
    let paving = project_named(&db, &tenant, "Paving").await;
    let quay = project_named(&db, &tenant, "Quay").await;
    let limited = |projects: &[&ProjectId], locked| {
        let projects = projects.iter().map(|id| (*id).clone()).collect();
        TenantScope::limited(tenant.clone(), Some(projects), locked)
    };
    let none = LockedFilters::default();
    let done = LockedFilters {
        status: Some(vec![TaskStatus::Done]),
        ..LockedFilters::default()
    };
    let people = db.whole(&tenant).people(None, 9, None).await.unwrap();
    let bobs = LockedFilters {
        assignee: Some(people.items[1].user.id.clone()),
        ..LockedFilters::default()
    };
    for (scope, project, expected) in [
        (
            limited(&[&paving, &quay], none.clone()),
            &paving,
            vec![
                "Task 1 < Task 2, Task 3, Task 4",
                "Task 2 < Task 4",
                "Task 3 < ",
                "Milestone M1",
            ],
        ),
        (
            limited(&[&paving], none),
            &paving,
            vec![
                "Task 1 < Task 2, Task 3",
                "Task 2 < ",
                "Task 3 < ",
                "Milestone M1",
            ],
        ),
        (
            limited(&[&quay], done.clone()),
            &quay,
            vec!["Task 5 < ", "Milestone M2"],
        ),
        (
            limited(&[&paving, &quay], done),
            &paving,
            vec!["Task 2 < ", "Task 3 < ", "Milestone M1"],
        ),
        (
            limited(&[&paving], bobs),
            &paving,
            vec!["Task 3 < ", "Milestone M1"],
        ),
    ] {
        assert_eq!(seen(&db, &scope, project).await, expected, "{scope:?}");
    }
}

async fn a_project_out_of_sight_has_no_timeline(mut db: TestDatabase) {
    let acme = db.tenant("Acme").await;
    let other = db.tenant("Other").await;
    db.import(&acme, waiting()).await.unwrap();
    db.import(&other, waiting()).await.unwrap();
    let paving = project_named(&db, &acme, "Paving").await;
    let quay = project_named(&db, &acme, "Quay").await;
    let limited = |tenant: &TenantId, projects| {
        TenantScope::limited(tenant.clone(), projects, LockedFilters::default())
    };
    for scope in [
        limited(&other, None),
        limited(&other, Some(vec![paving.clone()])),
        limited(&acme, Some(vec![])),
        limited(&acme, Some(vec![quay])),
    ] {
        let store = db.store.within(scope);
        let query = query(&paving, RangePreset::All);
        assert_eq!(store.timeline(middle(), &query).await.unwrap(), None);
    }
}

/// Tasks of project `P`, each with what it waits for.
fn chain(links: &[(&str, &[&str])]) -> Vec<ImportTask> {
    let of = |(id, waits_for): &(&str, &[&str])| ImportTask {
        depends_on: waits_for.iter().map(|name| (*name).to_owned()).collect(),
        ..task(id)
    };
    links.iter().map(of).collect()
}

async fn tasks_that_wait_for_each_other_are_told_as_they_are(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let circle = chain(&[("1", &["2", "2"]), ("2", &["3"]), ("3", &["1"])]);
    db.import(&tenant, batch(circle)).await.unwrap();
    let project = project_named(&db, &tenant, "Paving").await;
    let scope = TenantScope::whole(tenant);
    assert_eq!(
        seen(&db, &scope, &project).await,
        ["Task 1 < Task 2", "Task 2 < Task 3", "Task 3 < Task 1"]
    );
}

async fn an_import_that_comes_again_moves_milestones_and_dependencies(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let scope = TenantScope::whole(tenant.clone());
    let mut first = batch(chain(&[("1", &[]), ("2", &["1"]), ("3", &["1", "2"])]));
    first.milestones = vec![milestone("M1", "P"), milestone("M2", "P")];
    let outcome = db.import(&tenant, first.clone()).await.unwrap();
    assert_eq!((outcome.tasks_created, outcome.milestones), (3, 2));
    let project = project_named(&db, &tenant, "Paving").await;
    let milestones = async |db: &TestDatabase| {
        let query = query(&project, RangePreset::All);
        timeline(db, &scope, &query).await.milestones
    };
    let before = milestones(&db).await;

    let again = db.import(&tenant, first).await.unwrap();
    assert_eq!(again.tasks_unchanged, 3);
    assert_eq!(milestones(&db).await, before);

    // One that is stored may be waited for without coming again.
    let mut second = batch(chain(&[("3", &["1"]), ("4", &["2"])]));
    let mut moved = milestone("M1", "P");
    moved.name.push_str(" moved");
    moved.reached_on = Some(middle());
    second.milestones = vec![moved];
    let outcome = db.import(&tenant, second).await.unwrap();
    assert_eq!((outcome.tasks_created, outcome.tasks_updated), (1, 1));
    assert_eq!(
        seen(&db, &scope, &project).await[..4],
        [
            "Task 1 < ",
            "Task 2 < Task 1",
            "Task 3 < Task 1",
            "Task 4 < Task 2"
        ]
    );
    let after = milestones(&db).await;
    let ids = |all: &[Milestone]| all.iter().map(|each| each.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&after), ids(&before));
    let moved = after.iter().find(|each| each.name == "Milestone M1 moved");
    assert_eq!(moved.unwrap().reached, Some(middle()));
    assert_eq!(db.rows("milestones").await, 2);
}

async fn a_dependency_cannot_point_into_another_tenant(mut db: TestDatabase) {
    let acme = db.tenant("Acme").await;
    let other = db.tenant("Other").await;
    db.import(&acme, batch(chain(&[("1", &[]), ("2", &["1"])])))
        .await
        .unwrap();
    db.import(&other, batch(vec![task("1")])).await.unwrap();
    let theirs = db.first_task(&other).await.id;
    for statement in [
        format!("UPDATE task_dependencies SET predecessor_id = '{theirs}'"),
        format!("UPDATE task_dependencies SET tenant_id = '{other}'"),
    ] {
        let error = db.execute(&statement).await.unwrap_err();
        let error = error.as_database_error().unwrap();
        assert!(error.is_foreign_key_violation(), "{statement}");
    }
    let itself = "UPDATE task_dependencies SET predecessor_id = task_id";
    let error = db.execute(itself).await.unwrap_err();
    assert!(error.as_database_error().unwrap().is_check_violation());
}
