//! Tasks as they are kept.

use std::collections::HashMap;

use oriel_contract::{LabelId, StatusChange, TaskId, TaskResource, TenantId};

use crate::{
    NewId, StoreError,
    database::Tx,
    encoding::{self, count},
    management::Change,
    sql::Sql,
};

const COLUMNS: &str = "SELECT t.id, NULLIF(t.external_id, t.id) AS external_id, t.title,
       t.project_id, t.status, t.priority, t.assignee_id, t.due_on, t.estimate_hours,
       t.created_at, t.started_at, t.completed_at, t.updated_at, t.version, t.digest
     FROM tasks t WHERE t.tenant_id = ";

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    external_id: Option<String>,
    title: String,
    project_id: String,
    status: String,
    priority: i64,
    assignee_id: Option<String>,
    due_on: Option<i64>,
    estimate_hours: Option<f64>,
    created_at: i64,
    started_at: Option<i64>,
    completed_at: Option<i64>,
    updated_at: i64,
    version: i64,
    digest: String,
}

/// A task, and what an import knows it by.
pub(super) struct Current {
    pub task: TaskResource,
    pub digest: String,
}

impl Row {
    fn read(self, labels: Vec<String>) -> Result<Current, StoreError> {
        let task = TaskResource {
            id: encoding::id(&self.id)?,
            external_id: self.external_id,
            title: self.title,
            project: encoding::id(&self.project_id)?,
            status: encoding::status(&self.status)?,
            priority: encoding::priority(self.priority)?,
            assignee: self.assignee_id.as_deref().map(encoding::id).transpose()?,
            labels,
            due_on: self.due_on.map(encoding::date).transpose()?,
            estimate_hours: self.estimate_hours,
            created_at: encoding::timestamp(self.created_at)?,
            started_at: self.started_at.map(encoding::timestamp).transpose()?,
            completed_at: self.completed_at.map(encoding::timestamp).transpose()?,
            updated_at: encoding::timestamp(self.updated_at)?,
            version: count(self.version),
        };
        Ok(Current {
            task,
            digest: self.digest,
        })
    }
}

/// The task that one column names.
pub(super) async fn find_task(
    tx: &mut Tx,
    tenant: &TenantId,
    by: &'static str,
    value: &str,
) -> Result<Option<Current>, StoreError> {
    let mut sql = Sql::new(COLUMNS);
    sql.bind(tenant.as_str()).push(by).bind(value);
    let Some(row) = tx.optional::<Row>(sql).await? else {
        return Ok(None);
    };
    let mut labels = read_labels(tx, tenant, &[&row.id]).await?;
    let labels = labels.remove(&row.id).unwrap_or_default();
    row.read(labels).map(Some)
}

/// The tasks of these ids, by id.
pub(super) async fn read_tasks(
    tx: &mut Tx,
    tenant: &TenantId,
    ids: &[&str],
) -> Result<HashMap<String, TaskResource>, StoreError> {
    let mut sql = Sql::new(COLUMNS);
    sql.bind(tenant.as_str()).push(" AND t.id");
    sql.bind_in(ids.iter().copied());
    let rows: Vec<Row> = tx.all(sql).await?;
    let mut labels = read_labels(tx, tenant, ids).await?;
    rows.into_iter()
        .map(|row| {
            let id = row.id.clone();
            let labels = labels.remove(&id).unwrap_or_default();
            Ok((id, row.read(labels)?.task))
        })
        .collect()
}

/// The names of tasks' labels, in the order of their bytes.
pub(super) async fn read_labels(
    tx: &mut Tx,
    tenant: &TenantId,
    tasks: &[&str],
) -> Result<HashMap<String, Vec<String>>, StoreError> {
    let mut sql = Sql::new(
        "SELECT tl.task_id, l.name FROM task_labels tl
         JOIN labels l ON l.tenant_id = tl.tenant_id AND l.id = tl.label_id
         WHERE tl.tenant_id = ",
    );
    sql.bind(tenant.as_str()).push(" AND tl.task_id");
    sql.bind_in(tasks.iter().copied());
    sql.push(" ORDER BY l.name");
    let mut by_task: HashMap<String, Vec<String>> = HashMap::new();
    for (task, name) in tx.all::<(String, String)>(sql).await? {
        by_task.entry(task).or_default().push(name);
    }
    Ok(by_task)
}

/// A task's history, oldest first.
pub(super) async fn read_history(
    tx: &mut Tx,
    tenant: &TenantId,
    task: &TaskId,
) -> Result<Vec<StatusChange>, StoreError> {
    let sql = Sql::new(
        "SELECT status, at FROM task_status_history WHERE tenant_id = $1 AND task_id = $2
         ORDER BY seq",
    )
    .value(tenant.as_str())
    .value(task.as_str());
    let rows: Vec<(String, i64)> = tx.all(sql).await?;
    rows.into_iter()
        .map(|(status, at)| {
            Ok(StatusChange {
                status: encoding::status(&status)?,
                at: encoding::timestamp(at)?,
            })
        })
        .collect()
}

impl Change<'_> {
    /// The id of the label of that name, which is made where there is none.
    pub(super) async fn label(&mut self, name: &str) -> Result<String, StoreError> {
        let select = Sql::new("SELECT l.id FROM labels l WHERE l.tenant_id = $1 AND l.name = $2")
            .value(self.tenant.as_str())
            .value(name);
        let found: Option<(String,)> = self.write.tx.optional(select).await?;
        let id = if let Some((id,)) = found {
            id
        } else {
            let id = LabelId::new(&mut self.cx).to_string();
            let insert = Sql::new("INSERT INTO labels (tenant_id, id, name) VALUES ($1, $2, $3)")
                .value(self.tenant.as_str())
                .value(id.as_str())
                .value(name);
            self.write.tx.execute(insert).await?;
            id
        };
        self.labels.insert(name.to_owned(), id.clone());
        Ok(id)
    }
}
