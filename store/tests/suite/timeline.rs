//! Timelines: bars, milestones and what waits for what, against plain loops.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};
use oriel_contract::{
    Milestone, ProjectId, RangePreset, Task, TaskId, TaskStatus, TenantId, Timeline, TimelineTask,
    utc_day,
};
use oriel_store::{
    AssigneeFilter, DateRange, ImportBatch, StoreError, TaskFilter, TaskQuery, TenantScope,
    TimelineQuery,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::{
    harness::{TestDatabase, below, day},
    orders::walk,
    sample::{middle, milestone, random},
    scopes::project_named,
};

on_both_databases! {
    every_range_of_every_project_agrees_with_plain_loops
    filtered_timelines_agree_with_plain_loops
    migrating_tells_of_stored_tasks_what_importing_does
    a_cursor_of_another_timeline_is_refused
}

pub fn query(project: &ProjectId, range: RangePreset) -> TimelineQuery {
    TimelineQuery {
        project: project.clone(),
        range,
        filter: TaskFilter::default(),
        limit: 50,
        cursor: None,
    }
}

/// All pages as one.
pub async fn timeline(db: &TestDatabase, scope: &TenantScope, query: &TimelineQuery) -> Timeline {
    let mut query = query.clone();
    let store = db.store.within(scope.clone());
    let mut whole: Option<Timeline> = None;
    loop {
        let page = store.timeline(middle(), &query).await.unwrap().unwrap();
        query.cursor.clone_from(&page.next_cursor);
        match &mut whole {
            None => whole = Some(page),
            Some(whole) => {
                assert_eq!((page.from, page.to), (whole.from, whole.to));
                assert_eq!(page.milestones, whole.milestones);
                whole.tasks.extend(page.tasks);
            }
        }
        if query.cursor.is_none() {
            let whole = whole.unwrap();
            assert_eq!(whole.total, whole.tasks.len() as u64);
            return whole;
        }
        assert_eq!(
            whole.as_ref().unwrap().tasks.len() % query.limit as usize,
            0
        );
    }
}

/// Random tasks that wait for others of every project, and random milestones.
pub fn planned(seed: u64) -> ImportBatch {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut batch = random(seed);
    for n in 0..batch.tasks.len() as u64 {
        let others = (0..below(&mut rng, 4)).map(|_| below(&mut rng, 700));
        let others = others.filter(|other| *other != n);
        // Some name one twice.
        let names = others.map(|other| format!("T-{other}"));
        batch.tasks[usize::try_from(n).unwrap()].depends_on = names.collect();
    }
    for n in 0..60 {
        let mut it = milestone(&format!("M-{n}"), &format!("p{}", below(&mut rng, 5)));
        let mut some_day = || {
            let days = i64::try_from(below(&mut rng, 800)).unwrap() - 500;
            middle() + days.days()
        };
        (it.due_on, it.reached_on) = (some_day(), Some(some_day()));
        if n % 3 == 0 {
            it.reached_on = None;
        }
        batch.milestones.push(it);
    }
    batch
}

/// The last day of a task's bar, as the contract says it.
fn end(task: &Task) -> Date {
    let end = if task.status.is_open() {
        task.due_on.unwrap_or(middle())
    } else {
        utc_day(task.completed_at.unwrap_or(task.updated_at))
    };
    end.max(start(task))
}

fn start(task: &Task) -> Date {
    utc_day(task.started_at.unwrap_or(task.created_at))
}

/// A milestone by its name, with its days.
type Told = (String, Date, Option<Date>);

/// What a timeline should be.
struct Expected {
    bars: Vec<TimelineTask>,
    milestones: Vec<Told>,
    from: Date,
    to: Date,
}

/// What the contract says of the tasks that are kept.
fn expected(
    project: &str,
    range: RangePreset,
    kept: &[&Task],
    everything: &[Task],
    batch: &ImportBatch,
) -> Expected {
    let from = range
        .days()
        .map(|days| middle() - (i64::from(days) - 1).days());
    let is_within = |last: Date| from.is_none_or(|from| last >= from);
    let ids: BTreeMap<&str, &TaskId> = everything
        .iter()
        .map(|task| (task.external_id.as_deref().unwrap(), &task.id))
        .collect();
    let depends_on = |task: &Task| {
        let mut imported = batch.tasks.iter();
        let imported =
            imported.find(|each| Some(each.external_id.as_str()) == task.external_id.as_deref());
        let names = imported.unwrap().depends_on.iter();
        let mut found: Vec<TaskId> = names.map(|name| ids[name.as_str()].clone()).collect();
        found.sort();
        found.dedup();
        found
    };
    let mut bars: Vec<TimelineTask> = kept
        .iter()
        .filter(|task| task.project.name == project && is_within(end(task)))
        .map(|task| TimelineTask {
            id: task.id.clone(),
            title: task.title.clone(),
            status: task.status,
            start: start(task),
            end: end(task),
            is_overdue: task.overdue,
            depends_on: depends_on(task),
        })
        .collect();
    bars.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
    let names = batch.projects.iter();
    let name_of = |id: &str| names.clone().find(|each| each.external_id == id).unwrap();
    let mut milestones: Vec<_> = (batch.milestones.iter())
        .filter(|each| name_of(&each.project).name == project)
        .filter(|each| is_within(each.due_on) || each.reached_on.is_some_and(is_within))
        .map(|each| (each.name.clone(), each.due_on, each.reached_on))
        .collect();
    milestones.sort_by_key(|(name, due, _)| (*due, name.clone()));
    let mut days = vec![middle()];
    days.extend(bars.iter().flat_map(|bar| [bar.start, bar.end]));
    days.extend(milestones.iter().map(|(_, due, _)| *due));
    days.extend(milestones.iter().filter_map(|(_, _, reached)| *reached));
    let first = *days.iter().min().unwrap();
    let last = *days.iter().max().unwrap();
    Expected {
        bars,
        milestones,
        from: from.unwrap_or(first),
        to: last,
    }
}

async fn everything(db: &mut TestDatabase, batch: &ImportBatch) -> (TenantId, Vec<Task>) {
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, batch.clone()).await.unwrap();
    let all = TaskQuery {
        limit: 200,
        ..TaskQuery::default()
    };
    let tasks = walk(db, &tenant, &all).await;
    (tenant, tasks)
}

async fn every_range_of_every_project_agrees_with_plain_loops(mut db: TestDatabase) {
    let batch = planned(43);
    let (tenant, tasks) = everything(&mut db, &batch).await;
    let scope = TenantScope::whole(tenant.clone());
    let all: Vec<&Task> = tasks.iter().collect();
    for name in batch.projects.iter().map(|project| &project.name) {
        let project = project_named(&db, &tenant, name).await;
        for (range, limit) in RangePreset::ALL.into_iter().zip([1, 7, 50, 200, 33]) {
            let query = TimelineQuery {
                limit,
                ..query(&project, range)
            };
            let found = timeline(&db, &scope, &query).await;
            let expected = expected(name, range, &all, &tasks, &batch);
            assert_eq!(found.tasks, expected.bars, "{name} {range:?}");
            assert_eq!((found.from, found.to), (expected.from, expected.to));
            assert_eq!(found.as_of, middle());
            let told = |each: &Milestone| (each.name.clone(), each.due, each.reached);
            // Those that are due on one day are in the order of ids.
            let mut told: Vec<_> = found.milestones.iter().map(told).collect();
            assert!(told.is_sorted_by_key(|(_, due, _)| *due));
            told.sort_by_key(|(name, due, _)| (*due, name.clone()));
            assert_eq!(told, expected.milestones);
            assert_eq!((&found.project.id, &found.project.name), (&project, name));
        }
    }
}

async fn filtered_timelines_agree_with_plain_loops(mut db: TestDatabase) {
    let batch = planned(47);
    let (tenant, tasks) = everything(&mut db, &batch).await;
    let scope = TenantScope::whole(tenant.clone());
    let name = "Project 1";
    let project = project_named(&db, &tenant, name).await;
    let labelled = tasks.iter().find(|task| !task.labels.is_empty()).unwrap();
    let dates = |from: &str, to: &str| DateRange {
        field: oriel_contract::DateField::CreatedAt,
        from: Some(day(from)),
        to: Some(day(to)),
    };
    let none = TaskFilter::default;
    for filter in [
        TaskFilter {
            statuses: vec![TaskStatus::Todo, TaskStatus::Done],
            ..none()
        },
        TaskFilter {
            labels: vec![labelled.labels[0].id.clone()],
            overdue: Some(false),
            ..none()
        },
        TaskFilter {
            dates: Some(dates("2026-01-01", "2026-04-01")),
            q: Some("ALPHA".to_owned()),
            ..none()
        },
        TaskFilter {
            assignees: vec![AssigneeFilter::Nobody],
            ..none()
        },
        TaskFilter {
            overdue: Some(true),
            ..none()
        },
    ] {
        let list = TaskQuery {
            filter: filter.clone(),
            limit: 200,
            ..TaskQuery::default()
        };
        let kept = walk(&db, &tenant, &list).await;
        let kept: Vec<&Task> = kept.iter().collect();
        for range in [RangePreset::Weeks26, RangePreset::All] {
            let query = TimelineQuery {
                filter: filter.clone(),
                limit: 9,
                ..query(&project, range)
            };
            let found = timeline(&db, &scope, &query).await;
            let expected = expected(name, range, &kept, &tasks, &batch);
            assert!(!expected.bars.is_empty(), "{filter:?}");
            assert_eq!(found.tasks, expected.bars, "{filter:?} {range:?}");
            assert_eq!((found.from, found.to), (expected.from, expected.to));
        }
    }
}

async fn migrating_tells_of_stored_tasks_what_importing_does(mut db: TestDatabase) {
    let (tenant, _) = everything(&mut db, &planned(59)).await;
    let scope = TenantScope::whole(tenant.clone());
    let project = project_named(&db, &tenant, "Project 1").await;
    let query = query(&project, RangePreset::All);
    let before = timeline(&db, &scope, &query).await;
    let script = if db.url.starts_with("sqlite:") {
        include_str!("../../migrations/sqlite/0004_timeline.sql")
    } else {
        include_str!("../../migrations/postgres/0004_timeline.sql")
    };
    let (_, update) = script.split_once("UPDATE tasks").unwrap();
    let (update, _) = update.split_once(';').unwrap();
    db.execute("UPDATE tasks SET starts_on = 0, ends_on = 0")
        .await
        .unwrap();
    db.execute(&format!("UPDATE tasks{update}")).await.unwrap();
    assert_eq!(timeline(&db, &scope, &query).await, before);
}

async fn a_cursor_of_another_timeline_is_refused(mut db: TestDatabase) {
    let (tenant, _) = everything(&mut db, &planned(53)).await;
    let project = project_named(&db, &tenant, "Project 1").await;
    let another = project_named(&db, &tenant, "Project 2").await;
    let store = db.whole(&tenant);
    let first = query(&project, RangePreset::All);
    let page = store.timeline(middle(), &first).await.unwrap().unwrap();
    let cursor = page.next_cursor.unwrap();
    let list = TaskQuery {
        limit: 5,
        ..TaskQuery::default()
    };
    let of_the_list = store.tasks(middle(), &list).await.unwrap().next_cursor;
    let print = cursor.split('.').next().unwrap();
    let filtered = TaskFilter {
        overdue: Some(false),
        ..TaskFilter::default()
    };
    for wrong in [
        query(&another, RangePreset::All),
        query(&project, RangePreset::Weeks52),
        TimelineQuery {
            filter: filtered,
            ..first.clone()
        },
    ] {
        let asked = TimelineQuery {
            cursor: Some(cursor.clone()),
            ..wrong
        };
        let answer = store.timeline(middle(), &asked).await;
        assert!(matches!(answer, Err(StoreError::BadCursor)), "{asked:?}");
    }
    for text in [
        of_the_list.unwrap(),
        "x".to_owned(),
        format!("{print}.n.tsk_1"),
        format!("{print}.i1.i2.tsk_1"),
        format!("{print}.t78.tsk_1"),
    ] {
        let asked = TimelineQuery {
            cursor: Some(text),
            ..first.clone()
        };
        let answer = store.timeline(middle(), &asked).await;
        assert!(matches!(answer, Err(StoreError::BadCursor)), "{asked:?}");
    }
}
