//! Imports: what is made, changed, left, and refused.

use oriel_contract::{TaskStatus, TenantId};
use oriel_store::{BatchError, ImportBatch, ImportContributor, ImportTask, StoreError, TaskQuery};

use crate::{
    harness::TestDatabase,
    sample::{batch, middle, milestone, project, random, task, user},
};

on_both_databases! {
    a_second_import_tells_new_changed_and_unchanged_apart
    a_changed_task_keeps_its_id_and_loses_its_old_details
    what_an_import_does_not_know_of_somebody_stays_as_it_was
    an_import_tells_its_progress
    an_import_makes_one_revision_and_one_event
    references_reach_what_was_imported_before
    a_failed_import_leaves_nothing
    a_batch_that_cannot_be_stored_alike_is_refused
    an_import_into_no_tenant_is_refused
}

async fn titles(db: &TestDatabase, tenant: &TenantId) -> Vec<String> {
    let query = TaskQuery {
        sort: vec![oriel_contract::TaskSort::Title],
        limit: 50,
        ..TaskQuery::default()
    };
    let page = db.whole(tenant).tasks(middle(), &query).await.unwrap();
    page.items.into_iter().map(|task| task.title).collect()
}

async fn a_second_import_tells_new_changed_and_unchanged_apart(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let first = db
        .import(&tenant, batch(vec![task("1"), task("2")]))
        .await
        .unwrap();
    assert_eq!(
        (first.tasks_created, first.users, first.projects),
        (2, 2, 1)
    );
    let mut changed = task("2");
    changed.title.push_str(" changed");
    let again = batch(vec![task("1"), changed, task("3")]);
    let second = db.import(&tenant, again).await.unwrap();
    assert_eq!(
        (
            second.tasks_created,
            second.tasks_updated,
            second.tasks_unchanged
        ),
        (1, 1, 1)
    );
    assert_eq!(
        titles(&db, &tenant).await,
        ["Task 1", "Task 2 changed", "Task 3"]
    );
    assert_eq!(db.rows("users").await, 2);
}

async fn a_changed_task_keeps_its_id_and_loses_its_old_details(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let mut before = task("1");
    before.contributors = vec![ImportContributor {
        user: "ann".to_owned(),
        hours: Some(1.0),
    }];
    db.import(&tenant, batch(vec![before])).await.unwrap();
    let stored = db.first_task(&tenant).await;
    let mut after = task("1");
    after.status = TaskStatus::Cancelled;
    after.contributors = vec![ImportContributor {
        user: "bob".to_owned(),
        hours: None,
    }];
    db.import(&tenant, batch(vec![after])).await.unwrap();
    let detail = db
        .whole(&tenant)
        .task(middle(), &stored.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(detail.task.status, TaskStatus::Cancelled);
    let names: Vec<_> = detail
        .contributors
        .iter()
        .map(|part| part.user.name.as_str())
        .collect();
    assert_eq!(names, ["Bob"]);
}

async fn what_an_import_does_not_know_of_somebody_stays_as_it_was(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let assigned = || {
        let mut task = task("1");
        task.assignee = Some("ann".to_owned());
        task
    };
    let mut first = batch(vec![assigned()]);
    first.users = vec![user("ann", "Ann Example")];
    db.import(&tenant, first.clone()).await.unwrap();

    let mut second = first.clone();
    second.users[0] = user("ann", "Person ann");
    second.users[0].has_own_name = false;
    second.users[0].email = None;
    second.projects[0] = project("P", "Project P");
    second.projects[0].has_own_name = false;
    second.users.push(user("bob", "Person bob"));
    second.users[1].has_own_name = false;
    db.import(&tenant, second).await.unwrap();

    let query = TaskQuery {
        limit: 1,
        ..TaskQuery::default()
    };
    let page = db.whole(&tenant).tasks(middle(), &query).await.unwrap();
    assert_eq!(page.items[0].assignee.as_ref().unwrap().name, "Ann Example");
    assert_eq!(page.items[0].project.name, first.projects[0].name);
    let address = "users WHERE email = 'ann@example.test' AND name = 'Ann Example'";
    assert_eq!(db.rows(address).await, 1);
    assert_eq!(db.rows("users WHERE name = 'Person bob'").await, 1);
}

async fn an_import_tells_its_progress(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let store = db.store.clone();
    let mut heard = Vec::new();
    store
        .within(oriel_store::TenantScope::whole(tenant))
        .import(&mut db.cx(), random(3), &mut |done| heard.push(done))
        .await
        .unwrap();
    assert_eq!(heard, [500, 700]);
}

async fn an_import_makes_one_revision_and_one_event(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let before = db.store.tenant_revision(&tenant).await.unwrap().unwrap();
    let outcome = db.import(&tenant, random(3)).await.unwrap();
    assert_eq!(outcome.revision, before + 1);
    assert_eq!(
        db.store.tenant_revision(&tenant).await.unwrap(),
        Some(before + 1)
    );
    let events = db.whole(&tenant).events(before, 10).await.unwrap();
    let [event] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(
        (event.kind.as_str(), event.revision),
        ("import.completed", before + 1)
    );
    let payload: serde_json::Value = serde_json::from_str(&event.payload).unwrap();
    assert_eq!(
        (&payload["source"], &payload["tasks_created"]),
        (&"random".into(), &700.into())
    );
}

async fn references_reach_what_was_imported_before(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, batch(vec![])).await.unwrap();
    let mut later = task("1");
    later.assignee = Some("ann".to_owned());
    let only_a_task = ImportBatch {
        tasks: vec![later],
        ..ImportBatch::default()
    };
    let outcome = db.import(&tenant, only_a_task).await.unwrap();
    assert_eq!((outcome.tasks_created, outcome.users), (1, 0));
}

const TABLES: [&str; 6] = [
    "users",
    "projects",
    "tasks",
    "task_status_history",
    "task_contributors",
    "events",
];

async fn a_failed_import_leaves_nothing(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, batch(vec![task("1")])).await.unwrap();
    let revision = db.store.tenant_revision(&tenant).await.unwrap();
    let mut rows = Vec::new();
    for table in TABLES {
        rows.push(db.rows(table).await);
    }
    // The last of 700 is wrong, so that most of the batch is written before.
    let mut wrong = random(3);
    wrong.tasks[699].project = String::from("nowhere");
    let error = db.import(&tenant, wrong).await.unwrap_err();
    let StoreError::Batch(fault) = error else {
        panic!("{error:?}")
    };
    let expected = BatchError::UnknownProject {
        what: "task",
        external_id: "T-699".to_owned(),
        project: "nowhere".to_owned(),
    };
    assert_eq!(fault, expected);
    assert_eq!(db.store.tenant_revision(&tenant).await.unwrap(), revision);
    for (table, rows) in TABLES.into_iter().zip(rows) {
        assert_eq!(db.rows(table).await, rows, "{table}");
    }
    assert_eq!(titles(&db, &tenant).await, ["Task 1"]);
}

async fn a_batch_that_cannot_be_stored_alike_is_refused(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let with = |change: fn(&mut ImportTask)| {
        let mut task = task("1");
        change(&mut task);
        batch(vec![task])
    };
    let mut twins = batch(vec![]);
    twins.users.push(user("ann", "Another Ann"));
    let batches = [
        with(|task| task.title.clear()),
        with(|task| task.title.push('\0')),
        with(|task| task.title = "x".repeat(501)),
        with(|task| task.external_id.clear()),
        with(|task| task.estimate_hours = Some(f64::NAN)),
        with(|task| task.estimate_hours = Some(-1.0)),
        with(|task| task.depends_on = vec!["1".to_owned()]),
        with(|task| task.depends_on = vec!["nothing".to_owned()]),
        with(|task| task.depends_on = (0..51).map(|n| n.to_string()).collect()),
        with(|task| task.assignee = Some("nobody".to_owned())),
        with(|task| {
            task.contributors = vec![ImportContributor {
                user: "nobody".to_owned(),
                hours: None,
            }];
        }),
        batch(vec![task("1"), task("1")]),
        twins,
        milestones(&[("M1", "P"), ("M1", "P")]),
        milestones(&[("M1", "nowhere")]),
        milestones(&[("", "P")]),
    ];
    for batch in batches {
        let answer = db.import(&tenant, batch.clone()).await;
        assert!(matches!(answer, Err(StoreError::Batch(_))), "{answer:?}");
    }
    assert_eq!(db.rows("users").await, 0);
}

fn milestones(of: &[(&str, &str)]) -> ImportBatch {
    let mut batch = batch(vec![task("1")]);
    let each = of.iter().map(|(id, project)| milestone(id, project));
    batch.milestones.extend(each);
    batch
}

async fn an_import_into_no_tenant_is_refused(mut db: TestDatabase) {
    let nobody: TenantId = "tnt_01jd8x0c6tfwasq9m2yjz0v4kb".parse().unwrap();
    let answer = db.import(&nobody, batch(vec![])).await;
    assert!(matches!(
        answer,
        Err(StoreError::NotFound { what: "tenant" })
    ));
}
