//! What a task's dates prove of its history, and where they contradict.

use jiff::Timestamp;
use oriel_contract::{StatusChange, TaskStatus};
use oriel_store::ImportTask;

/// Dates that do not fit together. The task is taken as it is.
pub fn oddities(task: &ImportTask) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(started) = task.started_at
        && started < task.created_at
    {
        found.push(format!(
            "was started ({started}) before it was created ({})",
            task.created_at
        ));
    }
    if let (Some(started), Some(completed)) = (task.started_at, task.completed_at)
        && completed < started
    {
        found.push(format!(
            "was completed ({completed}) before it was started ({started}): it has no cycle time"
        ));
    }
    match (task.status, task.completed_at) {
        (TaskStatus::Done, None) => {
            found.push("is done without a completion date: no week counts it".to_owned());
        }
        (TaskStatus::Done, Some(_)) | (_, None) => {}
        (status, Some(_)) => found.push(format!(
            "is {} and has a completion date: it does not count as completed",
            status.as_str()
        )),
    }
    found
}

/// The statuses that the dates prove, oldest first. One that was entered after
/// its successor is left out, and one that no date belongs to as well.
pub fn history(task: &ImportTask) -> Vec<StatusChange> {
    let mut changes = Vec::new();
    let mut latest = Timestamp::MAX;
    let mut before = |status, at: Option<Timestamp>| {
        if let Some(at) = at
            && at <= latest
        {
            latest = at;
            changes.push(StatusChange { status, at });
        }
    };
    if !task.status.is_open() {
        before(task.status, task.completed_at);
    }
    if task.status != TaskStatus::Todo {
        before(TaskStatus::InProgress, task.started_at);
    }
    before(TaskStatus::Todo, Some(task.created_at));
    changes.reverse();
    changes
}
