//! Tasks of a batch on their way into the tables, with contributors and labels.

use std::collections::BTreeMap;

use oriel_contract::{StatusChange, TaskId, TenantId, UserId};
use sha2::{Digest, Sha256};

use super::{BatchError, ImportContributor, ImportOutcome, ImportTask, known::Known};
use crate::{
    Cause, Context, NewId, StoreError,
    database::Tx,
    rows::Rows,
    tasks::{
        cursor::hex,
        write::{StoredTask, TaskWriter, forget, forget_histories},
    },
};

/// Some tasks of a batch.
pub(super) struct TaskRows<'a> {
    tenant: &'a TenantId,
    known: &'a Known,
    /// What new ones begin with.
    version: i64,
    tasks: TaskWriter,
    contributors: Rows<4>,
    labels: Rows<3>,
    /// Tasks that are there already, and change.
    updated: Vec<TaskId>,
}

impl<'a> TaskRows<'a> {
    pub fn new(tenant: &'a TenantId, known: &'a Known, version: i64) -> Self {
        Self {
            tenant,
            known,
            version,
            tasks: TaskWriter::new(),
            contributors: Rows::new(
                "INSERT INTO task_contributors (tenant_id, task_id, user_id, hours) VALUES",
                "",
            ),
            labels: Rows::new(
                "INSERT INTO task_labels (tenant_id, task_id, label_id) VALUES",
                "",
            ),
            updated: Vec::new(),
        }
    }

    /// Takes a task and gives its id, or leaves it out when it is stored just so.
    pub fn add(
        &mut self,
        cx: &mut Context<'_>,
        task: &ImportTask,
        outcome: &mut ImportOutcome,
    ) -> Result<Option<TaskId>, StoreError> {
        // References come first: an unknown one is an error in an unchanged task too.
        let project = self.known.project(task)?;
        let assignee = task.assignee.as_deref();
        let assignee = assignee
            .map(|user| self.known.user(task, user))
            .transpose()?;
        let hours = self.hours_by_user(task)?;
        let digest = digest(task)?;
        let id = match self.known.tasks.get(&task.external_id) {
            Some((_, stored)) if *stored == digest => {
                outcome.tasks_unchanged += 1;
                return Ok(None);
            }
            Some((id, _)) => {
                outcome.tasks_updated += 1;
                self.updated.push(id.clone());
                id.clone()
            }
            None => {
                outcome.tasks_created += 1;
                TaskId::new(cx)
            }
        };
        let history = in_order(&task.history);
        let last = history.last().map(|change| change.at);
        self.tasks.push(
            &StoredTask {
                tenant: self.tenant,
                id: &id,
                external_id: &task.external_id,
                project,
                assignee,
                title: &task.title,
                status: task.status,
                priority: task.priority,
                created_at: task.created_at,
                started_at: task.started_at,
                completed_at: task.completed_at,
                due_on: task.due_on,
                estimate_hours: task.estimate_hours,
                updated_at: last.unwrap_or(task.created_at),
                first_version: self.version,
                history: &history,
                digest,
            },
            0,
        );
        for (user, hours) in hours {
            self.contributors.push([
                self.tenant.as_str().into(),
                id.as_str().into(),
                user.as_str().into(),
                hours.into(),
            ]);
        }
        for label in self.known.labels(task) {
            self.labels.push([
                self.tenant.as_str().into(),
                id.as_str().into(),
                label.as_str().into(),
            ]);
        }
        Ok(Some(id))
    }

    pub async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        forget_histories(tx, self.tenant, &self.updated).await?;
        let deletes = [
            "DELETE FROM task_contributors WHERE tenant_id = ",
            "DELETE FROM task_labels WHERE tenant_id = ",
            "DELETE FROM task_dependencies WHERE tenant_id = ",
        ];
        forget(tx, self.tenant, &self.updated, &deletes).await?;
        self.tasks.write(tx).await?;
        self.contributors.write(tx).await?;
        self.labels.write(tx).await
    }

    /// Parts of one user are summed; parts without hours add none.
    fn hours_by_user(
        &self,
        task: &ImportTask,
    ) -> Result<BTreeMap<&'a UserId, Option<f64>>, BatchError> {
        let mut by_user: BTreeMap<&UserId, Option<f64>> = BTreeMap::new();
        for ImportContributor { user, hours } in &task.contributors {
            let total = by_user.entry(self.known.user(task, user)?).or_default();
            *total = match (*total, *hours) {
                (Some(total), Some(hours)) => Some(total + hours),
                (total, hours) => total.or(hours),
            };
        }
        Ok(by_user)
    }
}

/// Status changes in the order of their times; those of one time stay as they
/// came.
fn in_order(history: &[StatusChange]) -> Vec<&StatusChange> {
    let mut changes: Vec<_> = history.iter().collect();
    changes.sort_by_key(|change| change.at);
    changes
}

/// A digest of everything that an import says about a task.
fn digest(task: &ImportTask) -> Result<String, StoreError> {
    let text = serde_json::to_vec(task).map_err(|error| StoreError::Database(Cause::new(error)))?;
    Ok(hex(&Sha256::digest(text)[..16]))
}
