//! What can be asked of a tenant's data, with each parameter as it was understood.

use axum::body::Bytes;
use jiff::civil::Date;
use oriel_contract::{ProblemCode, ProjectId, RangePreset, TaskId};
use oriel_store::{TaskQuery, TenantStore};
use serde::Serialize;

use crate::problem::Failure;

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
            Self::Tasks(query) => {
                text(&query.q) + text(&query.cursor) + size_of_val(query.statuses.as_slice())
            }
        }
    }

    /// The answer as JSON, where `today` is the day that counts as today.
    pub async fn work_out(
        &self,
        store: &TenantStore<'_>,
        today: Date,
        pinned: bool,
    ) -> Result<Bytes, Failure> {
        match self {
            Self::Dashboard { range, project } => {
                let numbers = store.dashboard(today, *range, project.as_ref()).await?;
                json(&numbers.into_dashboard(pinned))
            }
            Self::Projects { limit, cursor } => {
                json(&store.projects(today, *limit, cursor.as_deref()).await?)
            }
            Self::Tasks(query) => json(&store.tasks(today, query).await?),
            Self::Task(id) => match store.task(today, id).await? {
                Some(task) => json(&task),
                None => Err(Failure::new(ProblemCode::NotFound)),
            },
        }
    }
}

fn json(value: &impl Serialize) -> Result<Bytes, Failure> {
    serde_json::to_vec(value)
        .map(Bytes::from)
        .map_err(Failure::internal)
}
