//! What becomes of a task's members. Pure.

use jiff::{Timestamp, civil::Date};
use oriel_contract::{
    NewTask, ProjectId, StatusChange, TaskId, TaskPatch, TaskPriority, TaskResource, TaskStatus,
    UserId,
};

/// What a request wants of a task. `None` of a time lets it follow the status.
pub(super) struct Members {
    external_id: Option<String>,
    title: String,
    project: ProjectId,
    status: TaskStatus,
    priority: TaskPriority,
    assignee: Option<UserId>,
    labels: Vec<String>,
    due_on: Option<Date>,
    estimate_hours: Option<f64>,
    created_at: Option<Timestamp>,
    started_at: Option<Option<Timestamp>>,
    completed_at: Option<Option<Timestamp>>,
}

impl Members {
    pub fn of_new(new: NewTask) -> Self {
        Self {
            external_id: new.external_id,
            title: new.title,
            project: new.project,
            status: new.status.unwrap_or(TaskStatus::Todo),
            priority: new.priority.unwrap_or(TaskPriority::None),
            assignee: new.assignee,
            labels: in_order(new.labels),
            due_on: new.due_on,
            estimate_hours: new.estimate_hours,
            created_at: new.created_at,
            started_at: new.started_at,
            completed_at: new.completed_at,
        }
    }

    pub fn of_patch(task: &TaskResource, patch: TaskPatch) -> Self {
        Self {
            external_id: patch
                .external_id
                .unwrap_or_else(|| task.external_id.clone()),
            title: patch.title.unwrap_or_else(|| task.title.clone()),
            project: patch.project.unwrap_or_else(|| task.project.clone()),
            status: patch.status.unwrap_or(task.status),
            priority: patch.priority.unwrap_or(task.priority),
            assignee: patch.assignee.unwrap_or_else(|| task.assignee.clone()),
            labels: patch.labels.map_or_else(|| task.labels.clone(), in_order),
            due_on: patch.due_on.unwrap_or(task.due_on),
            estimate_hours: patch.estimate_hours.unwrap_or(task.estimate_hours),
            created_at: None,
            started_at: patch.started_at,
            completed_at: patch.completed_at,
        }
    }

    /// The same in the place of a task: when that was made stays, and where its status
    /// does, so do times that are not named.
    pub fn over(self, task: &TaskResource) -> Self {
        Self {
            external_id: task.external_id.clone(),
            created_at: None,
            ..self
        }
    }

    /// A new task of that version, and its history: it was to be done when it was made, and
    /// has its status since the time that goes with it.
    pub fn begin(
        self,
        id: TaskId,
        version: u64,
        now: Timestamp,
    ) -> (TaskResource, Vec<StatusChange>) {
        let created_at = self.created_at.unwrap_or(now);
        let blank = TaskResource {
            id,
            external_id: None,
            title: String::new(),
            project: self.project.clone(),
            status: TaskStatus::Todo,
            priority: TaskPriority::None,
            assignee: None,
            labels: Vec::new(),
            due_on: None,
            estimate_hours: None,
            created_at,
            started_at: None,
            completed_at: None,
            updated_at: now,
            version,
        };
        let task = self.follow(&blank, now);
        let mut history = vec![StatusChange {
            status: TaskStatus::Todo,
            at: created_at,
        }];
        if task.status != TaskStatus::Todo {
            let since = match task.status {
                TaskStatus::Done => task.completed_at,
                TaskStatus::InProgress => task.started_at,
                _ => None,
            };
            history.push(StatusChange {
                status: task.status,
                at: since.unwrap_or(now).max(created_at),
            });
        }
        (task, history)
    }

    /// The task as it is to be, given what it was.
    pub fn follow(self, before: &TaskResource, now: Timestamp) -> TaskResource {
        let enters = |status| self.status == status && before.status != status;
        let started_at = if enters(TaskStatus::InProgress) {
            before.started_at.or(Some(now))
        } else {
            before.started_at
        };
        let completed_at = match self.status {
            TaskStatus::Done if before.status != TaskStatus::Done => Some(now),
            TaskStatus::Done => before.completed_at,
            _ if before.status == TaskStatus::Done => None,
            _ => before.completed_at,
        };
        TaskResource {
            id: before.id.clone(),
            external_id: self.external_id,
            title: self.title,
            project: self.project,
            status: self.status,
            priority: self.priority,
            assignee: self.assignee,
            labels: self.labels,
            due_on: self.due_on,
            estimate_hours: self.estimate_hours,
            created_at: self.created_at.map_or(before.created_at, to_millisecond),
            started_at: self.started_at.unwrap_or(started_at).map(to_millisecond),
            completed_at: self
                .completed_at
                .unwrap_or(completed_at)
                .map(to_millisecond),
            updated_at: before.updated_at,
            version: before.version,
        }
    }
}

/// The members that differ, as the contract calls them.
pub(super) fn changed(before: &TaskResource, after: &TaskResource) -> Vec<&'static str> {
    let all = [
        ("external_id", before.external_id != after.external_id),
        ("title", before.title != after.title),
        ("project", before.project != after.project),
        ("status", before.status != after.status),
        ("priority", before.priority != after.priority),
        ("assignee", before.assignee != after.assignee),
        ("labels", before.labels != after.labels),
        ("due_on", before.due_on != after.due_on),
        (
            "estimate_hours",
            before.estimate_hours != after.estimate_hours,
        ),
        ("created_at", before.created_at != after.created_at),
        ("started_at", before.started_at != after.started_at),
        ("completed_at", before.completed_at != after.completed_at),
    ];
    let differing = all.into_iter().filter(|(_, differs)| *differs);
    differing.map(|(member, _)| member).collect()
}

/// Whether what is counted by day is counted otherwise then.
pub(super) fn moves_days(changed: &[&str]) -> bool {
    ["status", "project", "due_on", "created_at"]
        .iter()
        .any(|member| changed.contains(member))
}

/// Times are kept to the millisecond: what is answered must be what is read later.
fn to_millisecond(time: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time)
}

/// Each label once, in the order of its bytes.
fn in_order(mut labels: Vec<String>) -> Vec<String> {
    labels.sort_unstable();
    labels.dedup();
    labels
}
