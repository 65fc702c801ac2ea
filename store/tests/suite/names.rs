//! People and labels: by name, and only those of the scope.

use std::collections::BTreeMap;

use oriel_contract::{Label, LockedFilters, Person, TaskStatus, TenantId};
use oriel_store::{AssigneeFilter, TaskFilter, TaskQuery, TenantScope, TenantStore};

use crate::{
    harness::TestDatabase,
    sample::{batch, middle, random, task, user},
    scopes::{project_named, two_projects},
};

on_both_databases! {
    people_and_labels_agree_with_plain_loops
    people_and_labels_page_by_name
    people_and_labels_are_found_by_a_part_of_their_names
    people_and_labels_are_those_of_the_scopes_tasks
    locked_filters_hold_for_people_and_labels
    tenants_with_the_same_names_never_see_each_others_people_or_labels
    a_changed_task_loses_its_old_labels
    long_names_that_begin_alike_page_without_skip_or_repeat
}

pub async fn people(store: &TenantStore<'_>, q: Option<&str>) -> Vec<Person> {
    let mut people = Vec::new();
    let mut cursor = None;
    loop {
        let page = store.people(q, 2, cursor.as_deref()).await.unwrap();
        people.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return people;
        }
    }
}

pub async fn labels(store: &TenantStore<'_>, q: Option<&str>) -> Vec<Label> {
    let mut labels = Vec::new();
    let mut cursor = None;
    loop {
        let page = store.labels(q, 2, cursor.as_deref()).await.unwrap();
        labels.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return labels;
        }
    }
}

/// Each with its count, as `Ann 1`.
async fn seen(db: &TestDatabase, scope: &TenantScope) -> (Vec<String>, Vec<String>) {
    let store = db.store.within(scope.clone());
    let people = people(&store, None).await.into_iter();
    let people = people.map(|person| format!("{} {}", person.user.name, person.open));
    let labels = labels(&store, None).await.into_iter();
    let labels = labels.map(|label| format!("{} {}", label.name, label.tasks));
    (people.collect(), labels.collect())
}

fn words(people: &[&str], labels: &[&str]) -> (Vec<String>, Vec<String>) {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    (owned(people), owned(labels))
}

async fn people_and_labels_agree_with_plain_loops(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let batch = random(31);
    db.import(&tenant, batch.clone()).await.unwrap();
    let mut open = BTreeMap::new();
    let mut used: BTreeMap<&str, u64> = BTreeMap::new();
    for task in &batch.tasks {
        if let Some(assignee) = &task.assignee {
            *open.entry(assignee.as_str()).or_default() += u64::from(task.status.is_open());
        }
        let names: std::collections::BTreeSet<_> = task.labels.iter().collect();
        for name in names {
            *used.entry(name).or_default() += 1;
        }
    }
    let name_of = |id: &str| {
        let mut users = batch.users.iter();
        users
            .find(|user| user.external_id == id)
            .unwrap()
            .name
            .clone()
    };
    let mut expected: Vec<(String, u64)> = open
        .into_iter()
        .map(|(id, open)| (name_of(id), open))
        .collect();
    expected.sort_unstable();

    let store = db.whole(&tenant);
    let found = people(&store, None).await;
    let key = |person: &Person| (person.user.name.clone(), person.user.id.clone());
    assert!(found.is_sorted_by_key(key));
    let mut found: Vec<_> = found.into_iter().map(|p| (p.user.name, p.open)).collect();
    // Some have one name: those are in the order of ids, which a loop cannot know.
    found.sort_unstable();
    assert_eq!(found, expected);

    let found = labels(&store, None).await;
    let found: Vec<_> = found.iter().map(|l| (l.name.as_str(), l.tasks)).collect();
    assert_eq!(found, used.into_iter().collect::<Vec<_>>());
}

async fn people_and_labels_page_by_name(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, two_projects()).await.unwrap();
    // Pages are of two each.
    let expected = words(&["Ann 1", "Bob 0"], &["harbour 1", "night 2", "road 2"]);
    assert_eq!(seen(&db, &TenantScope::whole(tenant)).await, expected);
}

async fn people_and_labels_are_found_by_a_part_of_their_names(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let mut some = two_projects();
    "Ánn 100%".clone_into(&mut some.users[0].name);
    some.tasks[0].labels = vec!["Road_works".to_owned()];
    db.import(&tenant, some).await.unwrap();
    let store = db.whole(&tenant);
    for (q, found) in [
        ("100%", 1),
        ("ÁNN", 1),
        ("ánn", 0),
        ("BOB", 1),
        ("_", 0),
        ("x", 0),
    ] {
        assert_eq!(people(&store, Some(q)).await.len(), found, "{q}");
    }
    for (q, found) in [("ROAD", 2), ("d_w", 1), ("%", 0), ("our", 1), ("\\", 0)] {
        assert_eq!(labels(&store, Some(q)).await.len(), found, "{q}");
    }
}

async fn people_and_labels_are_those_of_the_scopes_tasks(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, two_projects()).await.unwrap();
    let quay = project_named(&db, &tenant, "Quay").await;
    let paving = project_named(&db, &tenant, "Paving").await;
    let limited =
        |projects| TenantScope::limited(tenant.clone(), Some(projects), LockedFilters::default());
    for (projects, expected) in [
        (vec![quay], words(&["Ann 0"], &["harbour 1"])),
        (
            vec![paving],
            words(&["Ann 1", "Bob 0"], &["night 2", "road 2"]),
        ),
        (vec![], words(&[], &[])),
    ] {
        assert_eq!(seen(&db, &limited(projects)).await, expected);
    }
}

async fn locked_filters_hold_for_people_and_labels(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, two_projects()).await.unwrap();
    let store = db.whole(&tenant);
    let bob = people(&store, Some("Bob")).await.remove(0).user.id;
    let locked = |status, assignee| {
        let locked = LockedFilters {
            status,
            assignee,
            ..LockedFilters::default()
        };
        TenantScope::limited(tenant.clone(), None, locked)
    };
    let todo = Some(vec![TaskStatus::Todo]);
    for (scope, expected) in [
        (locked(todo.clone(), None), words(&["Ann 1"], &["road 1"])),
        (
            locked(None, Some(bob.clone())),
            words(&["Bob 0"], &["night 1"]),
        ),
        (locked(todo, Some(bob)), words(&[], &[])),
    ] {
        assert_eq!(seen(&db, &scope).await, expected);
    }
}

/// How many tasks of the tenant the filter keeps.
async fn total(db: &TestDatabase, tenant: &TenantId, filter: TaskFilter) -> u64 {
    let query = TaskQuery {
        filter,
        limit: 1,
        ..TaskQuery::default()
    };
    let page = db.whole(tenant).tasks(middle(), &query).await.unwrap();
    page.total
}

async fn tenants_with_the_same_names_never_see_each_others_people_or_labels(mut db: TestDatabase) {
    let acme = db.tenant("Acme").await;
    let other = db.tenant("Other").await;
    db.import(&acme, two_projects()).await.unwrap();
    let mut theirs = two_projects();
    theirs.tasks.truncate(2);
    theirs.tasks[1].labels = vec!["road".to_owned(), "theirs".to_owned()];
    db.import(&other, theirs).await.unwrap();

    let expected = words(&["Ann 1"], &["road 2", "theirs 1"]);
    assert_eq!(
        seen(&db, &TenantScope::whole(other.clone())).await,
        expected
    );
    let expected = words(&["Ann 1", "Bob 0"], &["harbour 1", "night 2", "road 2"]);
    assert_eq!(seen(&db, &TenantScope::whole(acme.clone())).await, expected);

    // The same name is another label and another person in each.
    let road = labels(&db.whole(&other), Some("road")).await.remove(0).id;
    let ann = people(&db.whole(&other), None).await.remove(0).user.id;
    let labelled = TaskFilter {
        labels: vec![road],
        ..TaskFilter::default()
    };
    let assigned = TaskFilter {
        assignees: vec![AssigneeFilter::User(ann)],
        ..TaskFilter::default()
    };
    assert_eq!(total(&db, &other, labelled.clone()).await, 2);
    assert_eq!(total(&db, &acme, labelled).await, 0);
    assert_eq!(total(&db, &other, assigned.clone()).await, 2);
    assert_eq!(total(&db, &acme, assigned).await, 0);
}

async fn a_changed_task_loses_its_old_labels(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let labelled = |labels: &[&str]| {
        let mut task = task("1");
        task.labels = labels.iter().map(|label| (*label).to_owned()).collect();
        batch(vec![task])
    };
    let scope = TenantScope::whole(tenant.clone());
    db.import(&tenant, labelled(&["old", "kept", "kept"]))
        .await
        .unwrap();
    assert_eq!(seen(&db, &scope).await.1, ["kept 1", "old 1"]);
    let before = labels(&db.whole(&tenant), Some("kept")).await;
    db.import(&tenant, labelled(&["kept", "new"]))
        .await
        .unwrap();
    assert_eq!(seen(&db, &scope).await.1, ["kept 1", "new 1"]);
    assert_eq!(labels(&db.whole(&tenant), Some("kept")).await, before);
    let again = db
        .import(&tenant, labelled(&["kept", "new"]))
        .await
        .unwrap();
    assert_eq!(again.tasks_unchanged, 1);
}

async fn long_names_that_begin_alike_page_without_skip_or_repeat(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let long = |n: usize| format!("{}{n}", "日".repeat(150));
    let mut batch = batch((0..5).map(|n| task(&n.to_string())).collect());
    batch.users = (0..5).map(|n| user(&n.to_string(), &long(n))).collect();
    for (n, task) in batch.tasks.iter_mut().enumerate() {
        task.assignee = Some(n.to_string());
        task.labels = vec![long(n)];
    }
    db.import(&tenant, batch).await.unwrap();
    let (people, labels) = seen(&db, &TenantScope::whole(tenant)).await;
    let expected = |count| {
        (0..5)
            .map(|n| format!("{} {count}", long(n)))
            .collect::<Vec<_>>()
    };
    assert_eq!(people, expected(1));
    assert_eq!(labels, expected(1));
}
