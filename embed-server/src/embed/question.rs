//! What can be asked of a tenant's data, with each parameter as it was understood.

use oriel_contract::{RangePreset, TaskId};
use oriel_store::{TaskFilter, TaskQuery, TimelineQuery};

use super::filter;

/// A read. Two requests that mean the same are the same question, however they
/// were spelt.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Question {
    Dashboard {
        range: RangePreset,
        filter: TaskFilter,
    },
    Names {
        of: Named,
        q: Option<String>,
        limit: u32,
        cursor: Option<String>,
    },
    Tasks(TaskQuery),
    Task(TaskId),
    Timeline(TimelineQuery),
}

/// What is listed by its name alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Named {
    Projects,
    People,
    Labels,
}

impl Question {
    /// Bytes that it holds beside its own size, roughly. A client chooses how
    /// long its search and its cursor are.
    pub fn held_bytes(&self) -> usize {
        let text = |text: &Option<String>| text.as_deref().map_or(0, str::len);
        match self {
            Self::Dashboard { filter, .. } => filter::held_bytes(filter),
            Self::Task(_) => 0,
            Self::Names { q, cursor, .. } => text(q) + text(cursor),
            Self::Tasks(query) => {
                filter::held_bytes(&query.filter)
                    + size_of_val(query.sort.as_slice())
                    + text(&query.cursor)
            }
            Self::Timeline(query) => {
                let project = query.project.as_str().len();
                project + filter::held_bytes(&query.filter) + text(&query.cursor)
            }
        }
    }
}
