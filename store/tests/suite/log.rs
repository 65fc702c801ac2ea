//! The event log as a scope may look at it: told of what it sees, and of no more.

use oriel_contract::{LockedFilters, ProjectId, TaskStatus, TenantId};
use oriel_store::{LogView, TenantScope};

use crate::{
    harness::TestDatabase,
    sample::{batch, middle, project, task},
};

on_both_databases! {
    the_whole_scope_hears_of_every_change_to_data_and_of_nothing_else
    a_narrow_scope_hears_of_its_projects_their_tasks_and_imports
    a_look_goes_on_where_the_last_one_ended
    a_long_log_is_looked_through_from_its_end_only
}

/// Two projects with a task each; the ids of both.
async fn two_projects(db: &mut TestDatabase) -> (TenantId, [ProjectId; 2]) {
    let tenant = db.tenant("Acme").await;
    let mut both = batch(vec![task("1"), task("2")]);
    both.projects = vec![project("P", "Paving"), project("Q", "Quay")];
    "Q".clone_into(&mut both.tasks[1].project);
    db.import(&tenant, both).await.unwrap();
    let page = db
        .whole(&tenant)
        .projects(middle(), 50, None)
        .await
        .unwrap();
    let ids: Vec<ProjectId> = page.items.into_iter().map(|project| project.id).collect();
    (tenant, ids.try_into().unwrap())
}

async fn task_of(db: &TestDatabase, tenant: &TenantId, project: &ProjectId) -> String {
    let scope = TenantScope::limited(
        tenant.clone(),
        Some(vec![project.clone()]),
        LockedFilters::default(),
    );
    let query = oriel_store::TaskQuery {
        limit: 1,
        ..oriel_store::TaskQuery::default()
    };
    let page = db
        .store
        .within(scope)
        .tasks(middle(), &query)
        .await
        .unwrap();
    page.items[0].id.to_string()
}

/// Appends entries as writes do that there are none of yet; gives the last place.
async fn append(
    db: &TestDatabase,
    tenant: &TenantId,
    kind: &str,
    subject: &str,
    count: u64,
) -> u64 {
    let head = look(db, &TenantScope::whole(tenant.clone()), 0)
        .await
        .head
        .seq;
    let rows: Vec<String> = (head + 1..=head + count)
        .map(|seq| {
            format!(
                "('{tenant}', {seq}, '{tenant}-{seq}', {seq}, '{kind}', '{subject}', '{{}}', 0)"
            )
        })
        .collect();
    let insert =
        "INSERT INTO events (tenant_id, seq, id, revision, kind, subject, payload, at) VALUES";
    db.execute(&format!("{insert} {}", rows.join(", ")))
        .await
        .unwrap();
    head + count
}

async fn look(db: &TestDatabase, scope: &TenantScope, after: u64) -> LogView {
    db.store
        .within(scope.clone())
        .look_through(after)
        .await
        .unwrap()
}

/// The place of the newest change after `after`.
async fn heard(db: &TestDatabase, scope: &TenantScope, after: u64) -> Option<u64> {
    let change = look(db, scope, after).await.change?;
    assert_eq!(change.seq, change.revision);
    Some(change.seq)
}

async fn the_whole_scope_hears_of_every_change_to_data_and_of_nothing_else(mut db: TestDatabase) {
    let empty = db.tenant("Empty").await;
    let view = look(&db, &TenantScope::whole(empty), 0).await;
    assert_eq!(
        (view.head.seq, view.change),
        (1, None),
        "it was made, and that is all"
    );

    let (tenant, [paving, _]) = two_projects(&mut db).await;
    let whole = TenantScope::whole(tenant.clone());
    let import = look(&db, &whole, 0).await.head.seq;
    assert_eq!(heard(&db, &whole, 0).await, Some(import));
    for kind in [
        "client.created",
        "embed.created",
        "key.rotated",
        "tenant.created",
    ] {
        append(&db, &tenant, kind, "x", 1).await;
    }
    assert_eq!(heard(&db, &whole, import).await, None);
    let place = append(&db, &tenant, "project.renamed", paving.as_str(), 1).await;
    assert_eq!(heard(&db, &whole, import).await, Some(place));
    let task = task_of(&db, &tenant, &paving).await;
    let place = append(&db, &tenant, "task.updated", &task, 1).await;
    assert_eq!(heard(&db, &whole, import).await, Some(place));
}

async fn a_narrow_scope_hears_of_its_projects_their_tasks_and_imports(mut db: TestDatabase) {
    let (tenant, [paving, quay]) = two_projects(&mut db).await;
    let (theirs, _) = two_projects(&mut db).await;
    let scope = |projects: &[&ProjectId], locked| {
        let projects = projects.iter().map(|id| (*id).clone()).collect();
        TenantScope::limited(tenant.clone(), Some(projects), locked)
    };
    let narrow = scope(&[&quay], LockedFilters::default());
    let nothing = scope(&[], LockedFilters::default());
    let done = LockedFilters {
        status: Some(vec![TaskStatus::Done]),
        ..LockedFilters::default()
    };
    let locked = scope(&[&quay], done);
    let other = TenantScope::whole(theirs.clone());
    let import = look(&db, &narrow, 0).await.head.seq;
    let their_import = look(&db, &other, 0).await.head.seq;
    assert_eq!(heard(&db, &narrow, 0).await, Some(import));

    let paving_task = task_of(&db, &tenant, &paving).await;
    let quay_task = task_of(&db, &tenant, &quay).await;
    append(&db, &tenant, "project.renamed", paving.as_str(), 1).await;
    append(&db, &tenant, "task.updated", &paving_task, 1).await;
    assert_eq!(heard(&db, &narrow, import).await, None);
    let place = append(&db, &tenant, "project.renamed", quay.as_str(), 1).await;
    assert_eq!(heard(&db, &narrow, import).await, Some(place));
    let place = append(&db, &tenant, "task.updated", &quay_task, 1).await;
    assert_eq!(heard(&db, &narrow, import).await, Some(place));
    // The task may have been one of those until now.
    assert_eq!(heard(&db, &locked, import).await, Some(place));
    assert_eq!(heard(&db, &nothing, import).await, None);
    // An entry that names another tenant's task is about nothing of theirs.
    append(&db, &theirs, "task.updated", &quay_task, 1).await;
    assert_eq!(heard(&db, &other, their_import).await, None);
    assert_eq!(heard(&db, &narrow, place).await, None);
}

async fn a_look_goes_on_where_the_last_one_ended(mut db: TestDatabase) {
    let (tenant, [paving, _]) = two_projects(&mut db).await;
    let whole = TenantScope::whole(tenant.clone());
    let first = look(&db, &whole, 0).await;
    assert_eq!(first.floor, 0);
    let same = look(&db, &whole, first.head.seq).await;
    assert_eq!(
        (same.head, same.floor, same.change),
        (first.head, first.head.seq, None)
    );
    let beyond = look(&db, &whole, u64::MAX).await;
    assert_eq!((beyond.floor, beyond.change), (first.head.seq, None));
    let place = append(&db, &tenant, "project.renamed", paving.as_str(), 3).await;
    let next = look(&db, &whole, first.head.seq).await;
    assert_eq!((next.head.seq, next.floor), (place, first.head.seq));
    assert_eq!(next.change, Some(next.head));
}

async fn a_long_log_is_looked_through_from_its_end_only(mut db: TestDatabase) {
    let (tenant, [paving, quay]) = two_projects(&mut db).await;
    let narrow = TenantScope::limited(
        tenant.clone(),
        Some(vec![quay.clone()]),
        LockedFilters::default(),
    );
    let place = append(&db, &tenant, "project.renamed", quay.as_str(), 1).await;
    append(&db, &tenant, "project.renamed", paving.as_str(), 999).await;
    let view = look(&db, &narrow, 0).await;
    assert_eq!(view.floor, place - 1);
    assert_eq!(view.change.map(|change| change.seq), Some(place));
    append(&db, &tenant, "project.renamed", paving.as_str(), 1).await;
    let view = look(&db, &narrow, 0).await;
    assert_eq!((view.floor, view.change), (place, None));
}
