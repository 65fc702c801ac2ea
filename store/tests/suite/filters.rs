//! Filters, each and together, against plain loops.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use oriel_contract::{
    DateField, LabelId, ProjectId, Task, TaskPriority, TaskSort, TaskStatus, TenantId, UserId,
};
use oriel_store::{AssigneeFilter, DateRange, TaskFilter, TaskQuery};

use crate::{
    harness::{TestDatabase, day},
    orders::{compare, walk},
    sample::{middle, random},
};

on_both_databases! {
    each_filter_and_its_total_agree_with_plain_loops
    date_ranges_agree_with_plain_loops
    filters_together_agree_with_plain_loops
    every_page_has_the_labels_of_its_tasks
}

/// A filter, and whether it keeps a task.
type Case = (TaskFilter, Box<dyn Fn(&Task) -> bool>);

fn case(filter: TaskFilter, keeps: impl Fn(&Task) -> bool + 'static) -> Case {
    (filter, Box::new(keeps))
}

fn none() -> TaskFilter {
    TaskFilter::default()
}

/// All tasks of a tenant with random data.
async fn everything(db: &mut TestDatabase, seed: u64) -> (TenantId, Vec<Task>) {
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, random(seed)).await.unwrap();
    let query = TaskQuery {
        limit: 200,
        ..TaskQuery::default()
    };
    let tasks = walk(db, &tenant, &query).await;
    assert_eq!(tasks.len(), 700);
    (tenant, tasks)
}

/// The filter gives what the loop gives, in several orders and page sizes.
async fn assert_agrees(db: &TestDatabase, tenant: &TenantId, tasks: &[Task], case: Case) {
    let (filter, keeps) = case;
    for (sort, limit) in [
        (vec![TaskSort::UpdatedAtDesc], 200),
        (vec![TaskSort::DueOn], 50),
        (vec![TaskSort::DueOnDesc, TaskSort::Priority], 17),
    ] {
        let query = TaskQuery {
            filter: filter.clone(),
            sort: sort.clone(),
            limit,
            cursor: None,
        };
        let mut expected: Vec<&Task> = tasks.iter().filter(|task| keeps(task)).collect();
        expected.sort_by(|a, b| compare(&sort, a, b));
        let found = walk(db, tenant, &query).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{query:?}");
        assert!(!found.is_empty() && found.len() < tasks.len(), "{query:?}");
    }
}

fn is_late(task: &Task) -> bool {
    task.status.is_open() && task.due_on.is_some_and(|due| due < middle())
}

fn has_label(task: &Task, label: &LabelId) -> bool {
    task.labels.iter().any(|each| each.id == *label)
}

/// Two labels that tasks have.
fn two_labels(tasks: &[Task]) -> [LabelId; 2] {
    let mut labels: Vec<_> = tasks.iter().flat_map(|task| &task.labels).collect();
    labels.sort_by(|a, b| a.name.cmp(&b.name));
    [labels[0].id.clone(), labels[labels.len() - 1].id.clone()]
}

fn of_projects(projects: &[ProjectId]) -> Case {
    let projects = projects.to_vec();
    let filter = TaskFilter {
        projects: projects.clone(),
        ..none()
    };
    case(filter, move |task| projects.contains(&task.project.id))
}

fn of_statuses(statuses: &'static [TaskStatus]) -> Case {
    let filter = TaskFilter {
        statuses: statuses.to_vec(),
        ..none()
    };
    case(filter, |task| statuses.contains(&task.status))
}

fn of_priorities(priorities: &'static [TaskPriority]) -> Case {
    let filter = TaskFilter {
        priorities: priorities.to_vec(),
        ..none()
    };
    case(filter, |task| priorities.contains(&task.priority))
}

fn assigned_to(users: &[&UserId], nobody: bool) -> Case {
    let users: Vec<UserId> = users.iter().map(|user| (*user).clone()).collect();
    let mut assignees: Vec<_> = users.iter().cloned().map(AssigneeFilter::User).collect();
    assignees.extend(nobody.then_some(AssigneeFilter::Nobody));
    let filter = TaskFilter {
        assignees,
        ..none()
    };
    case(filter, move |task| match &task.assignee {
        Some(user) => users.contains(&user.id),
        None => nobody,
    })
}

fn with_labels(labels: &[LabelId]) -> Case {
    let labels = labels.to_vec();
    let filter = TaskFilter {
        labels: labels.clone(),
        ..none()
    };
    case(filter, move |task| {
        labels.iter().any(|label| has_label(task, label))
    })
}

fn overdue(overdue: bool) -> Case {
    let filter = TaskFilter {
        overdue: Some(overdue),
        ..none()
    };
    case(filter, move |task| is_late(task) == overdue)
}

fn containing(q: &str, keeps: impl Fn(&Task) -> bool + 'static) -> Case {
    let filter = TaskFilter {
        q: Some(q.to_owned()),
        ..none()
    };
    case(filter, keeps)
}

async fn each_filter_and_its_total_agree_with_plain_loops(mut db: TestDatabase) {
    use TaskPriority::{Low, Urgent};
    use TaskStatus::{Blocked, Done};
    let (tenant, tasks) = everything(&mut db, 13).await;
    let assigned = |task: &Task| task.assignee.clone().map(|user| user.id);
    let ann = tasks.iter().find_map(assigned).unwrap();
    let mut others = tasks.iter().filter_map(assigned);
    let bob = others.find(|id| *id != ann).unwrap();
    let project = tasks[0].project.id.clone();
    let mut others = tasks.iter().map(|task| task.project.id.clone());
    let other = others.find(|id| *id != project).unwrap();
    let [label, another] = two_labels(&tasks);
    for case in [
        of_projects(std::slice::from_ref(&project)),
        of_projects(&[project, other]),
        of_statuses(&[Done, Blocked]),
        of_priorities(&[Urgent]),
        of_priorities(&[Low, Urgent]),
        assigned_to(&[&ann], false),
        assigned_to(&[], true),
        assigned_to(&[&ann, &bob], false),
        assigned_to(&[&bob], true),
        with_labels(std::slice::from_ref(&label)),
        with_labels(&[another, label]),
        overdue(true),
        overdue(false),
        containing("ALPHA", |task| task.title.contains("Alpha")),
        containing("t-69", |task| {
            task.external_id.as_ref().unwrap().starts_with("T-69")
        }),
    ] {
        assert_agrees(&db, &tenant, &tasks, case).await;
    }
    assert!(tasks.iter().all(|task| task.overdue == is_late(task)));
}

fn utc_day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

fn date_of(task: &Task, field: DateField) -> Option<Date> {
    match field {
        DateField::DueOn => task.due_on,
        DateField::CreatedAt => Some(utc_day(task.created_at)),
        DateField::CompletedAt => task.completed_at.map(utc_day),
    }
}

async fn date_ranges_agree_with_plain_loops(mut db: TestDatabase) {
    let (tenant, tasks) = everything(&mut db, 19).await;
    for field in [
        DateField::DueOn,
        DateField::CreatedAt,
        DateField::CompletedAt,
    ] {
        // Days that some task has, so that both ends of a range are tried.
        let mut days: Vec<Date> = tasks.iter().filter_map(|t| date_of(t, field)).collect();
        days.sort_unstable();
        let (early, late) = (days[days.len() / 4], days[days.len() / 2]);
        for (from, to) in [
            (Some(early), Some(late)),
            (Some(late), Some(late)),
            (Some(late), None),
            (None, Some(early)),
        ] {
            let dates = Some(DateRange { field, from, to });
            let within = move |task: &Task| {
                date_of(task, field).is_some_and(|date| {
                    from.is_none_or(|from| from <= date) && to.is_none_or(|to| date <= to)
                })
            };
            let filter = TaskFilter { dates, ..none() };
            assert_agrees(&db, &tenant, &tasks, case(filter, within)).await;
        }
    }
    // The ends of the calendar are days as any other.
    let (from, to) = (Some(Date::MIN), Some(day("9999-12-31")));
    let field = DateField::DueOn;
    let filter = TaskFilter {
        dates: Some(DateRange { field, from, to }),
        ..none()
    };
    let due = case(filter, |task| task.due_on.is_some());
    assert_agrees(&db, &tenant, &tasks, due).await;
}

async fn filters_together_agree_with_plain_loops(mut db: TestDatabase) {
    let (tenant, tasks) = everything(&mut db, 23).await;
    let [label, another] = two_labels(&tasks);
    let filter = TaskFilter {
        statuses: vec![TaskStatus::Todo, TaskStatus::Done],
        priorities: vec![TaskPriority::Urgent, TaskPriority::High, TaskPriority::None],
        labels: vec![label.clone(), another.clone()],
        dates: Some(DateRange {
            field: DateField::CreatedAt,
            from: None,
            to: Some(middle()),
        }),
        q: Some("task".to_owned()),
        ..none()
    };
    let keeps = move |task: &Task| {
        use TaskPriority::{High, None, Urgent};
        matches!(task.status, TaskStatus::Todo | TaskStatus::Done)
            && matches!(task.priority, Urgent | High | None)
            && (has_label(task, &label) || has_label(task, &another))
            && utc_day(task.created_at) <= middle()
    };
    assert_agrees(&db, &tenant, &tasks, case(filter, keeps)).await;
}

async fn every_page_has_the_labels_of_its_tasks(mut db: TestDatabase) {
    let (tenant, tasks) = everything(&mut db, 29).await;
    let batch = random(29);
    for task in tasks {
        let imported = batch.tasks.iter();
        let mut imported =
            imported.filter(|each| Some(&each.external_id) == task.external_id.as_ref());
        let mut expected = imported.next().unwrap().labels.clone();
        expected.sort();
        expected.dedup();
        let names: Vec<_> = task.labels.iter().map(|label| label.name.clone()).collect();
        assert_eq!(names, expected);
        let detail = db.whole(&tenant).task(middle(), &task.id).await.unwrap();
        assert_eq!(detail.unwrap().task, task);
    }
}
