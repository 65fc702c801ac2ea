//! Tasks: lists by keyset, and one with its history.

pub(crate) mod cursor;
mod detail;
pub(crate) mod filter;
mod list;
mod order;
mod row;

use oriel_contract::{ProjectId, TaskSort, TaskStatus, UserId};

/// Whose tasks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AssigneeFilter {
    /// Those of this user.
    User(UserId),
    /// Those of nobody.
    Nobody,
}

/// Which tasks: those that meet every condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TaskFilter {
    pub project: Option<ProjectId>,
    /// Any of these; all without one.
    pub statuses: Vec<TaskStatus>,
    pub assignee: Option<AssigneeFilter>,
    /// Only those that are overdue, or only those that are not.
    pub overdue: Option<bool>,
    /// Text that the title or the external id contains.
    pub q: Option<String>,
}

/// Which tasks, in which order, and how many at most.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TaskQuery {
    pub filter: TaskFilter,
    pub sort: TaskSort,
    pub limit: u32,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}
