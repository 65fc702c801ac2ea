//! A task on its way into the tables: its row, with every column that is worked out
//! from the others, and what hangs on it.

use jiff::{Timestamp, civil::Date};
use oriel_contract::{ProjectId, StatusChange, TaskId, TaskPriority, TaskStatus, TenantId, UserId};

use super::{days::status_days, filter::search_text};
use crate::{
    StoreError,
    database::Tx,
    encoding::{day_number, day_of, priority_rank},
    rows::Rows,
    sql::{Sql, Value},
};

/// A task as it is to be stored.
pub(crate) struct StoredTask<'a> {
    pub tenant: &'a TenantId,
    pub id: &'a TaskId,
    /// The task's own id where no other system has one for it.
    pub external_id: &'a str,
    pub project: &'a ProjectId,
    pub assignee: Option<&'a UserId>,
    pub title: &'a str,
    pub status: TaskStatus,
    pub priority: TaskPriority,
    pub created_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub due_on: Option<Date>,
    pub estimate_hours: Option<f64>,
    pub updated_at: Timestamp,
    /// What a new one begins with; one that is there counts on.
    pub first_version: i64,
    /// In the order of its times.
    pub history: &'a [&'a StatusChange],
    /// Of what was imported; empty where nothing was.
    pub digest: String,
}

/// Tasks with their histories, to be written with few statements.
pub(crate) struct TaskWriter {
    tasks: Rows<22>,
    history: Rows<5>,
    days: Rows<7>,
}

impl TaskWriter {
    /// One that is there already is overwritten, and has the next version then.
    pub fn new() -> Self {
        Self {
            tasks: Rows::new(
                "INSERT INTO tasks (tenant_id, id, external_id, project_id, assignee_id, title,
                     status, priority, created_at, started_at, completed_at, due_on,
                     estimate_hours, updated_at, created_on, done_on, cycle_millis, starts_on,
                     ends_on, search_text, digest, version) VALUES",
                " ON CONFLICT (tenant_id, id) DO UPDATE SET
                     external_id = excluded.external_id,
                     project_id = excluded.project_id, assignee_id = excluded.assignee_id,
                     title = excluded.title, status = excluded.status,
                     priority = excluded.priority, created_at = excluded.created_at,
                     started_at = excluded.started_at, completed_at = excluded.completed_at,
                     due_on = excluded.due_on, estimate_hours = excluded.estimate_hours,
                     updated_at = excluded.updated_at, created_on = excluded.created_on,
                     done_on = excluded.done_on, cycle_millis = excluded.cycle_millis,
                     starts_on = excluded.starts_on, ends_on = excluded.ends_on,
                     search_text = excluded.search_text, digest = excluded.digest,
                     version = tasks.version + 1",
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
        }
    }

    /// Takes a task whose history stays as it is, and all that its days depend on.
    pub fn push_row(&mut self, task: &StoredTask<'_>) {
        self.tasks.push(task.row());
    }

    /// Takes a task, of whose history so many entries are stored already. One that is
    /// there must have had its days forgotten.
    pub fn push(&mut self, task: &StoredTask<'_>, stored: usize) {
        let (tenant, id) = (task.tenant.as_str(), task.id.as_str());
        for day in status_days(day_of(task.created_at), task.history, task.status) {
            self.days.push([
                tenant.into(),
                id.into(),
                day.day.into(),
                day.was.map_or("", TaskStatus::as_str).into(),
                day.status.as_str().into(),
                task.project.as_str().into(),
                task.due_on.map(day_number).into(),
            ]);
        }
        for (seq, change) in (0_i64..).zip(task.history).skip(stored) {
            self.history.push([
                tenant.into(),
                id.into(),
                seq.into(),
                change.status.as_str().into(),
                change.at.as_millisecond().into(),
            ]);
        }
        self.tasks.push(task.row());
    }

    pub async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        self.tasks.write(tx).await?;
        self.history.write(tx).await?;
        self.days.write(tx).await
    }
}

impl StoredTask<'_> {
    fn row(&self) -> [Value; 22] {
        let started_at = self.started_at.map(Timestamp::as_millisecond);
        // A completion counts only while the task is done.
        let done_at = self
            .completed_at
            .filter(|_| self.status == TaskStatus::Done);
        let cycle_millis = done_at
            .zip(started_at)
            .map(|(done, started)| done.as_millisecond() - started)
            .filter(|millis| *millis >= 0);
        let ends_on = if self.status.is_open() {
            self.due_on.map(day_number)
        } else {
            Some(day_of(self.completed_at.unwrap_or(self.updated_at)))
        };
        let named = if self.external_id == self.id.as_str() {
            ""
        } else {
            self.external_id
        };
        [
            self.tenant.as_str().into(),
            self.id.as_str().into(),
            self.external_id.into(),
            self.project.as_str().into(),
            self.assignee.map(UserId::as_str).into(),
            self.title.into(),
            self.status.as_str().into(),
            priority_rank(self.priority).into(),
            self.created_at.as_millisecond().into(),
            started_at.into(),
            self.completed_at.map(Timestamp::as_millisecond).into(),
            self.due_on.map(day_number).into(),
            self.estimate_hours.into(),
            self.updated_at.as_millisecond().into(),
            day_of(self.created_at).into(),
            done_at.map(day_of).into(),
            cycle_millis.into(),
            day_of(self.started_at.unwrap_or(self.created_at)).into(),
            ends_on.into(),
            search_text(self.title, named).into(),
            self.digest.as_str().into(),
            self.first_version.into(),
        ]
    }
}

/// Removes the histories of tasks that are to be written anew.
pub(crate) async fn forget_histories(
    tx: &mut Tx,
    tenant: &TenantId,
    tasks: &[TaskId],
) -> Result<(), StoreError> {
    forget(
        tx,
        tenant,
        tasks,
        &[
            "DELETE FROM task_status_history WHERE tenant_id = ",
            "DELETE FROM task_status_days WHERE tenant_id = ",
        ],
    )
    .await
}

/// Runs statements that end with the tenant, for these tasks.
pub(crate) async fn forget(
    tx: &mut Tx,
    tenant: &TenantId,
    tasks: &[TaskId],
    deletes: &[&'static str],
) -> Result<(), StoreError> {
    if tasks.is_empty() {
        return Ok(());
    }
    for delete in deletes {
        let mut sql = Sql::new(delete);
        sql.bind(tenant.as_str()).push(" AND task_id");
        sql.bind_in(tasks.iter().map(TaskId::as_str));
        tx.execute(sql).await?;
    }
    Ok(())
}
