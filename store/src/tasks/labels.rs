//! The labels of many tasks at once.

use std::collections::HashMap;

use oriel_contract::LabelRef;

use super::row::TaskRow;
use crate::{StoreError, TenantScope, database::Tx, encoding, sql::Sql};

/// Labels by the id of their task, each list by name.
pub(crate) type Labels = HashMap<String, Vec<LabelRef>>;

/// The labels of tasks that the scope has shown already, with one statement for
/// all of them.
pub(crate) async fn of_tasks(
    tx: &mut Tx,
    scope: &TenantScope,
    tasks: &[TaskRow],
) -> Result<Labels, StoreError> {
    let mut labels = Labels::new();
    if tasks.is_empty() {
        return Ok(labels);
    }
    let mut sql = Sql::new(
        "SELECT tl.task_id, l.id, l.name FROM task_labels tl
         JOIN labels l ON l.tenant_id = tl.tenant_id AND l.id = tl.label_id
         WHERE tl.tenant_id = ",
    );
    sql.bind(scope.tenant().as_str()).push(" AND tl.task_id");
    sql.bind_in(tasks.iter().map(|task| task.id.as_str()))
        .push(" ORDER BY l.name, l.id");
    let rows: Vec<(String, String, String)> = tx.all(sql).await?;
    for (task, id, name) in rows {
        let id = encoding::id(&id)?;
        labels.entry(task).or_default().push(LabelRef { id, name });
    }
    Ok(labels)
}
