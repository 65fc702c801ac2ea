//! Projects as the read API shows them.

use serde::{Deserialize, Serialize};

use crate::ProjectId;

/// A project with its counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    pub id: ProjectId,
    pub name: String,
    /// All tasks but cancelled ones.
    pub tasks: u64,
    pub open: u64,
    pub overdue: u64,
    pub done: u64,
}

/// A project by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectRef {
    pub id: ProjectId,
    pub name: String,
}
