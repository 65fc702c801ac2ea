//! A project's timeline: bars and milestones. What each day means is written in
//! `openapi.yaml`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{MilestoneId, ProjectRef, TaskId, TaskStatus};

/// Answer of `GET /v1/embed/timeline`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    pub project: ProjectRef,
    #[serde(deserialize_with = "crate::time::date")]
    pub as_of: Date,
    /// What an axis covers at least.
    #[serde(deserialize_with = "crate::time::date")]
    pub from: Date,
    #[serde(deserialize_with = "crate::time::date")]
    pub to: Date,
    /// By `due`, on every page.
    pub milestones: Vec<Milestone>,
    /// By `start`, then by `id`.
    pub tasks: Vec<TimelineTask>,
    /// How many there are on all pages.
    pub total: u64,
    pub next_cursor: Option<String>,
}

/// A day by which a project means to have reached something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    pub id: MilestoneId,
    pub name: String,
    #[serde(deserialize_with = "crate::time::date")]
    pub due: Date,
    #[serde(default, deserialize_with = "crate::time::optional_date")]
    pub reached: Option<Date>,
}

/// A task as a bar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineTask {
    pub id: TaskId,
    pub title: String,
    pub status: TaskStatus,
    #[serde(deserialize_with = "crate::time::date")]
    pub start: Date,
    /// Never before `start`.
    #[serde(deserialize_with = "crate::time::date")]
    pub end: Date,
    /// Open, and `due_on` is before `as_of`.
    pub is_overdue: bool,
    /// Tasks that have to be finished before this one can start.
    pub depends_on: Vec<TaskId>,
}
