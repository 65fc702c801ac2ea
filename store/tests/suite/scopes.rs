//! Scopes: nobody sees what is not theirs, on any query.

use oriel_contract::{LockedFilters, ProjectId, RangePreset, Task, TaskStatus, TenantId};
use oriel_store::{ImportBatch, ImportTask, StoreError, TaskFilter, TaskQuery, TenantScope};

use crate::{
    harness::TestDatabase,
    sample::{batch, middle, project, task},
};

on_both_databases! {
    tenants_with_the_same_external_ids_never_see_each_other
    a_scope_of_projects_holds_on_every_query
    locked_filters_hold_on_every_query
    a_filter_cannot_reach_beyond_the_scope
    a_narrow_scope_cannot_write
    a_row_cannot_point_into_another_tenant
}

async fn tasks(db: &TestDatabase, scope: &TenantScope) -> Vec<Task> {
    let query = TaskQuery {
        limit: 200,
        ..TaskQuery::default()
    };
    let page = db
        .store
        .within(scope.clone())
        .tasks(middle(), &query)
        .await
        .unwrap();
    assert_eq!(page.total, page.items.len() as u64);
    page.items
}

/// What every query shows under the scope: tasks listed, tasks counted by the
/// dashboard, tasks counted by projects (cancelled ones aside), projects.
async fn seen(db: &TestDatabase, scope: &TenantScope) -> (usize, u64, u64, usize) {
    let store = db.store.within(scope.clone());
    let listed = tasks(db, scope).await;
    let numbers = store
        .dashboard(middle(), RangePreset::All, &TaskFilter::default())
        .await
        .unwrap();
    let counted = numbers.statuses.iter().map(|status| status.tasks).sum();
    let projects = store.projects(middle(), 50, None).await.unwrap().items;
    let in_projects = projects.iter().map(|project| project.tasks).sum();
    (listed.len(), counted, in_projects, projects.len())
}

pub fn two_projects() -> ImportBatch {
    let of =
        |id: &str, project: &str, status, assignee: Option<&str>, labels: &[&str]| ImportTask {
            project: project.to_owned(),
            status,
            assignee: assignee.map(str::to_owned),
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            ..task(id)
        };
    let mut batch = batch(vec![
        of("1", "P", TaskStatus::Todo, Some("ann"), &["road"]),
        of("2", "P", TaskStatus::Done, Some("ann"), &["road", "night"]),
        of("3", "P", TaskStatus::Done, Some("bob"), &["night"]),
        of("4", "Q", TaskStatus::Blocked, None, &["harbour"]),
        of("5", "Q", TaskStatus::Done, Some("ann"), &[]),
    ]);
    batch.projects.push(project("Q", "Quay"));
    batch
}

pub async fn project_named(db: &TestDatabase, tenant: &TenantId, name: &str) -> ProjectId {
    let page = db.whole(tenant).projects(middle(), 50, None).await.unwrap();
    let mut projects = page.items.into_iter();
    projects.find(|project| project.name == name).unwrap().id
}

/// Neither the task itself nor its history comes through the scope.
async fn assert_hidden(db: &TestDatabase, scope: &TenantScope, task: &Task) {
    let detail = db
        .store
        .within(scope.clone())
        .task(middle(), &task.id)
        .await
        .unwrap();
    assert_eq!(detail, None);
}

async fn tenants_with_the_same_external_ids_never_see_each_other(mut db: TestDatabase) {
    let acme = db.tenant("Acme").await;
    let other = db.tenant("Other").await;
    db.import(&acme, two_projects()).await.unwrap();
    let mut theirs = two_projects();
    theirs.tasks.truncate(2);
    for task in &mut theirs.tasks {
        task.title.push_str(" of the other");
    }
    theirs.users[0].name = String::from("Other Ann");
    let outcome = db.import(&other, theirs).await.unwrap();
    assert_eq!(outcome.tasks_created, 2);

    let (acme, other) = (TenantScope::whole(acme), TenantScope::whole(other));
    assert_eq!(seen(&db, &acme).await, (5, 5, 5, 2));
    assert_eq!(seen(&db, &other).await, (2, 2, 2, 2));
    for (task, reader) in tasks(&db, &acme)
        .await
        .iter()
        .map(|task| (task, &other))
        .chain(tasks(&db, &other).await.iter().map(|task| (task, &acme)))
    {
        assert_hidden(&db, reader, task).await;
    }
    for task in tasks(&db, &acme).await {
        assert!(!task.title.contains("other"));
        assert!(task.assignee.is_none_or(|user| user.name != "Other Ann"));
    }
}

async fn a_scope_of_projects_holds_on_every_query(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, two_projects()).await.unwrap();
    let quay = project_named(&db, &tenant, "Quay").await;
    let limited =
        |projects| TenantScope::limited(tenant.clone(), projects, LockedFilters::default());
    assert_eq!(seen(&db, &limited(Some(vec![quay]))).await, (2, 2, 2, 1));
    assert_eq!(seen(&db, &limited(Some(vec![]))).await, (0, 0, 0, 0));
    assert_eq!(seen(&db, &limited(None)).await, (5, 5, 5, 2));
    for task in tasks(&db, &limited(None)).await {
        assert_hidden(&db, &limited(Some(vec![])), &task).await;
    }
}

async fn locked_filters_hold_on_every_query(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, two_projects()).await.unwrap();
    let whole = TenantScope::whole(tenant.clone());
    let all = tasks(&db, &whole).await;
    let ann = all
        .iter()
        .filter_map(|task| task.assignee.clone())
        .find(|user| user.name == "Ann")
        .unwrap();
    let locked = |status, assignee| {
        let locked = LockedFilters {
            status,
            assignee,
            ..LockedFilters::default()
        };
        TenantScope::limited(tenant.clone(), None, locked)
    };
    let done = locked(Some(vec![TaskStatus::Done]), None);
    let anns = locked(None, Some(ann.id.clone()));
    let both = locked(Some(vec![TaskStatus::Done]), Some(ann.id));
    assert_eq!(seen(&db, &done).await, (3, 3, 3, 2));
    assert_eq!(seen(&db, &anns).await, (3, 3, 3, 2));
    assert_eq!(seen(&db, &both).await, (2, 2, 2, 2));
    assert_eq!(seen(&db, &locked(Some(vec![]), None)).await, (0, 0, 0, 2));
    for task in all.iter().filter(|task| task.status != TaskStatus::Done) {
        assert_hidden(&db, &done, task).await;
    }
}

async fn a_filter_cannot_reach_beyond_the_scope(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, two_projects()).await.unwrap();
    let paving = project_named(&db, &tenant, "Paving").await;
    let quay = project_named(&db, &tenant, "Quay").await;
    let scope = TenantScope::limited(tenant, Some(vec![quay]), LockedFilters::default());
    let store = db.store.within(scope);
    let query = TaskQuery {
        filter: TaskFilter {
            projects: vec![paving.clone()],
            ..TaskFilter::default()
        },
        limit: 10,
        ..TaskQuery::default()
    };
    assert_eq!(store.tasks(middle(), &query).await.unwrap().total, 0);
    let numbers = store
        .dashboard(middle(), RangePreset::All, &query.filter)
        .await
        .unwrap();
    assert!(numbers.statuses.iter().all(|status| status.tasks == 0));
}

async fn a_narrow_scope_cannot_write(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let scope = TenantScope::limited(tenant, Some(vec![]), LockedFilters::default());
    let store = db.store.clone();
    let narrow = store.within(scope);
    let answer = narrow
        .import(&mut db.cx(), two_projects(), &mut |_| {})
        .await;
    assert!(matches!(answer, Err(StoreError::ScopeTooNarrow)));
    assert!(matches!(
        narrow.events(0, 1).await,
        Err(StoreError::ScopeTooNarrow)
    ));
}

async fn a_row_cannot_point_into_another_tenant(mut db: TestDatabase) {
    let acme = db.tenant("Acme").await;
    let other = db.tenant("Other").await;
    db.import(&acme, two_projects()).await.unwrap();
    db.import(&other, two_projects()).await.unwrap();
    let theirs = project_named(&db, &other, "Quay").await;
    let moved = format!("UPDATE tasks SET project_id = '{theirs}' WHERE tenant_id = '{acme}'");
    let error = db.execute(&moved).await.unwrap_err();
    assert!(
        error
            .as_database_error()
            .unwrap()
            .is_foreign_key_violation()
    );
}
