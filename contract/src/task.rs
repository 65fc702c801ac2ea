//! Tasks as the read API shows them.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{LabelRef, ProjectRef, TaskId, UserId};

/// Where a task stands. It is *open* while `Todo`, `InProgress` or `Blocked`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    Todo,
    InProgress,
    Blocked,
    Done,
    Cancelled,
}

impl TaskStatus {
    /// Every status, in the contract's order.
    pub const ALL: [Self; 5] = [
        Self::Todo,
        Self::InProgress,
        Self::Blocked,
        Self::Done,
        Self::Cancelled,
    ];

    /// The status as the contract spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::InProgress => "in_progress",
            Self::Blocked => "blocked",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether work on the task may still go on.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Todo | Self::InProgress | Self::Blocked)
    }
}

/// How much a task matters, most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskPriority {
    Urgent,
    High,
    Medium,
    Low,
    None,
}

impl TaskPriority {
    /// Every priority, most urgent first.
    pub const ALL: [Self; 5] = [
        Self::Urgent,
        Self::High,
        Self::Medium,
        Self::Low,
        Self::None,
    ];

    /// The priority as the contract spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Urgent => "urgent",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::None => "none",
        }
    }
}

/// A user by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRef {
    pub id: UserId,
    pub name: String,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    pub id: TaskId,
    /// Its name in the system that it came from.
    pub external_id: Option<String>,
    pub title: String,
    pub project: ProjectRef,
    pub status: TaskStatus,
    pub priority: TaskPriority,
    pub assignee: Option<UserRef>,
    /// By name.
    #[serde(default)]
    pub labels: Vec<LabelRef>,
    #[serde(deserialize_with = "crate::time::time")]
    pub created_at: Timestamp,
    #[serde(default, deserialize_with = "crate::time::optional_time")]
    pub started_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "crate::time::optional_time")]
    pub completed_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "crate::time::optional_date")]
    pub due_on: Option<Date>,
    /// Open, and `due_on` is before `as_of`.
    pub overdue: bool,
    pub estimate_hours: Option<f64>,
    #[serde(deserialize_with = "crate::time::time")]
    pub updated_at: Timestamp,
}

/// Answer of `GET /v1/embed/tasks`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskPage {
    pub items: Vec<Task>,
    pub next_cursor: Option<String>,
    /// How many tasks match, on all pages.
    pub total: u64,
}

/// Answer of `GET /v1/embed/tasks/{task}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskDetail {
    pub task: Task,
    /// Oldest first.
    pub history: Vec<StatusChange>,
    /// Most hours first.
    pub contributors: Vec<Contributor>,
}

/// A status and when the task entered it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    pub status: TaskStatus,
    #[serde(deserialize_with = "crate::time::time")]
    pub at: Timestamp,
}

/// Who worked on a task, and for how long.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contributor {
    pub user: UserRef,
    pub hours: Option<f64>,
}

/// A date of a task that `from` and `to` are about; of a time, its UTC day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateField {
    #[default]
    DueOn,
    CreatedAt,
    CompletedAt,
}

impl DateField {
    /// Every date.
    pub const ALL: [Self; 3] = [Self::DueOn, Self::CreatedAt, Self::CompletedAt];

    /// The date as the contract spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DueOn => "due_on",
            Self::CreatedAt => "created_at",
            Self::CompletedAt => "completed_at",
        }
    }
}

/// A key that `GET /v1/embed/tasks` sorts by; `Desc` is a leading `-`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TaskSort {
    #[serde(rename = "updated_at")]
    UpdatedAt,
    #[default]
    #[serde(rename = "-updated_at")]
    UpdatedAtDesc,
    #[serde(rename = "created_at")]
    CreatedAt,
    #[serde(rename = "-created_at")]
    CreatedAtDesc,
    #[serde(rename = "due_on")]
    DueOn,
    #[serde(rename = "-due_on")]
    DueOnDesc,
    #[serde(rename = "completed_at")]
    CompletedAt,
    #[serde(rename = "-completed_at")]
    CompletedAtDesc,
    #[serde(rename = "priority")]
    Priority,
    #[serde(rename = "-priority")]
    PriorityDesc,
    #[serde(rename = "status")]
    Status,
    #[serde(rename = "-status")]
    StatusDesc,
    #[serde(rename = "title")]
    Title,
    #[serde(rename = "-title")]
    TitleDesc,
}
