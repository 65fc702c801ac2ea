//! Tasks on their way into the tables, with history, contributors and labels.

use std::collections::BTreeMap;

use jiff::Timestamp;
use oriel_contract::{ProjectId, StatusChange, TaskId, TaskStatus, TenantId, UserId};
use sha2::{Digest, Sha256};

use super::{
    BatchError, ImportContributor, ImportOutcome, ImportTask, days::status_days, known::Known,
};
use crate::{
    Cause, Context, NewId, StoreError,
    database::Tx,
    encoding::{day_number, day_of, priority_rank},
    rows::Rows,
    sql::{Sql, Value},
    tasks::{cursor::hex, filter::search_text},
};

/// Some tasks of a batch.
pub(super) struct TaskRows<'a> {
    tenant: &'a TenantId,
    known: &'a Known,
    tasks: Rows<21>,
    history: Rows<5>,
    days: Rows<7>,
    contributors: Rows<4>,
    labels: Rows<3>,
    /// Tasks that are there already, and change.
    updated: Vec<TaskId>,
}

impl<'a> TaskRows<'a> {
    pub fn new(tenant: &'a TenantId, known: &'a Known) -> Self {
        Self {
            tenant,
            known,
            tasks: Rows::new(
                "INSERT INTO tasks (tenant_id, id, external_id, project_id, assignee_id, title,
                     status, priority, created_at, started_at, completed_at, due_on,
                     estimate_hours, updated_at, created_on, done_on, cycle_millis, starts_on,
                     ends_on, search_text, digest) VALUES",
                " ON CONFLICT (tenant_id, id) DO UPDATE SET
                     project_id = excluded.project_id, assignee_id = excluded.assignee_id,
                     title = excluded.title, status = excluded.status,
                     priority = excluded.priority, created_at = excluded.created_at,
                     started_at = excluded.started_at, completed_at = excluded.completed_at,
                     due_on = excluded.due_on, estimate_hours = excluded.estimate_hours,
                     updated_at = excluded.updated_at, created_on = excluded.created_on,
                     done_on = excluded.done_on, cycle_millis = excluded.cycle_millis,
                     starts_on = excluded.starts_on, ends_on = excluded.ends_on,
                     search_text = excluded.search_text, digest = excluded.digest",
            ),
            history: Rows::new(
                "INSERT INTO task_status_history (tenant_id, task_id, seq, status, at) VALUES",
                "",
            ),
            days: Rows::new(
                "INSERT INTO task_status_days (tenant_id, task_id, day, was, status, project_id,
                     due_on) VALUES",
                "",
            ),
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
        self.tasks
            .push(task_row(self.tenant, &id, task, project, assignee, digest));
        let history = in_order(&task.history);
        for day in status_days(day_of(task.created_at), &history, task.status) {
            self.days.push([
                self.tenant.as_str().into(),
                id.as_str().into(),
                day.day.into(),
                day.was.map_or("", TaskStatus::as_str).into(),
                day.status.as_str().into(),
                project.as_str().into(),
                task.due_on.map(day_number).into(),
            ]);
        }
        for (seq, change) in (0_i64..).zip(history) {
            self.history.push([
                self.tenant.as_str().into(),
                id.as_str().into(),
                seq.into(),
                change.status.as_str().into(),
                change.at.as_millisecond().into(),
            ]);
        }
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
        self.forget_details(tx).await?;
        self.tasks.write(tx).await?;
        self.history.write(tx).await?;
        self.days.write(tx).await?;
        self.contributors.write(tx).await?;
        self.labels.write(tx).await
    }

    /// Removes what hangs on the tasks that are written anew.
    async fn forget_details(&self, tx: &mut Tx) -> Result<(), StoreError> {
        if self.updated.is_empty() {
            return Ok(());
        }
        for delete in [
            "DELETE FROM task_status_history WHERE tenant_id = ",
            "DELETE FROM task_status_days WHERE tenant_id = ",
            "DELETE FROM task_contributors WHERE tenant_id = ",
            "DELETE FROM task_labels WHERE tenant_id = ",
            "DELETE FROM task_dependencies WHERE tenant_id = ",
        ] {
            let mut sql = Sql::new(delete);
            sql.bind(self.tenant.as_str()).push(" AND task_id");
            sql.bind_in(self.updated.iter().map(TaskId::as_str));
            tx.execute(sql).await?;
        }
        Ok(())
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

/// The row of a task, with every column that is worked out from the others.
fn task_row(
    tenant: &TenantId,
    id: &TaskId,
    task: &ImportTask,
    project: &ProjectId,
    assignee: Option<&UserId>,
    digest: String,
) -> [Value; 21] {
    let created_at = task.created_at.as_millisecond();
    let started_at = task.started_at.map(Timestamp::as_millisecond);
    let completed_at = task.completed_at.map(Timestamp::as_millisecond);
    // A completion counts only while the task is done.
    let done_at = task
        .completed_at
        .filter(|_| task.status == TaskStatus::Done);
    let cycle_millis = done_at
        .zip(started_at)
        .map(|(done, started)| done.as_millisecond() - started)
        .filter(|millis| *millis >= 0);
    let changes = task.history.iter();
    let updated_at = changes.map(|change| change.at).max();
    let updated_at = updated_at.unwrap_or(task.created_at);
    let ends_on = if task.status.is_open() {
        task.due_on.map(day_number)
    } else {
        Some(day_of(task.completed_at.unwrap_or(updated_at)))
    };
    [
        tenant.as_str().into(),
        id.as_str().into(),
        task.external_id.as_str().into(),
        project.as_str().into(),
        assignee.map(UserId::as_str).into(),
        task.title.as_str().into(),
        task.status.as_str().into(),
        priority_rank(task.priority).into(),
        created_at.into(),
        started_at.into(),
        completed_at.into(),
        task.due_on.map(day_number).into(),
        task.estimate_hours.into(),
        updated_at.as_millisecond().into(),
        day_of(task.created_at).into(),
        done_at.map(day_of).into(),
        cycle_millis.into(),
        day_of(task.started_at.unwrap_or(task.created_at)).into(),
        ends_on.into(),
        search_text(&task.title, &task.external_id).into(),
        digest.into(),
    ]
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
