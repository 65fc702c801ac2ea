//! A task as the queries select it.

use jiff::civil::Date;
use oriel_contract::{LabelRef, ProjectRef, Task, TaskResource, UserRef};

use crate::{
    StoreError, TenantScope,
    encoding::{self, day_number},
    sql::Sql,
};

/// Columns of a [`TaskRow`], of tasks `t` joined with their project `p` and
/// assignee `u`.
const COLUMNS: &str = "SELECT t.id, NULLIF(t.external_id, t.id) AS external_id, t.title, t.status, t.status_rank, t.priority,
       t.created_at, t.started_at, t.completed_at, t.due_on, t.estimate_hours, t.updated_at, t.version,
       t.digest,
       p.id AS project_id, p.name AS project_name, u.id AS assignee_id, ";
const JOINS: &str = "
     JOIN projects p ON p.tenant_id = t.tenant_id AND p.id = t.project_id
     LEFT JOIN users u ON u.tenant_id = t.tenant_id AND u.id = t.assignee_id";

#[derive(Debug, sqlx::FromRow)]
pub(crate) struct TaskRow {
    pub id: String,
    external_id: Option<String>,
    pub title: String,
    status: String,
    pub status_rank: i64,
    pub priority: i64,
    pub created_at: i64,
    started_at: Option<i64>,
    pub completed_at: Option<i64>,
    pub due_on: Option<i64>,
    estimate_hours: Option<f64>,
    pub updated_at: i64,
    version: i64,
    pub digest: String,
    project_id: String,
    project_name: String,
    assignee_id: Option<String>,
    assignee_name: Option<String>,
}

impl TaskRow {
    /// A statement that selects rows of `t`, which the part names and chooses.
    /// The part comes first, so that its limit holds before anything is joined.
    pub fn select(scope: &TenantScope, part: impl FnOnce(&mut Sql)) -> Sql {
        let mut sql = Sql::new(COLUMNS);
        sql.push(scope.person_name())
            .push(" AS assignee_name FROM (SELECT t.* FROM ");
        part(&mut sql);
        sql.push(") AS t").push(JOINS);
        sql
    }

    /// The same as its tenant keeps it.
    pub fn resource(self, labels: Vec<LabelRef>) -> Result<TaskResource, StoreError> {
        Ok(TaskResource {
            id: encoding::id(&self.id)?,
            external_id: self.external_id,
            title: self.title,
            project: encoding::id(&self.project_id)?,
            status: encoding::status(&self.status)?,
            priority: encoding::priority(self.priority)?,
            assignee: self.assignee_id.as_deref().map(encoding::id).transpose()?,
            labels: labels.into_iter().map(|label| label.name).collect(),
            due_on: self.due_on.map(encoding::date).transpose()?,
            estimate_hours: self.estimate_hours,
            created_at: encoding::timestamp(self.created_at)?,
            started_at: self.started_at.map(encoding::timestamp).transpose()?,
            completed_at: self.completed_at.map(encoding::timestamp).transpose()?,
            updated_at: encoding::timestamp(self.updated_at)?,
            version: encoding::count(self.version),
        })
    }

    pub fn task(self, today: Date, labels: Vec<LabelRef>) -> Result<Task, StoreError> {
        let status = encoding::status(&self.status)?;
        let assignee = match (self.assignee_id, self.assignee_name) {
            (Some(id), Some(name)) => Some(UserRef {
                id: encoding::id(&id)?,
                name,
            }),
            _ => None,
        };
        Ok(Task {
            id: encoding::id(&self.id)?,
            external_id: self.external_id,
            title: self.title,
            project: ProjectRef {
                id: encoding::id(&self.project_id)?,
                name: self.project_name,
            },
            status,
            priority: encoding::priority(self.priority)?,
            assignee,
            labels,
            created_at: encoding::timestamp(self.created_at)?,
            started_at: self.started_at.map(encoding::timestamp).transpose()?,
            completed_at: self.completed_at.map(encoding::timestamp).transpose()?,
            overdue: status.is_open() && self.due_on.is_some_and(|due| due < day_number(today)),
            due_on: self.due_on.map(encoding::date).transpose()?,
            estimate_hours: self.estimate_hours,
            updated_at: encoding::timestamp(self.updated_at)?,
        })
    }
}
