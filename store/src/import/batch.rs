//! What an import brings, and what can be wrong with it.

use jiff::{Timestamp, civil::Date};
use oriel_contract::{StatusChange, TaskPriority, TaskStatus};
use serde::Serialize;

/// Users, projects, tasks and milestones from another system, under the ids they
/// have there. All of it is written, or nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ImportBatch {
    pub users: Vec<ImportUser>,
    pub projects: Vec<ImportProject>,
    pub tasks: Vec<ImportTask>,
    pub milestones: Vec<ImportMilestone>,
    /// Where it comes from, for the event log.
    pub source: String,
}

/// A user of the other system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportUser {
    pub external_id: String,
    pub name: String,
    /// Whether the other system gave the name. One that was made up here
    /// replaces none that is stored.
    pub has_own_name: bool,
    /// Without one, an address that is stored stays.
    pub email: Option<String>,
}

/// A project of the other system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportProject {
    pub external_id: String,
    pub name: String,
    /// As [`ImportUser::has_own_name`].
    pub has_own_name: bool,
}

/// A task of the other system.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportTask {
    pub external_id: String,
    pub title: String,
    /// External id of a project of the batch, or of one imported before.
    pub project: String,
    pub status: TaskStatus,
    pub priority: TaskPriority,
    /// External id of a user of the batch, or of one imported before.
    pub assignee: Option<String>,
    /// Names of labels; those that are not known yet are made.
    // Left out of the digest where there are none, so that tasks which were
    // imported before there were labels count as unchanged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// External ids of the tasks that have to be finished before this one can
    /// start; of the batch, or imported before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<String>,
    pub created_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub due_on: Option<Date>,
    pub estimate_hours: Option<f64>,
    /// Statuses with the time each was entered.
    pub history: Vec<StatusChange>,
    pub contributors: Vec<ImportContributor>,
}

/// Who worked on a task. Hours of one user that come in parts are summed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImportContributor {
    /// External id of a user, as for [`ImportTask::assignee`].
    pub user: String,
    pub hours: Option<f64>,
}

/// A milestone of a project of the other system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportMilestone {
    pub external_id: String,
    pub name: String,
    /// External id of a project of the batch, or of one imported before.
    pub project: String,
    pub due_on: Date,
    /// The day on which it was reached.
    pub reached_on: Option<Date>,
}

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportOutcome {
    pub tasks_created: u64,
    pub tasks_updated: u64,
    /// Tasks that were there already, just so.
    pub tasks_unchanged: u64,
    /// Users of the batch.
    pub users: u64,
    /// Projects of the batch.
    pub projects: u64,
    /// Milestones of the batch.
    pub milestones: u64,
    /// The tenant's revision after the import.
    pub revision: u64,
}

/// Why a batch cannot be imported. The texts name the batch's own external
/// ids: they are for the operator who imports.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    #[error(
        "{what} `{external_id}` refers to the project `{project}`, which is neither in the batch nor stored"
    )]
    UnknownProject {
        what: &'static str,
        external_id: String,
        project: String,
    },
    #[error("task `{task}` refers to the user `{user}`, who is neither in the batch nor stored")]
    UnknownUser { task: String, user: String },
    #[error("task `{task}` depends on `{predecessor}`, which is neither in the batch nor stored")]
    UnknownPredecessor { task: String, predecessor: String },
    #[error("task `{task}` depends on itself")]
    DependsOnItself { task: String },
    #[error("the {what} `{external_id}` is in the batch twice")]
    Twice {
        what: &'static str,
        external_id: String,
    },
    #[error("the {what} `{external_id}` has an unusable {field}: {reason}")]
    Unusable {
        what: &'static str,
        external_id: String,
        field: &'static str,
        reason: &'static str,
    },
}
