//! A page of tasks.

use jiff::civil::Date;
use oriel_contract::{Task, TaskPage};

use super::{
    TaskQuery,
    cursor::{Cursor, Key},
    order::Order,
    row::TaskRow,
};
use crate::{StoreError, TenantStore, database::Tx, encoding::count, sql::Sql};

impl TenantStore<'_> {
    /// A page of the tasks that match, and how many do on all pages.
    ///
    /// A cursor of another query, or one that is not ours, is
    /// [`StoreError::BadCursor`].
    pub async fn tasks(&self, today: Date, query: &TaskQuery) -> Result<TaskPage, StoreError> {
        let order = Order::of(query.sort);
        let print = query.fingerprint();
        let after = match &query.cursor {
            Some(text) => Some(Cursor::parse(text, &print)?),
            None => None,
        };
        if after.as_ref().is_some_and(|cursor| !order.gives(&cursor.key)) {
            return Err(StoreError::BadCursor);
        }

        let mut tx = self.store.database.read().await?;
        let total = self.count(&mut tx, today, query).await?;
        let after = self.whole_title(&mut tx, after).await?;
        let mut rows = self.page(&mut tx, today, query, order, after).await?;
        tx.commit().await?;

        let more = rows.len() > query.limit as usize;
        rows.truncate(query.limit as usize);
        let next_cursor = rows
            .last()
            .filter(|_| more)
            .map(|last| Cursor::new(order.key(last), &last.id).format(&print));
        let items = rows
            .into_iter()
            .map(|row| row.task(today))
            .collect::<Result<Vec<Task>, _>>()?;
        Ok(TaskPage {
            items,
            next_cursor,
            total,
        })
    }

    /// The rows after the cursor, one more than a page where there are more.
    async fn page(
        &self,
        tx: &mut Tx,
        today: Date,
        query: &TaskQuery,
        order: Order,
        after: Option<Cursor>,
    ) -> Result<Vec<TaskRow>, StoreError> {
        let wanted = i64::from(query.limit) + 1;
        let mut rows: Vec<TaskRow> = Vec::new();
        for run in order.runs(after.as_ref()) {
            let left = wanted - i64::try_from(rows.len()).unwrap_or(wanted);
            if left == 0 {
                break;
            }
            let mut sql = TaskRow::select(|sql| {
                self.scope.limit_tasks(sql);
                query.limit(sql, today);
                order.limit_to(sql, *run, after.as_ref());
                order.sort(sql, *run);
                sql.push(" LIMIT ").bind(left);
            });
            order.sort(&mut sql, *run);
            rows.extend(tx.all::<TaskRow>(sql).await?);
        }
        Ok(rows)
    }

    async fn count(&self, tx: &mut Tx, today: Date, query: &TaskQuery) -> Result<u64, StoreError> {
        let mut sql = Sql::new("SELECT COUNT(*) FROM tasks t WHERE ");
        self.scope.limit_tasks(&mut sql);
        query.limit(&mut sql, today);
        let (total,): (i64,) = tx.one(sql).await?;
        Ok(count(total))
    }

    /// The cursor with the title that its prefix was cut from. Where the task
    /// has another title by now, the prefix itself must do.
    async fn whole_title(
        &self,
        tx: &mut Tx,
        cursor: Option<Cursor>,
    ) -> Result<Option<Cursor>, StoreError> {
        let Some(Cursor {
            key: Key::Prefix(prefix),
            id,
        }) = cursor
        else {
            return Ok(cursor);
        };
        let mut sql = Sql::new("SELECT t.title FROM tasks t WHERE ");
        self.scope.limit_tasks(&mut sql);
        sql.push(" AND t.id = ").bind(id.as_str());
        let row: Option<(String,)> = tx.optional(sql).await?;
        let title = row
            .map(|(title,)| title)
            .filter(|title| title.starts_with(&prefix))
            .unwrap_or(prefix);
        Ok(Some(Cursor {
            key: Key::Text(title),
            id,
        }))
    }
}
