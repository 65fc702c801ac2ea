//! What can be asked of a tenant's data, with each parameter as it was understood.

use oriel_contract::{ProjectId, RangePreset, TaskId};
use oriel_store::TaskQuery;

use super::totals;

/// A read. Two requests that mean the same are the same question, however they
/// were spelt.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Question {
    Dashboard {
        range: RangePreset,
        project: Option<ProjectId>,
    },
    Projects {
        limit: u32,
        cursor: Option<String>,
    },
    Tasks(TaskQuery),
    Task(TaskId),
}

impl Question {
    /// Bytes that it holds beside its own size, roughly. A client chooses how
    /// long its search and its cursor are.
    pub fn held_bytes(&self) -> usize {
        let text = |text: &Option<String>| text.as_deref().map_or(0, str::len);
        match self {
            Self::Dashboard { .. } | Self::Task(_) => 0,
            Self::Projects { cursor, .. } => text(cursor),
            Self::Tasks(query) => totals::held_bytes(&query.filter) + text(&query.cursor),
        }
    }
}
