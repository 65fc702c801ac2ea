//! One task with its history and contributors.

use jiff::civil::Date;
use oriel_contract::{Contributor, StatusChange, TaskDetail, TaskId, TenantId, UserRef};

use super::{labels, row::TaskRow};
use crate::{StoreError, TenantStore, database::Tx, encoding, sql::Sql};

impl TenantStore<'_> {
    /// One task with its history and contributors; `None` outside the scope.
    pub async fn task(&self, today: Date, id: &TaskId) -> Result<Option<TaskDetail>, StoreError> {
        let mut tx = self.store.database.read().await?;
        let sql = TaskRow::select(&self.scope, |sql| {
            sql.push("tasks t WHERE ");
            self.scope.limit_tasks(sql);
            sql.push(" AND t.id = ").bind(id.as_str());
        });
        // What hangs on a task is read only once the scope has shown the task.
        let Some(row) = tx.optional::<TaskRow>(sql).await? else {
            return Ok(None);
        };
        let labels = labels::of_tasks(&mut tx, &self.scope, std::slice::from_ref(&row)).await?;
        let history = history(&mut tx, self.scope.tenant(), id).await?;
        let contributors = self.contributors(&mut tx, id).await?;
        tx.commit().await?;
        Ok(Some(TaskDetail {
            task: row.task(today, labels.into_values().flatten().collect())?,
            history,
            contributors,
        }))
    }

    async fn contributors(
        &self,
        tx: &mut Tx,
        task: &TaskId,
    ) -> Result<Vec<Contributor>, StoreError> {
        let mut sql = Sql::new("SELECT u.id, ");
        sql.push(self.scope.person_name()).push(
            " AS name, c.hours FROM task_contributors c
             JOIN users u ON u.tenant_id = c.tenant_id AND u.id = c.user_id
             WHERE c.tenant_id = ",
        );
        sql.bind(self.scope.tenant().as_str())
            .push(" AND c.task_id = ")
            .bind(task.as_str())
            .push(" ORDER BY c.hours IS NULL, c.hours DESC, name, u.id");
        let rows: Vec<(String, String, Option<f64>)> = tx.all(sql).await?;
        rows.into_iter()
            .map(|(id, name, hours)| {
                Ok(Contributor {
                    user: UserRef {
                        id: encoding::id(&id)?,
                        name,
                    },
                    hours,
                })
            })
            .collect()
    }

    /// The latest UTC day on which a task of the scope was created, updated or
    /// completed.
    pub async fn latest_activity(&self) -> Result<Option<Date>, StoreError> {
        let mut sql = Sql::new("SELECT MAX(at) FROM (");
        for latest in [
            "SELECT MAX(t.updated_at) AS at FROM tasks t WHERE ",
            " UNION ALL SELECT MAX(t.created_at) AS at FROM tasks t WHERE ",
            " UNION ALL SELECT MAX(t.completed_at) AS at FROM tasks t WHERE ",
        ] {
            sql.push(latest);
            self.scope.limit_tasks(&mut sql);
        }
        sql.push(") AS latest");
        let row: Option<(Option<i64>,)> = self.store.database.optional(sql).await?;
        row.and_then(|(at,)| at)
            .map(|at| encoding::date(encoding::day_of(encoding::timestamp(at)?)))
            .transpose()
    }
}

/// A task's history, oldest first. For tasks that may be seen.
pub(crate) async fn history(
    tx: &mut Tx,
    tenant: &TenantId,
    task: &TaskId,
) -> Result<Vec<StatusChange>, StoreError> {
    let sql = Sql::new(
        "SELECT status, at FROM task_status_history
         WHERE tenant_id = $1 AND task_id = $2 ORDER BY seq",
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
