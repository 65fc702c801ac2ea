//! Tasks and labels as they are found where they are changed.

use oriel_contract::{LabelId, TaskResource, TenantId};

use crate::{
    NewId, StoreError, TenantScope,
    database::Tx,
    management::Change,
    sql::Sql,
    tasks::{labels, row::TaskRow},
};

/// A task, and what an import knows it by.
pub(super) struct Current {
    pub task: TaskResource,
    pub digest: String,
}

/// How a task is found: by its own id, or by the one that another system has for it.
pub(super) const BY_ID: &str = " AND t.id = ";
pub(super) const BY_EXTERNAL_ID: &str = " AND t.external_id <> t.id AND t.external_id = ";

/// The task that one column names.
pub(super) async fn find_task(
    tx: &mut Tx,
    tenant: &TenantId,
    by: &'static str,
    value: &str,
) -> Result<Option<Current>, StoreError> {
    let scope = TenantScope::whole(tenant.clone());
    let sql = TaskRow::select(&scope, |sql| {
        sql.push("tasks t WHERE ");
        scope.limit_tasks(sql);
        sql.push(by).bind(value);
    });
    let Some(row) = tx.optional::<TaskRow>(sql).await? else {
        return Ok(None);
    };
    let labels = labels::of_tasks(tx, &scope, std::slice::from_ref(&row)).await?;
    let digest = row.digest.clone();
    let task = row.resource(labels.into_values().flatten().collect())?;
    Ok(Some(Current { task, digest }))
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
