//! Tasks: lists by keyset, and one with its history.

pub(crate) mod cursor;
pub(crate) mod days;
pub(crate) mod detail;
pub(crate) mod filter;
pub(crate) mod labels;
pub(crate) mod list;
mod order;
pub(crate) mod row;
pub(crate) mod write;

use oriel_contract::TaskSort;

pub use self::filter::{AssigneeFilter, DateRange, TaskFilter};

/// Which tasks, in which order, and how many at most.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TaskQuery {
    pub filter: TaskFilter,
    /// The keys, the leading one first; the contract's default without one.
    pub sort: Vec<TaskSort>,
    pub limit: u32,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}
