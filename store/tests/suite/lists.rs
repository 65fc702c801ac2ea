//! Lists: order, pages, filters, and one task.

use std::cmp::Ordering;

use oriel_contract::{Task, TaskSort, TaskStatus, TenantId};
use oriel_store::{AssigneeFilter, StoreError, TaskFilter, TaskQuery};

use crate::{
    harness::{TestDatabase, day, time},
    sample::{batch, middle, project, random, task},
};

on_both_databases! {
    every_sort_walks_to_the_end_without_skip_or_repeat
    filters_and_total_agree_with_plain_loops
    a_cursor_of_another_list_is_refused
    long_titles_that_begin_alike_page_without_skip_or_repeat
    long_project_names_that_begin_alike_page_without_skip_or_repeat
    projects_page_by_name_with_their_counts
    a_task_has_its_history_in_order_and_most_hours_first
    the_latest_activity_is_the_latest_of_all_times
}

const SORTS: [TaskSort; 12] = [
    TaskSort::UpdatedAt,
    TaskSort::UpdatedAtDesc,
    TaskSort::CreatedAt,
    TaskSort::CreatedAtDesc,
    TaskSort::DueOn,
    TaskSort::DueOnDesc,
    TaskSort::CompletedAt,
    TaskSort::CompletedAtDesc,
    TaskSort::Priority,
    TaskSort::PriorityDesc,
    TaskSort::Title,
    TaskSort::TitleDesc,
];

/// All pages, each checked for its size and its total.
async fn walk(db: &TestDatabase, tenant: &TenantId, query: TaskQuery) -> Vec<Task> {
    let mut query = query;
    let mut tasks: Vec<Task> = Vec::new();
    loop {
        let page = db.whole(tenant).tasks(middle(), &query).await.unwrap();
        tasks.extend(page.items);
        let Some(cursor) = page.next_cursor else {
            assert_eq!(tasks.len() as u64, page.total);
            return tasks;
        };
        assert_eq!(tasks.len() % query.limit as usize, 0);
        query.cursor = Some(cursor);
    }
}

/// The contract's order: tasks without the value last, ties by id, and a
/// leading `-` turns both round.
fn compare(sort: TaskSort, a: &Task, b: &Task) -> Ordering {
    fn nulls_last<T: Ord>(a: Option<T>, b: Option<T>, turned: bool) -> Ordering {
        match (a, b) {
            (Some(a), Some(b)) if turned => b.cmp(&a),
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        }
    }
    use TaskSort as S;
    let by_value = match sort {
        S::UpdatedAt => a.updated_at.cmp(&b.updated_at),
        S::UpdatedAtDesc => b.updated_at.cmp(&a.updated_at),
        S::CreatedAt => a.created_at.cmp(&b.created_at),
        S::CreatedAtDesc => b.created_at.cmp(&a.created_at),
        S::DueOn => nulls_last(a.due_on, b.due_on, false),
        S::DueOnDesc => nulls_last(a.due_on, b.due_on, true),
        S::CompletedAt => nulls_last(a.completed_at, b.completed_at, false),
        S::CompletedAtDesc => nulls_last(a.completed_at, b.completed_at, true),
        S::Priority => a.priority.cmp(&b.priority),
        S::PriorityDesc => b.priority.cmp(&a.priority),
        S::Title => a.title.as_bytes().cmp(b.title.as_bytes()),
        S::TitleDesc => b.title.as_bytes().cmp(a.title.as_bytes()),
    };
    by_value.then_with(|| {
        if is_turned(sort) {
            b.id.cmp(&a.id)
        } else {
            a.id.cmp(&b.id)
        }
    })
}

fn is_turned(sort: TaskSort) -> bool {
    format!("{sort:?}").ends_with("Desc")
}

async fn every_sort_walks_to_the_end_without_skip_or_repeat(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, random(11)).await.unwrap();
    for sort in SORTS {
        for limit in [50, 97] {
            let query = TaskQuery {
                sort,
                limit,
                ..TaskQuery::default()
            };
            let tasks = walk(&db, &tenant, query).await;
            assert_eq!(tasks.len(), 700, "{sort:?}");
            let pairs = tasks.windows(2);
            for pair in pairs {
                assert_eq!(
                    compare(sort, &pair[0], &pair[1]),
                    Ordering::Less,
                    "{sort:?}"
                );
            }
        }
    }
}

/// A filter, and whether it keeps a task.
type Case = (TaskFilter, Box<dyn Fn(&Task) -> bool>);

async fn filters_and_total_agree_with_plain_loops(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, random(13)).await.unwrap();
    let all = TaskQuery {
        limit: 200,
        ..TaskQuery::default()
    };
    let tasks = walk(&db, &tenant, all).await;
    let user = tasks
        .iter()
        .find_map(|task| task.assignee.clone())
        .unwrap()
        .id;
    let project = tasks[0].project.id.clone();
    let open_late =
        |task: &Task| task.status.is_open() && task.due_on.is_some_and(|d| d < middle());
    let cases: Vec<Case> = vec![
        (
            TaskFilter {
                project: Some(project.clone()),
                ..TaskFilter::default()
            },
            Box::new(move |task| task.project.id == project),
        ),
        (
            TaskFilter {
                statuses: vec![TaskStatus::Done, TaskStatus::Blocked],
                ..TaskFilter::default()
            },
            Box::new(|task| matches!(task.status, TaskStatus::Done | TaskStatus::Blocked)),
        ),
        (
            TaskFilter {
                assignee: Some(AssigneeFilter::User(user.clone())),
                ..TaskFilter::default()
            },
            Box::new(move |task| task.assignee.as_ref().is_some_and(|a| a.id == user)),
        ),
        (
            TaskFilter {
                assignee: Some(AssigneeFilter::Nobody),
                ..TaskFilter::default()
            },
            Box::new(|task| task.assignee.is_none()),
        ),
        (
            TaskFilter {
                overdue: Some(true),
                ..TaskFilter::default()
            },
            Box::new(move |task| open_late(task)),
        ),
        (
            TaskFilter {
                overdue: Some(false),
                ..TaskFilter::default()
            },
            Box::new(move |task| !open_late(task)),
        ),
        (
            TaskFilter {
                q: Some("ALPHA".to_owned()),
                ..TaskFilter::default()
            },
            Box::new(|task| task.title.contains("Alpha")),
        ),
        (
            TaskFilter {
                q: Some("t-69".to_owned()),
                ..TaskFilter::default()
            },
            Box::new(|task| task.external_id.as_ref().unwrap().starts_with("T-69")),
        ),
    ];
    for (filter, keeps) in cases {
        for (sort, limit) in [
            (TaskSort::UpdatedAtDesc, 200),
            (TaskSort::DueOn, 50),
            (TaskSort::DueOnDesc, 7),
        ] {
            let query = TaskQuery {
                filter: filter.clone(),
                sort,
                limit,
                cursor: None,
            };
            let mut expected: Vec<&Task> = tasks.iter().filter(|task| keeps(task)).collect();
            expected.sort_by(|a, b| compare(sort, a, b));
            let found = walk(&db, &tenant, query.clone()).await;
            assert!(!found.is_empty(), "{query:?}");
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query:?}");
            assert!(found.iter().all(|task| task.overdue == open_late(task)));
        }
    }
}

async fn a_cursor_of_another_list_is_refused(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, random(17)).await.unwrap();
    let first = TaskQuery {
        limit: 10,
        ..TaskQuery::default()
    };
    let page = db.whole(&tenant).tasks(middle(), &first).await.unwrap();
    let cursor = page.next_cursor;
    for query in [
        TaskQuery {
            sort: TaskSort::Title,
            ..first.clone()
        },
        TaskQuery {
            filter: TaskFilter {
                statuses: vec![TaskStatus::Done],
                ..TaskFilter::default()
            },
            ..first.clone()
        },
        TaskQuery {
            filter: TaskFilter {
                q: Some("x".to_owned()),
                ..TaskFilter::default()
            },
            ..first.clone()
        },
        TaskQuery {
            filter: TaskFilter {
                assignee: Some(AssigneeFilter::Nobody),
                ..TaskFilter::default()
            },
            ..first.clone()
        },
        TaskQuery {
            filter: TaskFilter {
                overdue: Some(false),
                ..TaskFilter::default()
            },
            ..first.clone()
        },
    ] {
        let query = TaskQuery {
            cursor: cursor.clone(),
            ..query
        };
        let answer = db.whole(&tenant).tasks(middle(), &query).await;
        assert!(matches!(answer, Err(StoreError::BadCursor)), "{query:?}");
    }
    let projects = db
        .whole(&tenant)
        .projects(middle(), 10, cursor.as_deref())
        .await;
    assert!(matches!(projects, Err(StoreError::BadCursor)));
}

async fn long_titles_that_begin_alike_page_without_skip_or_repeat(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let tasks = (0..9).map(|n| {
        let mut task = task(&n.to_string());
        task.title = format!("{}{n}", "日".repeat(499));
        task
    });
    let batch = batch(tasks.collect());
    db.import(&tenant, batch).await.unwrap();
    for sort in [TaskSort::Title, TaskSort::TitleDesc] {
        let query = TaskQuery {
            sort,
            limit: 2,
            ..TaskQuery::default()
        };
        let mut ids: Vec<_> = walk(&db, &tenant, query)
            .await
            .into_iter()
            .map(|task| task.external_id.unwrap())
            .collect();
        if sort == TaskSort::TitleDesc {
            ids.reverse();
        }
        assert_eq!(ids.concat(), "012345678");
    }
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
