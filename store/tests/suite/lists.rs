//! Projects by name, and one task.

use oriel_contract::TaskStatus;

use crate::{
    harness::{TestDatabase, day, time},
    sample::{batch, middle, project, task},
};

on_both_databases! {
    long_project_names_that_begin_alike_page_without_skip_or_repeat
    projects_page_by_name_with_their_counts
    a_task_has_its_history_in_order_and_most_hours_first
    the_latest_activity_is_the_latest_of_all_times
}

async fn long_project_names_that_begin_alike_page_without_skip_or_repeat(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let mut batch = batch(vec![]);
    batch.projects = (0..5)
        .map(|n| project(&n.to_string(), &format!("{}{n}", "日".repeat(150))))
        .collect();
    db.import(&tenant, batch).await.unwrap();
    let mut ends = String::new();
    let mut cursor = None;
    loop {
        let page = db
            .whole(&tenant)
            .projects(middle(), 2, cursor.as_deref())
            .await
            .unwrap();
        ends.extend(page.items.iter().filter_map(|p| p.name.chars().last()));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(ends, "01234");
}

async fn projects_page_by_name_with_their_counts(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let status = |id: &str, status| oriel_store::ImportTask { status, ..task(id) };
    let mut late = status("late", TaskStatus::Blocked);
    late.due_on = Some(day("2026-03-24"));
    let mut due = status("due", TaskStatus::InProgress);
    due.due_on = Some(middle());
    let mut batch = batch(vec![
        late,
        due,
        status("done", TaskStatus::Done),
        status("cancelled", TaskStatus::Cancelled),
    ]);
    batch.projects.extend([
        project("Q", "Quay"),
        project("o", "oriel"),
        project("R", "Paving"),
    ]);
    db.import(&tenant, batch).await.unwrap();

    let mut names = Vec::new();
    let mut cursor = None;
    loop {
        let page = db
            .whole(&tenant)
            .projects(middle(), 1, cursor.as_deref())
            .await
            .unwrap();
        names.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let counts: Vec<_> = names
        .iter()
        .map(|p| (p.name.as_str(), p.tasks, p.open, p.overdue, p.done))
        .collect();
    let (paving, empty) = (("Paving", 3, 2, 1, 1), ("Paving", 0, 0, 0, 0));
    assert!(counts[..2] == [paving, empty] || counts[..2] == [empty, paving]);
    assert_eq!(counts[2..], [("Quay", 0, 0, 0, 0), ("oriel", 0, 0, 0, 0)]);
}

async fn a_task_has_its_history_in_order_and_most_hours_first(mut db: TestDatabase) {
    use oriel_contract::StatusChange;
    use oriel_store::ImportContributor;
    let tenant = db.tenant("Acme").await;
    let mut task = task("1");
    let change = |status, at| StatusChange {
        status,
        at: time(at),
    };
    task.history = vec![
        change(TaskStatus::Blocked, "2026-03-03T00:00:00Z"),
        change(TaskStatus::Todo, "2026-03-01T00:00:00Z"),
    ];
    let part = |user: &str, hours| ImportContributor {
        user: user.to_owned(),
        hours,
    };
    task.contributors = vec![
        part("ann", Some(1.0)),
        part("bob", Some(1.5)),
        part("bob", Some(2.0)),
    ];
    db.import(&tenant, batch(vec![task])).await.unwrap();

    let listed = db.first_task(&tenant).await;
    let detail = db
        .whole(&tenant)
        .task(middle(), &listed.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(detail.task, listed);
    assert_eq!(listed.updated_at, time("2026-03-03T00:00:00Z"));
    let statuses: Vec<_> = detail.history.iter().map(|change| change.status).collect();
    assert_eq!(statuses, [TaskStatus::Todo, TaskStatus::Blocked]);
    let hours: Vec<_> = detail
        .contributors
        .iter()
        .map(|part| (part.user.name.as_str(), part.hours))
        .collect();
    assert_eq!(hours, [("Bob", Some(3.5)), ("Ann", Some(1.0))]);
}

async fn the_latest_activity_is_the_latest_of_all_times(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let last = crate::sample::done("1", "2026-03-02T00:00:00Z", "2026-03-09T23:59:59Z");
    db.import(&tenant, batch(vec![task("2"), last]))
        .await
        .unwrap();
    let latest = db.whole(&tenant).latest_activity().await.unwrap();
    assert_eq!(latest, Some(day("2026-03-09")));
}
