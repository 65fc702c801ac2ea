//! Locks: what a locked scope shows is to the word what it would show if the tenant
//! had nothing else. So each lock has a twin: a tenant that holds only what the lock
//! lets through, by plain loops over what is imported.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use oriel_contract::{
    DateField, LockedFilters, RangePreset, TaskId, TaskSort, TaskStatus, TenantId, utc_day,
};
use oriel_store::{
    DateRange, ImportBatch, ImportMilestone, ImportTask, TaskFilter, TaskQuery, TenantScope,
    TenantStore, TimelineQuery,
};
use serde_json::{Value, json};

use crate::{
    harness::{TestDatabase, day},
    names::{labels, people},
    orders::walk,
    sample::middle,
    scopes::project_named,
    timeline::planned,
};

on_both_databases! {
    what_is_locked_out_is_as_what_is_not_there
}

/// A token's limits, by external ids.
#[derive(Debug, Clone, Copy, Default)]
struct Limits {
    projects: Option<&'static [&'static str]>,
    status: Option<&'static [TaskStatus]>,
    assignee: Option<&'static str>,
    dates: Option<(DateField, Option<&'static str>, Option<&'static str>)>,
}

fn each_lock_and_all_together() -> [Limits; 8] {
    use DateField::{CompletedAt, CreatedAt, DueOn};
    let none = Limits::default();
    let dates = |field, from, to| Limits {
        dates: Some((field, from, to)),
        ..none
    };
    [
        Limits {
            projects: Some(&["p1", "p3"]),
            ..none
        },
        Limits {
            status: Some(&[TaskStatus::Done, TaskStatus::Blocked]),
            ..none
        },
        Limits {
            assignee: Some("u3"),
            ..none
        },
        dates(DueOn, Some("2026-02-01"), Some("2026-06-30")),
        dates(CreatedAt, Some("2026-01-15"), None),
        dates(CompletedAt, None, Some("2026-03-01")),
        dates(DueOn, None, Some("2026-03-24")),
        Limits {
            projects: Some(&["p0", "p1", "p2"]),
            status: Some(&[TaskStatus::Done, TaskStatus::Todo, TaskStatus::InProgress]),
            assignee: Some("u5"),
            dates: Some((CreatedAt, Some("2023-01-01"), Some("2027-01-01"))),
        },
    ]
}

fn lies(day_of: Option<Date>, from: Option<&str>, to: Option<&str>) -> bool {
    day_of.is_some_and(|date| {
        from.is_none_or(|from| day(from) <= date) && to.is_none_or(|to| date <= day(to))
    })
}

impl Limits {
    fn keeps(&self, task: &ImportTask) -> bool {
        let within = |(field, from, to)| {
            let day_of = match field {
                DateField::DueOn => task.due_on,
                DateField::CreatedAt => Some(utc_day(task.created_at)),
                DateField::CompletedAt => task.completed_at.map(utc_day),
            };
            lies(day_of, from, to)
        };
        self.has_project(&task.project)
            && self.status.is_none_or(|some| some.contains(&task.status))
            && self
                .assignee
                .is_none_or(|user| task.assignee.as_deref() == Some(user))
            && self.dates.is_none_or(within)
    }

    fn keeps_milestone(&self, milestone: &ImportMilestone) -> bool {
        let within = |(field, from, to)| {
            let day_of = match field {
                DateField::DueOn => Some(milestone.due_on),
                DateField::CreatedAt => None,
                DateField::CompletedAt => milestone.reached_on,
            };
            lies(day_of, from, to)
        };
        self.has_project(&milestone.project) && self.dates.is_none_or(within)
    }

    fn has_project(&self, project: &str) -> bool {
        self.projects.is_none_or(|some| some.contains(&project))
    }

    /// What the twin holds.
    fn kept(&self, mut batch: ImportBatch) -> ImportBatch {
        batch
            .projects
            .retain(|it| self.has_project(&it.external_id));
        batch.milestones.retain(|it| self.keeps_milestone(it));
        batch.tasks.retain(|task| self.keeps(task));
        let ids: Vec<String> = batch
            .tasks
            .iter()
            .map(|it| it.external_id.clone())
            .collect();
        for task in &mut batch.tasks {
            task.depends_on.retain(|id| ids.contains(id));
        }
        batch
    }

    async fn scope(&self, db: &TestDatabase, tenant: &TenantId) -> TenantScope {
        let mut projects = self.projects.map(|_| Vec::new());
        for id in self.projects.unwrap_or_default() {
            let name = format!("Project {}", &id[1..]);
            let id = project_named(db, tenant, &name).await;
            projects.as_mut().unwrap().push(id);
        }
        let everybody = people(&db.whole(tenant), None).await;
        let user_named = |name: &str| {
            let mut people = everybody.iter().map(|person| &person.user);
            people.find(|user| user.name == name).unwrap().id.clone()
        };
        let locked = LockedFilters {
            status: self.status.map(<[_]>::to_vec),
            assignee: self.assignee.map(user_named),
            date: self.dates.map(|(field, ..)| field),
            from: self.dates.and_then(|(_, from, _)| from.map(day)),
            to: self.dates.and_then(|(.., to)| to.map(day)),
        };
        TenantScope::limited(tenant.clone(), projects, locked)
    }
}

/// 120 tasks that wait for each other, with milestones; no two people of one name.
fn everything() -> ImportBatch {
    let mut batch = planned(3);
    batch.tasks.truncate(120);
    for user in &mut batch.users {
        user.name.clone_from(&user.external_id);
    }
    Limits::default().kept(batch)
}

/// The ids of all of a tenant's tasks, by external id.
async fn task_ids(db: &TestDatabase, tenant: &TenantId) -> HashMap<String, TaskId> {
    let query = TaskQuery {
        limit: 200,
        ..TaskQuery::default()
    };
    let tasks = walk(db, tenant, &query).await.into_iter();
    tasks
        .map(|task| (task.external_id.unwrap(), task.id))
        .collect()
}

/// The answer with external ids for ids of tasks and without all others, which stand
/// beside a name, and with lists in an order that does not depend on ids.
fn told(answer: Value, tasks: &HashMap<String, TaskId>) -> Value {
    match answer {
        Value::String(text) => {
            let mut tasks = tasks.iter();
            let task = tasks.find(|(_, id)| id.as_str() == text);
            let is_id = ["prj_", "usr_", "lbl_", "mst_"].map(|kind| text.starts_with(kind));
            match task {
                Some((name, _)) => json!(name),
                None if is_id.contains(&true) => json!("id"),
                None => Value::String(text),
            }
        }
        Value::Array(all) => {
            let mut all: Vec<Value> = all.into_iter().map(|each| told(each, tasks)).collect();
            all.sort_by_key(Value::to_string);
            Value::Array(all)
        }
        Value::Object(all) => all
            .into_iter()
            .map(|(name, each)| (name, told(each, tasks)))
            .collect(),
        other => other,
    }
}

fn filters() -> [TaskFilter; 4] {
    let none = TaskFilter::default;
    [
        none(),
        TaskFilter {
            statuses: vec![TaskStatus::Todo, TaskStatus::Done],
            overdue: Some(false),
            ..none()
        },
        TaskFilter {
            dates: Some(DateRange {
                field: DateField::CreatedAt,
                from: Some(day("2025-01-01")),
                to: None,
            }),
            ..none()
        },
        TaskFilter {
            q: Some("alpha".to_owned()),
            ..none()
        },
    ]
}

/// All that can be asked of a scope, with the answers.
async fn answers(
    db: &TestDatabase,
    scope: TenantScope,
    everything: &ImportBatch,
) -> BTreeMap<String, Value> {
    let tenant = scope.tenant().clone();
    let tasks = task_ids(db, &tenant).await;
    let store = db.store.within(scope);
    let mut all = BTreeMap::new();
    filtered(&store, &mut all).await;
    of_projects(db, &store, everything, &mut all).await;
    for task in &everything.tasks {
        let detail = match tasks.get(&task.external_id) {
            Some(id) => store.task(middle(), id).await.unwrap(),
            None => None,
        };
        all.insert(format!("task {}", task.external_id), json!(detail));
    }
    all.insert("people".to_owned(), json!(people(&store, None).await));
    all.insert(
        "people u1".to_owned(),
        json!(people(&store, Some("u1")).await),
    );
    all.insert("labels".to_owned(), json!(labels(&store, None).await));
    all.insert(
        "labels 3".to_owned(),
        json!(labels(&store, Some("3")).await),
    );
    let latest = store.latest_activity().await.unwrap();
    all.insert("latest activity".to_owned(), json!(latest));
    let told = |(question, answer)| (question, told(answer, &tasks));
    all.into_iter().map(told).collect()
}

async fn filtered(store: &TenantStore<'_>, all: &mut BTreeMap<String, Value>) {
    for filter in filters() {
        for range in [RangePreset::All, RangePreset::Weeks12] {
            let numbers = store.dashboard(middle(), range, &filter).await.unwrap();
            let question = format!("dashboard {range:?} {filter:?}");
            all.insert(question, json!(numbers.into_dashboard(false)));
        }
        for sort in [TaskSort::UpdatedAtDesc, TaskSort::DueOn] {
            let query = TaskQuery {
                filter: filter.clone(),
                sort: vec![sort],
                limit: 200,
                cursor: None,
            };
            let page = store.tasks(middle(), &query).await.unwrap();
            all.insert(format!("tasks {sort:?} {filter:?}"), json!(page));
        }
    }
}

async fn of_projects(
    db: &TestDatabase,
    store: &TenantStore<'_>,
    everything: &ImportBatch,
    all: &mut BTreeMap<String, Value>,
) {
    let projects = store.projects(middle(), 50, None).await.unwrap();
    all.insert("projects".to_owned(), json!(projects));
    let ids = store.project_ids().await.unwrap();
    all.insert("ids of projects".to_owned(), json!(ids));
    let own = db.whole(store.scope().tenant());
    let own = own.projects(middle(), 50, None).await.unwrap().items;
    for project in &everything.projects {
        for range in [RangePreset::All, RangePreset::Weeks12] {
            let question = format!("timeline {} {range:?}", project.name);
            let timeline = match own.iter().find(|own| own.name == project.name) {
                Some(own) => {
                    let query = TimelineQuery {
                        limit: 200,
                        ..crate::timeline::query(&own.id, range)
                    };
                    store.timeline(middle(), &query).await.unwrap()
                }
                None => None,
            };
            all.insert(question, json!(timeline));
        }
    }
}

async fn what_is_locked_out_is_as_what_is_not_there(mut db: TestDatabase) {
    let everything = everything();
    let tenant = db.tenant("Acme").await;
    db.import(&tenant, everything.clone()).await.unwrap();
    for limits in each_lock_and_all_together() {
        let kept = limits.kept(everything.clone());
        assert!((2..100).contains(&kept.tasks.len()), "{limits:?}");
        let twin = db.tenant("Acme").await;
        db.import(&twin, kept).await.unwrap();
        let scope = limits.scope(&db, &tenant).await;
        let locked = answers(&db, scope, &everything).await;
        let alone = answers(&db, TenantScope::whole(twin), &everything).await;
        for (question, answer) in &locked {
            assert_eq!(*answer, alone[question], "{question} of {limits:?}");
        }
    }
}
