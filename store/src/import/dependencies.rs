//! What tasks wait for, on its way into the tables.
//!
//! A task may come before the ones that it waits for, so all of this is written
//! after the last task. Whether tasks wait for each other in a circle is not
//! looked into: nobody walks along dependencies here.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use oriel_contract::{TaskId, TenantId};

use super::{BatchError, ImportBatch, ImportTask, known::Known};
use crate::{StoreError, database::Tx, rows::Rows};

/// The tasks of a batch that are written.
#[derive(Default)]
pub(super) struct Dependencies<'a> {
    written: BTreeMap<&'a str, (TaskId, &'a [String])>,
}

/// Whether every task that another one waits for is in the batch or stored.
pub(super) fn check(batch: &ImportBatch, known: &Known) -> Result<(), BatchError> {
    let tasks = batch.tasks.iter();
    let here: HashSet<&str> = tasks.map(|task| task.external_id.as_str()).collect();
    for task in &batch.tasks {
        let unknown = task.depends_on.iter().find(|predecessor| {
            !here.contains(predecessor.as_str()) && !known.tasks.contains_key(*predecessor)
        });
        if let Some(predecessor) = unknown {
            return Err(BatchError::UnknownPredecessor {
                task: task.external_id.clone(),
                predecessor: predecessor.clone(),
            });
        }
    }
    Ok(())
}

impl<'a> Dependencies<'a> {
    /// Takes a task that is written under this id.
    pub fn add(&mut self, id: TaskId, task: &'a ImportTask) {
        self.written
            .insert(&task.external_id, (id, &task.depends_on));
    }

    /// Writes what the tasks wait for, each predecessor once.
    pub async fn write(
        &self,
        tx: &mut Tx,
        tenant: &TenantId,
        known: &Known,
    ) -> Result<(), StoreError> {
        let mut rows = Rows::new(
            "INSERT INTO task_dependencies (tenant_id, task_id, predecessor_id) VALUES",
            "",
        );
        for (task, predecessors) in self.written.values() {
            let ids = predecessors.iter();
            let ids: BTreeSet<&TaskId> = ids.filter_map(|name| self.id(name, known)).collect();
            for predecessor in ids {
                rows.push([
                    tenant.as_str().into(),
                    task.as_str().into(),
                    predecessor.as_str().into(),
                ]);
            }
        }
        rows.write(tx).await
    }

    fn id<'s>(&'s self, external_id: &str, known: &'s Known) -> Option<&'s TaskId> {
        let written = self.written.get(external_id).map(|(id, _)| id);
        written.or_else(|| known.tasks.get(external_id).map(|(id, _)| id))
    }
}
