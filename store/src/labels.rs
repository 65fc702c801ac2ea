//! Labels: those of the tasks of the scope.

use oriel_contract::{Label, Page};

use crate::{
    StoreError, TenantStore,
    by_name::ByName,
    encoding::{self, count},
    sql::Sql,
};

impl TenantStore<'_> {
    /// Labels of the tasks that the scope shows, by name, with the count of
    /// those tasks. `q` is text that their names contain, `after` the
    /// `next_cursor` of the page before.
    pub async fn labels(
        &self,
        q: Option<&str>,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Page<Label>, StoreError> {
        let list = ByName::new("labels", q, limit, after)?;
        let mut sql = Sql::new(
            "WITH uses AS (
                 SELECT tl.label_id, COUNT(*) AS tasks FROM tasks t
                 JOIN task_labels tl ON tl.tenant_id = t.tenant_id AND tl.task_id = t.id
                 WHERE ",
        );
        self.scope.limit_tasks(&mut sql);
        sql.push(
            " GROUP BY tl.label_id
             ), named AS (
                 SELECT l.id, l.name, c.tasks FROM uses c
                 JOIN labels l ON l.id = c.label_id AND l.tenant_id = ",
        )
        .bind(self.scope.tenant().as_str())
        .push(") SELECT n.id, n.name, n.tasks");
        list.select(&mut sql);

        let rows: Vec<(String, String, i64)> = self.store.database.all(sql).await?;
        let labels = rows.into_iter().map(|(id, name, tasks)| {
            Ok(Label {
                id: encoding::id(&id)?,
                name,
                tasks: count(tasks),
            })
        });
        let labels = labels.collect::<Result<_, StoreError>>()?;
        Ok(list.page(labels, |label: &Label| (&label.name, label.id.as_str())))
    }
}
