//! What backends write one by one counts as what an import brings at once, and comes again
//! only as it should.

use jiff::{SignedDuration, Timestamp};
use oriel_contract::{
    NewTask, ProjectResource, RangePreset, StatusChange, TaskPatch, TaskResource, TaskStatus,
    TenantId, UserResource,
};
use oriel_store::{
    Begun, Change, Context, Expected, IdempotencyKey, ImportTask, Kept, KeptAnswer, ListQuery,
    OPERATOR, StoreError, TaskFilter, TaskQuery, Touches,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::{
    harness::{TestDatabase, below, time},
    sample::{batch, middle, project, task, user},
};

on_both_databases! {
    tasks_that_are_written_step_by_step_count_as_imported_ones
    a_change_that_is_dropped_has_done_nothing
    what_changes_nothing_leaves_neither_version_nor_event
    an_import_makes_versions_of_what_it_changes_and_of_nothing_else
    a_kept_answer_is_found_for_a_day_and_by_its_own_request
    whoever_sees_a_project_hears_of_a_task_that_leaves_it
}

/// A write of the tenant's at a time.
async fn change<'a>(
    db: &TestDatabase,
    tenant: &TenantId,
    rng: &'a mut ChaCha8Rng,
    now: Timestamp,
) -> Change<'a> {
    let cx = Context {
        now,
        rng,
        actor: OPERATOR,
    };
    db.store.change(cx, tenant, Touches::Data).await.unwrap()
}

async fn begun<'a>(
    db: &TestDatabase,
    tenant: &TenantId,
    rng: &'a mut ChaCha8Rng,
    now: Timestamp,
    key: IdempotencyKey,
) -> Begun<'a> {
    let cx = Context {
        now,
        rng,
        actor: OPERATOR,
    };
    let begun = db.store.change_once(cx, tenant, key, Touches::Data);
    begun.await.unwrap()
}

fn new_task(of: &ProjectResource, title: &str) -> NewTask {
    NewTask {
        external_id: Some(title.to_owned()),
        title: title.to_owned(),
        project: of.id.clone(),
        status: None,
        priority: None,
        assignee: None,
        labels: Vec::new(),
        due_on: None,
        estimate_hours: None,
        created_at: None,
        started_at: None,
        completed_at: None,
    }
}

/// Projects and people whom [`batch`] has too.
async fn furnish(
    db: &TestDatabase,
    tenant: &TenantId,
    rng: &mut ChaCha8Rng,
    now: Timestamp,
) -> ([ProjectResource; 2], [UserResource; 2]) {
    let mut change = change(db, tenant, rng, now).await;
    let mut made = Vec::new();
    for (id, name) in [("P", "Paving"), ("Q", "Quarry")] {
        let project = change.create_project(name.to_owned(), Some(id.to_owned()));
        made.push(project.await.unwrap());
    }
    let mut people = Vec::new();
    for (id, name) in [("ann", "Ann"), ("bob", "Bob")] {
        let email = Some(format!("{id}@example.test"));
        let user = change.create_user(name.to_owned(), email, Some(id.to_owned()));
        people.push(user.await.unwrap());
    }
    change.commit(None).await.unwrap();
    (made.try_into().unwrap(), people.try_into().unwrap())
}

/// A task on its way, and the statuses that it had.
struct Course {
    task: TaskResource,
    history: Vec<StatusChange>,
}

async fn tasks_that_are_written_step_by_step_count_as_imported_ones(mut db: TestDatabase) {
    let (stepwise, at_once) = (db.tenant("Stepwise").await, db.tenant("At once").await);
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let mut dice = ChaCha8Rng::seed_from_u64(12);
    let mut now = time("2026-01-05T08:00:00Z");
    let (projects, people) = furnish(&db, &stepwise, &mut rng, now).await;
    let mut courses: Vec<Course> = Vec::new();
    for step in 0..400 {
        now += SignedDuration::from_mins(i64::try_from(below(&mut dice, 600)).unwrap());
        let mut change = change(&db, &stepwise, &mut rng, now).await;
        if courses.len() < 60 && step % 3 == 0 {
            let title = format!("Task {step}");
            let mut new = new_task(&projects[step % 2], &title);
            new.assignee = (step % 4 > 0).then(|| people[step % 2].id.clone());
            new.due_on = (step % 5 > 0).then(middle);
            let task = change.create_task(new).await.unwrap();
            let history = vec![StatusChange {
                status: TaskStatus::Todo,
                at: now,
            }];
            courses.push(Course { task, history });
        } else {
            let which = usize::try_from(below(&mut dice, courses.len() as u64)).unwrap();
            let course = &mut courses[which];
            let status = TaskStatus::ALL[usize::try_from(below(&mut dice, 5)).unwrap()];
            let mut patch = TaskPatch {
                status: Some(status),
                ..TaskPatch::default()
            };
            if step % 7 == 0 {
                patch.project = Some(projects[(step + 1) % 2].id.clone());
                patch.assignee = Some(Some(people[step % 2].id.clone()));
            }
            let before = course.task.status;
            let updated = change.update_task(&course.task.id, &Expected::Something, patch);
            course.task = updated.await.unwrap();
            if status != before {
                course.history.push(StatusChange { status, at: now });
            }
        }
        change.commit(None).await.unwrap();
    }
    let by_id = |id: &str| {
        if id == projects[0].id.as_str() {
            "P"
        } else {
            "Q"
        }
    };
    let tasks = courses
        .iter()
        .map(|Course { task: it, history }| ImportTask {
            external_id: it.external_id.clone().unwrap(),
            title: it.title.clone(),
            project: by_id(it.project.as_str()).to_owned(),
            status: it.status,
            priority: it.priority,
            assignee: (it.assignee.as_ref())
                .map(|id| if *id == people[0].id { "ann" } else { "bob" }.to_owned()),
            created_at: it.created_at,
            started_at: it.started_at,
            completed_at: it.completed_at,
            due_on: it.due_on,
            history: history.clone(),
            ..task("x")
        });
    let mut all = batch(tasks.collect());
    all.users = vec![user("ann", "Ann"), user("bob", "Bob")];
    all.projects = vec![project("P", "Paving"), project("Q", "Quarry")];
    db.import(&at_once, all).await.unwrap();

    for range in [RangePreset::Weeks4, RangePreset::Weeks12, RangePreset::All] {
        for filter in [
            TaskFilter::default(),
            TaskFilter {
                statuses: vec![TaskStatus::Done],
                ..TaskFilter::default()
            },
        ] {
            let mut numbers = Vec::new();
            for tenant in [&stepwise, &at_once] {
                let found = db
                    .whole(tenant)
                    .dashboard(middle(), range, &filter)
                    .await
                    .unwrap();
                let mut found = serde_json::to_value(found.into_dashboard(false)).unwrap();
                without_ids(&mut found);
                numbers.push(found);
            }
            assert_eq!(numbers[0], numbers[1], "{range:?} {filter:?}");
        }
    }
}

/// Takes away what differs between two tenants that are alike.
fn without_ids(value: &mut Value) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(without_ids),
        Value::Object(all) => {
            all.remove("id");
            all.remove("revision");
            all.values_mut().for_each(without_ids);
        }
        _ => {}
    }
}

async fn a_change_that_is_dropped_has_done_nothing(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let now = time("2026-03-25T12:00:00Z");
    let before = db.store.tenant_revision(&tenant).await.unwrap();
    let mut change = change(&db, &tenant, &mut rng, now).await;
    change
        .create_project("Site".to_owned(), None)
        .await
        .unwrap();
    drop(change);
    assert_eq!(db.store.tenant_revision(&tenant).await.unwrap(), before);
    assert_eq!(db.rows("projects").await, 0);
}

async fn what_changes_nothing_leaves_neither_version_nor_event(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let now = time("2026-03-25T12:00:00Z");
    let ([site, _], _) = furnish(&db, &tenant, &mut rng, now).await;
    let mut making = change(&db, &tenant, &mut rng, now).await;
    let made = making.create_task(new_task(&site, "Pave")).await.unwrap();
    making.commit(None).await.unwrap();
    let (revision, events, entries) = (
        db.store.tenant_revision(&tenant).await.unwrap(),
        db.rows("events").await,
        db.rows("audit_entries").await,
    );
    let mut same = change(&db, &tenant, &mut rng, now).await;
    let put = same
        .put_task(&Expected::Anything, new_task(&site, "Pave"))
        .await
        .unwrap();
    assert_eq!((put.is_new, &put.resource), (false, &made));
    let patch = TaskPatch {
        title: Some("Pave".to_owned()),
        ..TaskPatch::default()
    };
    let same_again = same
        .update_task(&made.id, &Expected::Anything, patch)
        .await
        .unwrap();
    assert_eq!(same_again.version, made.version);
    assert!(!same.commit(None).await.unwrap());
    assert_eq!(db.store.tenant_revision(&tenant).await.unwrap(), revision);
    assert_eq!(
        (db.rows("events").await, db.rows("audit_entries").await),
        (events, entries)
    );
}

async fn an_import_makes_versions_of_what_it_changes_and_of_nothing_else(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let mut all = batch(vec![task("1"), task("2")]);
    db.import(&tenant, all.clone()).await.unwrap();
    let first = db.store.tenant_revision(&tenant).await.unwrap().unwrap();
    "Another".clone_into(&mut all.tasks[0].title);
    "Renamed".clone_into(&mut all.projects[0].name);
    db.import(&tenant, all).await.unwrap();
    let query = TaskQuery {
        limit: 10,
        ..TaskQuery::default()
    };
    let tasks = db
        .whole(&tenant)
        .task_resources(middle(), &query)
        .await
        .unwrap();
    let mut versions: Vec<_> = (tasks.items.iter())
        .map(|task| (task.external_id.clone().unwrap(), task.version))
        .collect();
    versions.sort();
    assert_eq!(
        versions,
        [("1".to_owned(), first + 1), ("2".to_owned(), first)]
    );
    let list = ListQuery {
        limit: 10,
        ..ListQuery::default()
    };
    let projects = db.whole(&tenant).project_resources(&list).await.unwrap();
    assert_eq!(projects.items[0].version, first + 1);
    let users = db.whole(&tenant).user_resources(&list).await.unwrap();
    assert!(users.items.iter().all(|user| user.version == first));
}

async fn a_kept_answer_is_found_for_a_day_and_by_its_own_request(mut db: TestDatabase) {
    let (tenant, other) = (db.tenant("Acme").await, db.tenant("Other").await);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let now = time("2026-03-25T12:00:00Z");
    let key = |fingerprint: &str| IdempotencyKey {
        route: "POST /v1/projects".to_owned(),
        key: "k".to_owned(),
        fingerprint: fingerprint.to_owned(),
    };
    let answer = KeptAnswer {
        status: 201,
        location: Some("/v1/projects/x".to_owned()),
        etag: None,
        body: vec![0, 255, 7],
    };
    let Begun::New(mut first) = begun(&db, &tenant, &mut rng, now, key("a")).await else {
        panic!("it was never used");
    };
    first.create_project("Site".to_owned(), None).await.unwrap();
    first.commit(Some(answer.clone())).await.unwrap();
    let day = SignedDuration::from_hours(24);
    let last = now + day - SignedDuration::from_millis(1);
    for at in [now, now - day, last] {
        match begun(&db, &tenant, &mut rng, at, key("a")).await {
            Begun::Known(Kept::Answer(found)) => assert_eq!(found, answer),
            _ => panic!("{at}: it is kept"),
        }
        let reused = begun(&db, &tenant, &mut rng, at, key("b")).await;
        assert!(matches!(reused, Begun::Known(Kept::Other)), "{at}");
    }
    let theirs = begun(&db, &other, &mut rng, now, key("a")).await;
    assert!(matches!(theirs, Begun::New(_)));
    drop(theirs);
    let later = begun(&db, &tenant, &mut rng, now + day, key("b")).await;
    assert!(matches!(later, Begun::New(_)));
    drop(later);
    assert_eq!(db.rows("idempotency_records").await, 1);
    assert!(!db.store.sweep_kept_answers(now + day).await.unwrap());
    assert_eq!(db.rows("idempotency_records").await, 0);
}

async fn whoever_sees_a_project_hears_of_a_task_that_leaves_it(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let now = time("2026-03-25T12:00:00Z");
    let ([from, to], _) = furnish(&db, &tenant, &mut rng, now).await;
    let mut making = change(&db, &tenant, &mut rng, now).await;
    let moved = making.create_task(new_task(&from, "Moved")).await.unwrap();
    let gone = making.create_task(new_task(&from, "Gone")).await.unwrap();
    making.commit(None).await.unwrap();
    let narrow = oriel_store::TenantScope::limited(
        tenant.clone(),
        Some(vec![from.id.clone()]),
        oriel_contract::LockedFilters::default(),
    );
    let heard = async |db: &TestDatabase, after: u64| {
        let view = db
            .store
            .within(narrow.clone())
            .look_through(after)
            .await
            .unwrap();
        (
            view.head.seq,
            view.change.is_some_and(|change| change.seq > after),
        )
    };
    let (seq, _) = heard(&db, 0).await;
    let mut moving = change(&db, &tenant, &mut rng, now).await;
    let patch = TaskPatch {
        project: Some(to.id.clone()),
        ..TaskPatch::default()
    };
    moving
        .update_task(&moved.id, &Expected::Anything, patch)
        .await
        .unwrap();
    moving.commit(None).await.unwrap();
    let (seq, is_heard) = heard(&db, seq).await;
    assert!(is_heard, "a task was moved away");
    let mut deleting = change(&db, &tenant, &mut rng, now).await;
    deleting
        .delete_task(&gone.id, &Expected::Anything)
        .await
        .unwrap();
    deleting.commit(None).await.unwrap();
    let (seq, is_heard) = heard(&db, seq).await;
    assert!(is_heard, "a task was deleted");
    // What happens elsewhere is not for this scope.
    let mut elsewhere = change(&db, &tenant, &mut rng, now).await;
    elsewhere
        .create_task(new_task(&to, "Elsewhere"))
        .await
        .unwrap();
    elsewhere.commit(None).await.unwrap();
    let (_, is_heard) = heard(&db, seq).await;
    assert!(!is_heard);
    let unknown = change(&db, &tenant, &mut rng, now)
        .await
        .delete_task(&gone.id, &Expected::Anything)
        .await;
    assert!(matches!(
        unknown,
        Err(StoreError::NotFound { what: "task" })
    ));
}
