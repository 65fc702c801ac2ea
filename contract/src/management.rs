//! What the management API reads and writes: projects, tasks and users as a tenant's
//! backend knows them.
//!
//! In a patch `None` leaves a member as it is, and `Some(None)` takes it away.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::{
    EmbedId, FieldError, ProblemCode, ProjectId, RangePreset, TaskId, TaskPriority, TaskStatus,
    UserId, session::present, time,
};

/// A project, as its tenant keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectResource {
    pub id: ProjectId,
    pub external_id: Option<String>,
    pub name: String,
    /// In quotes, the `ETag`.
    pub version: u64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A project to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewProject {
    pub name: String,
    #[serde(default, deserialize_with = "present")]
    pub external_id: Option<String>,
}

/// What a project is replaced by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutProject {
    pub name: String,
}

/// A merge patch of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProjectPatch {
    #[serde(deserialize_with = "present")]
    pub name: Option<String>,
    #[serde(deserialize_with = "nullable")]
    pub external_id: Option<Option<String>>,
}

/// A user, as its tenant keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserResource {
    pub id: UserId,
    pub external_id: Option<String>,
    pub name: String,
    pub email: Option<String>,
    /// In quotes, the `ETag`.
    pub version: u64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A user to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    pub name: String,
    #[serde(default, deserialize_with = "present")]
    pub email: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub external_id: Option<String>,
}

/// What a user is replaced by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutUser {
    pub name: String,
    #[serde(default, deserialize_with = "present")]
    pub email: Option<String>,
}

/// A merge patch of a user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserPatch {
    #[serde(deserialize_with = "present")]
    pub name: Option<String>,
    #[serde(deserialize_with = "nullable")]
    pub email: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    pub external_id: Option<Option<String>>,
}

/// A task, as its tenant keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskResource {
    pub id: TaskId,
    pub external_id: Option<String>,
    pub title: String,
    pub project: ProjectId,
    pub status: TaskStatus,
    pub priority: TaskPriority,
    pub assignee: Option<UserId>,
    /// Names, in the order of their bytes.
    pub labels: Vec<String>,
    pub due_on: Option<Date>,
    pub estimate_hours: Option<f64>,
    pub created_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub updated_at: Timestamp,
    /// In quotes, the `ETag`.
    pub version: u64,
}

/// A task to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTask {
    #[serde(default, deserialize_with = "present")]
    pub external_id: Option<String>,
    pub title: String,
    pub project: ProjectId,
    #[serde(default, deserialize_with = "present")]
    pub status: Option<TaskStatus>,
    #[serde(default, deserialize_with = "present")]
    pub priority: Option<TaskPriority>,
    #[serde(default)]
    pub assignee: Option<UserId>,
    #[serde(default)]
    pub labels: Vec<String>,
    #[serde(default, deserialize_with = "time::optional_date")]
    pub due_on: Option<Date>,
    #[serde(default)]
    pub estimate_hours: Option<f64>,
    #[serde(default, deserialize_with = "time::present_time")]
    pub created_at: Option<Timestamp>,
    /// Left out, it follows the status.
    #[serde(default, deserialize_with = "time::nullable_time")]
    pub started_at: Option<Option<Timestamp>>,
    /// Left out, it follows the status.
    #[serde(default, deserialize_with = "time::nullable_time")]
    pub completed_at: Option<Option<Timestamp>>,
}

/// What a task is replaced by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutTask {
    pub title: String,
    pub project: ProjectId,
    #[serde(default, deserialize_with = "present")]
    pub status: Option<TaskStatus>,
    #[serde(default, deserialize_with = "present")]
    pub priority: Option<TaskPriority>,
    #[serde(default)]
    pub assignee: Option<UserId>,
    #[serde(default)]
    pub labels: Vec<String>,
    #[serde(default, deserialize_with = "time::optional_date")]
    pub due_on: Option<Date>,
    #[serde(default)]
    pub estimate_hours: Option<f64>,
    /// Left out, it stays.
    #[serde(default, deserialize_with = "time::present_time")]
    pub created_at: Option<Timestamp>,
    /// Left out, it follows the status.
    #[serde(default, deserialize_with = "time::nullable_time")]
    pub started_at: Option<Option<Timestamp>>,
    /// Left out, it follows the status.
    #[serde(default, deserialize_with = "time::nullable_time")]
    pub completed_at: Option<Option<Timestamp>>,
}

impl PutTask {
    /// The same as a task to be, of that external id.
    #[must_use]
    pub fn named(self, external_id: String) -> NewTask {
        NewTask {
            external_id: Some(external_id),
            title: self.title,
            project: self.project,
            status: self.status,
            priority: self.priority,
            assignee: self.assignee,
            labels: self.labels,
            due_on: self.due_on,
            estimate_hours: self.estimate_hours,
            created_at: self.created_at,
            started_at: self.started_at,
            completed_at: self.completed_at,
        }
    }
}

/// A merge patch of a task.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TaskPatch {
    #[serde(deserialize_with = "present")]
    pub title: Option<String>,
    #[serde(deserialize_with = "present")]
    pub project: Option<ProjectId>,
    #[serde(deserialize_with = "nullable")]
    pub external_id: Option<Option<String>>,
    #[serde(deserialize_with = "present")]
    pub status: Option<TaskStatus>,
    #[serde(deserialize_with = "present")]
    pub priority: Option<TaskPriority>,
    #[serde(deserialize_with = "nullable")]
    pub assignee: Option<Option<UserId>>,
    #[serde(deserialize_with = "present")]
    pub labels: Option<Vec<String>>,
    #[serde(deserialize_with = "time::nullable_date")]
    pub due_on: Option<Option<Date>>,
    #[serde(deserialize_with = "nullable")]
    pub estimate_hours: Option<Option<f64>>,
    #[serde(deserialize_with = "time::nullable_time")]
    pub started_at: Option<Option<Timestamp>>,
    #[serde(deserialize_with = "time::nullable_time")]
    pub completed_at: Option<Option<Timestamp>>,
}

/// Body of `POST /v1/tasks/bulk`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskBulk {
    /// Each a [`TaskBulkItem`]; what is wrong with one is told in its result.
    pub items: Vec<Value>,
}

/// One thing to do with a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum TaskBulkItem {
    Create {
        task: NewTask,
    },
    Upsert {
        external_id: String,
        #[serde(default, deserialize_with = "present")]
        version: Option<u64>,
        task: PutTask,
    },
    Update {
        id: TaskId,
        #[serde(default, deserialize_with = "present")]
        version: Option<u64>,
        task: TaskPatch,
    },
    Delete {
        id: TaskId,
        #[serde(default, deserialize_with = "present")]
        version: Option<u64>,
    },
}

/// Answer of `POST /v1/tasks/bulk`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskBulkResults {
    pub succeeded: u64,
    pub failed: u64,
    /// In the order of the items.
    pub results: Vec<TaskBulkResult>,
}

/// What became of an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskBulkResult {
    /// The HTTP status that the item would have had alone.
    pub status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskResource>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<TaskBulkProblem>,
}

/// What was wrong with an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskBulkProblem {
    pub code: ProblemCode,
    pub detail: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// An embed, as its tenant keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbedResource {
    pub id: EmbedId,
    pub title: String,
    pub allowed_origins: Vec<String>,
    pub default_range: RangePreset,
    /// `overview`, `tasks`, `board` or `project=prj_…`.
    pub default_view: String,
    /// The day that the dashboard calls today; `None` for the current one.
    pub as_of: Option<Date>,
    pub require_dpop: bool,
    /// In quotes, the `ETag`.
    pub version: u64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// An embed to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewEmbedRequest {
    pub title: String,
    pub allowed_origins: Vec<String>,
    #[serde(default)]
    pub allow_custom_schemes: bool,
    #[serde(default, deserialize_with = "present")]
    pub default_range: Option<RangePreset>,
    #[serde(default, deserialize_with = "present")]
    pub default_view: Option<String>,
    #[serde(default, deserialize_with = "time::optional_date")]
    pub as_of: Option<Date>,
    #[serde(default)]
    pub require_dpop: bool,
}

/// A merge patch of an embed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EmbedPatch {
    #[serde(deserialize_with = "present")]
    pub title: Option<String>,
    #[serde(deserialize_with = "present")]
    pub allowed_origins: Option<Vec<String>>,
    pub allow_custom_schemes: bool,
    #[serde(deserialize_with = "present")]
    pub default_range: Option<RangePreset>,
    #[serde(deserialize_with = "present")]
    pub default_view: Option<String>,
    #[serde(deserialize_with = "time::nullable_date")]
    pub as_of: Option<Option<Date>>,
    #[serde(deserialize_with = "present")]
    pub require_dpop: Option<bool>,
}

/// A member that is there, be it null.
fn nullable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
