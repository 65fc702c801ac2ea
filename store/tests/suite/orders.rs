//! Orders: every sort, alone and together, walked page by page.

use std::cmp::Ordering;

use jiff::civil::Date;
use oriel_contract::{DateField, Task, TaskSort, TaskStatus, TenantId};
use oriel_store::{AssigneeFilter, DateRange, ImportBatch, StoreError, TaskFilter, TaskQuery};

use crate::{
    harness::TestDatabase,
    sample::{batch, middle, random, task, ties},
};

on_both_databases! {
    every_sort_walks_to_the_end_without_skip_or_repeat
    every_pair_of_keys_walks_to_the_end_without_skip_or_repeat
    three_keys_walk_to_the_end_without_skip_or_repeat
    the_default_order_is_the_contracts
    a_cursor_of_another_list_is_refused
    a_cursor_of_other_dates_is_refused
    long_titles_that_begin_alike_page_without_skip_or_repeat
    a_long_title_that_changed_meanwhile_still_has_a_place
}

const SORTS: [TaskSort; 14] = [
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
    TaskSort::Status,
    TaskSort::StatusDesc,
    TaskSort::Title,
    TaskSort::TitleDesc,
];

/// More matches than are found all at once: an order is walked then.
const MANY: u64 = 1_000_000;

/// All pages, each checked for its size and its total.
pub async fn walk(db: &TestDatabase, tenant: &TenantId, query: &TaskQuery) -> Vec<Task> {
    let tasks = walk_with(db, tenant, query, None).await;
    // The store takes another way where it has been told of many matches.
    assert_eq!(walk_with(db, tenant, query, Some(MANY)).await, tasks);
    tasks
}

async fn walk_with(
    db: &TestDatabase,
    tenant: &TenantId,
    query: &TaskQuery,
    total: Option<u64>,
) -> Vec<Task> {
    let mut query = query.clone();
    let mut tasks: Vec<Task> = Vec::new();
    loop {
        let store = db.whole(tenant);
        let page = store.tasks_with_total(middle(), &query, total);
        let page = page.await.unwrap();
        tasks.extend(page.items);
        let Some(cursor) = page.next_cursor else {
            assert_eq!(page.total, total.unwrap_or(tasks.len() as u64));
            return tasks;
        };
        assert_eq!(tasks.len() % query.limit as usize, 0);
        query.cursor = Some(cursor);
    }
}

/// The contract's order by one key: tasks without the value last.
fn by_key(sort: TaskSort, a: &Task, b: &Task) -> Ordering {
    fn nulls_last<T: Ord>(a: Option<T>, b: Option<T>, turned: bool) -> Ordering {
        match (a, b) {
            (Some(a), Some(b)) if turned => b.cmp(&a),
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        }
    }
    use TaskSort as S;
    match sort {
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
        S::Status => a.status.cmp(&b.status),
        S::StatusDesc => b.status.cmp(&a.status),
        S::Title => a.title.as_bytes().cmp(b.title.as_bytes()),
        S::TitleDesc => b.title.as_bytes().cmp(a.title.as_bytes()),
    }
}

/// The contract's order: key by key, then by id in the direction of the last.
pub fn compare(sort: &[TaskSort], a: &Task, b: &Task) -> Ordering {
    let by_id = a.id.cmp(&b.id);
    let by_id = if is_turned(*sort.last().unwrap()) {
        by_id.reverse()
    } else {
        by_id
    };
    let keys = sort.iter().map(|key| by_key(*key, a, b));
    keys.fold(Ordering::Equal, Ordering::then).then(by_id)
}

fn is_turned(sort: TaskSort) -> bool {
    format!("{sort:?}").ends_with("Desc")
}

fn is_of_one_field(a: TaskSort, b: TaskSort) -> bool {
    let field = |sort| format!("{sort:?}").trim_end_matches("Desc").to_owned();
    field(a) == field(b)
}

async fn assert_sorted(db: &TestDatabase, tenant: &TenantId, sort: &[TaskSort], limit: u32) {
    let query = TaskQuery {
        sort: sort.to_vec(),
        limit,
        ..TaskQuery::default()
    };
    let tasks = walk(db, tenant, &query).await;
    for pair in tasks.windows(2) {
        let order = compare(sort, &pair[0], &pair[1]);
        assert_eq!(order, Ordering::Less, "{sort:?}");
    }
}

async fn imported(db: &mut TestDatabase, batch: ImportBatch) -> TenantId {
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, batch).await.unwrap();
    tenant
}

async fn every_sort_walks_to_the_end_without_skip_or_repeat(mut db: TestDatabase) {
    let tenant = imported(&mut db, random(11)).await;
    for sort in SORTS {
        assert_sorted(&db, &tenant, &[sort], 97).await;
    }
}

async fn every_pair_of_keys_walks_to_the_end_without_skip_or_repeat(mut db: TestDatabase) {
    let tenant = imported(&mut db, ties()).await;
    for first in SORTS {
        for second in SORTS {
            if !is_of_one_field(first, second) {
                assert_sorted(&db, &tenant, &[first, second], 31).await;
            }
        }
    }
}

async fn three_keys_walk_to_the_end_without_skip_or_repeat(mut db: TestDatabase) {
    use TaskSort as S;
    let tenant = imported(&mut db, ties()).await;
    for sort in [
        [S::Priority, S::DueOn, S::Title],
        [S::DueOnDesc, S::CompletedAt, S::StatusDesc],
        [S::CompletedAtDesc, S::DueOn, S::UpdatedAtDesc],
        [S::Title, S::StatusDesc, S::CompletedAtDesc],
    ] {
        for limit in [1, 7] {
            assert_sorted(&db, &tenant, &sort, limit).await;
        }
    }
}

async fn the_default_order_is_the_contracts(mut db: TestDatabase) {
    let tenant = imported(&mut db, ties()).await;
    let default = TaskQuery {
        limit: 200,
        ..TaskQuery::default()
    };
    let named = TaskQuery {
        sort: vec![TaskSort::UpdatedAtDesc],
        ..default.clone()
    };
    let tasks = walk(&db, &tenant, &default).await;
    assert_eq!(tasks, walk(&db, &tenant, &named).await);
    // They are one list, so that a cursor of either goes on in the other.
    let store = db.whole(&tenant);
    for (first, then) in [(&default, &named), (&named, &default)] {
        let few = TaskQuery {
            limit: 7,
            ..first.clone()
        };
        let page = store.tasks(middle(), &few).await.unwrap();
        let rest = TaskQuery {
            cursor: page.next_cursor,
            ..then.clone()
        };
        let page = store.tasks(middle(), &rest).await.unwrap();
        assert_eq!(page.items[0], tasks[7]);
    }
}

async fn a_cursor_of_another_list_is_refused(mut db: TestDatabase) {
    let tenant = imported(&mut db, random(17)).await;
    let first = TaskQuery {
        limit: 10,
        ..TaskQuery::default()
    };
    let page = db.whole(&tenant).tasks(middle(), &first).await.unwrap();
    let cursor = page.next_cursor;
    let filtered = |filter| TaskQuery {
        filter,
        ..first.clone()
    };
    let sorted = |sort: &[TaskSort]| TaskQuery {
        sort: sort.to_vec(),
        ..first.clone()
    };
    for query in [
        sorted(&[TaskSort::Title]),
        sorted(&[TaskSort::UpdatedAtDesc, TaskSort::Title]),
        filtered(TaskFilter {
            statuses: vec![TaskStatus::Done],
            ..TaskFilter::default()
        }),
        filtered(TaskFilter {
            priorities: vec![oriel_contract::TaskPriority::High],
            ..TaskFilter::default()
        }),
        filtered(TaskFilter {
            q: Some("x".to_owned()),
            ..TaskFilter::default()
        }),
        filtered(TaskFilter {
            assignees: vec![AssigneeFilter::Nobody],
            ..TaskFilter::default()
        }),
        filtered(TaskFilter {
            overdue: Some(false),
            ..TaskFilter::default()
        }),
        filtered(TaskFilter {
            projects: vec!["prj_01jd8x0c6tfwasq9m2yjz0v4kb".parse().unwrap()],
            ..TaskFilter::default()
        }),
        filtered(TaskFilter {
            labels: vec!["lbl_01jd8x0c6tfwasq9m2yjz0v4kb".parse().unwrap()],
            ..TaskFilter::default()
        }),
        filtered(within(DateField::DueOn, Some(middle()), None)),
    ] {
        let query = TaskQuery {
            cursor: cursor.clone(),
            ..query
        };
        let answer = db.whole(&tenant).tasks(middle(), &query).await;
        assert!(matches!(answer, Err(StoreError::BadCursor)), "{query:?}");
    }
    let store = db.whole(&tenant);
    let cursor = cursor.as_deref();
    let projects = store.projects(middle(), 10, cursor).await;
    assert!(matches!(projects, Err(StoreError::BadCursor)));
    let people = store.people(None, 10, cursor).await;
    assert!(matches!(people, Err(StoreError::BadCursor)));
    let labels = store.labels(None, 10, cursor).await;
    assert!(matches!(labels, Err(StoreError::BadCursor)));
}

fn within(field: DateField, from: Option<Date>, to: Option<Date>) -> TaskFilter {
    TaskFilter {
        dates: Some(DateRange { field, from, to }),
        ..TaskFilter::default()
    }
}

async fn a_cursor_of_other_dates_is_refused(mut db: TestDatabase) {
    let tenant = imported(&mut db, random(17)).await;
    let day = Some(middle());
    let filters = [
        within(DateField::CreatedAt, day, None),
        within(DateField::DueOn, day, None),
        within(DateField::CreatedAt, None, day),
        within(DateField::CreatedAt, day, day),
    ];
    let query = |filter: &TaskFilter, cursor| TaskQuery {
        filter: filter.clone(),
        limit: 1,
        cursor,
        ..TaskQuery::default()
    };
    let store = db.whole(&tenant);
    let page = store.tasks(middle(), &query(&filters[0], None)).await;
    let cursor = page.unwrap().next_cursor;
    assert!(cursor.is_some());
    let same = query(&filters[0], cursor.clone());
    assert!(store.tasks(middle(), &same).await.is_ok());
    for filter in &filters[1..] {
        let other = query(filter, cursor.clone());
        let answer = store.tasks(middle(), &other).await;
        assert!(matches!(answer, Err(StoreError::BadCursor)), "{filter:?}");
    }
}

/// Tasks whose titles differ in the last of 500 characters.
fn long_titles() -> ImportBatch {
    let tasks = (0..9).map(|n| {
        let mut task = task(&n.to_string());
        task.title = format!("{}{n}", "日".repeat(499));
        task
    });
    batch(tasks.collect())
}

async fn long_titles_that_begin_alike_page_without_skip_or_repeat(mut db: TestDatabase) {
    let tenant = imported(&mut db, long_titles()).await;
    for sort in [
        vec![TaskSort::Title],
        vec![TaskSort::TitleDesc],
        vec![TaskSort::Priority, TaskSort::TitleDesc],
    ] {
        let turned = is_turned(*sort.last().unwrap());
        let query = TaskQuery {
            sort,
            limit: 2,
            ..TaskQuery::default()
        };
        let tasks = walk(&db, &tenant, &query).await;
        let mut ids: Vec<_> = tasks.into_iter().filter_map(|t| t.external_id).collect();
        if turned {
            ids.reverse();
        }
        assert_eq!(ids.concat(), "012345678");
    }
}

async fn a_long_title_that_changed_meanwhile_still_has_a_place(mut db: TestDatabase) {
    for (sort, last, left) in [
        (vec![TaskSort::Title], 2, ["0", "1", "3"]),
        (vec![TaskSort::TitleDesc], 6, ["8", "7", "5"]),
        (
            vec![TaskSort::Priority, TaskSort::TitleDesc],
            6,
            ["8", "7", "5"],
        ),
    ] {
        let tenant = imported(&mut db, long_titles()).await;
        let mut query = TaskQuery {
            sort,
            limit: 3,
            ..TaskQuery::default()
        };
        let page = db.whole(&tenant).tasks(middle(), &query).await.unwrap();
        query.cursor = page.next_cursor;
        let mut renamed = long_titles();
        "Now short".clone_into(&mut renamed.tasks[last].title);
        db.import(&tenant, renamed).await.unwrap();
        // The start of its old title stands before all that begin so, whichever
        // way they are walked: none is lost.
        let page = db.whole(&tenant).tasks(middle(), &query).await.unwrap();
        let ids: Vec<_> = page
            .items
            .into_iter()
            .filter_map(|task| task.external_id)
            .collect();
        assert_eq!(ids, left, "{:?}", query.sort);
    }
}
