//! A page of tasks.

use jiff::civil::Date;
use oriel_contract::{Task, TaskPage};

use super::{
    TaskFilter, TaskQuery,
    cursor::{Cursor, Key, fingerprint},
    labels,
    order::{Cut, Order, Run},
    row::TaskRow,
};
use crate::{StoreError, TenantScope, TenantStore, database::Tx, encoding::count, sql::Sql};

/// Matches up to which finding them all and sorting is cheaper than walking
/// the whole order in search of them.
const FEW: u64 = 1000;

impl TenantStore<'_> {
    /// A page of the tasks that match, and how many do on all pages.
    ///
    /// A cursor of another query, or one that is not ours, is
    /// [`StoreError::BadCursor`].
    pub async fn tasks(&self, today: Date, query: &TaskQuery) -> Result<TaskPage, StoreError> {
        self.tasks_with_total(today, query, None).await
    }

    /// The same for who may know how many match: counting them all takes longer
    /// than reading a page, and every page and order of a list has one total.
    pub async fn tasks_with_total(
        &self,
        today: Date,
        query: &TaskQuery,
        total: Option<u64>,
    ) -> Result<TaskPage, StoreError> {
        let mut tx = self.store.database.read().await?;
        let found = self.page_of_tasks(&mut tx, today, query, total).await?;
        let mut labels = labels::of_tasks(&mut tx, &self.scope, &found.rows).await?;
        tx.commit().await?;
        let items = found.rows.into_iter().map(|row| {
            let labels = labels.remove(&row.id).unwrap_or_default();
            row.task(today, labels)
        });
        Ok(TaskPage {
            items: items.collect::<Result<Vec<Task>, _>>()?,
            next_cursor: found.next_cursor,
            total: found.total,
        })
    }

    /// The rows of a page, as one transaction sees them.
    pub(crate) async fn page_of_tasks(
        &self,
        tx: &mut Tx,
        today: Date,
        query: &TaskQuery,
        total: Option<u64>,
    ) -> Result<FoundTasks, StoreError> {
        let order = Order::of(&query.sort);
        let print = query.fingerprint(&order);
        let after = match &query.cursor {
            Some(text) => Some(Cursor::parse(text, &print)?),
            None => None,
        };
        if after.as_ref().is_some_and(|cursor| !order.gives(cursor)) {
            return Err(StoreError::BadCursor);
        }

        let total = match total {
            Some(total) => total,
            None => self.count(tx, today, &query.filter).await?,
        };
        let listing = Listing {
            scope: &self.scope,
            query,
            today,
            order: &order,
            after: self.whole_title(tx, &order, after).await?,
            total,
        };
        let mut rows = listing.page(tx).await?;
        let more = rows.len() > query.limit as usize;
        rows.truncate(query.limit as usize);
        let last = rows.last().filter(|_| more);
        Ok(FoundTasks {
            next_cursor: last.map(|last| order.cursor(last).format(&print)),
            rows,
            total,
        })
    }

    async fn count(
        &self,
        tx: &mut Tx,
        today: Date,
        filter: &TaskFilter,
    ) -> Result<u64, StoreError> {
        let mut sql = Sql::new("SELECT COUNT(*) FROM tasks t WHERE ");
        self.scope.limit_tasks(&mut sql);
        filter.limit(&mut sql, today);
        let (total,): (i64,) = tx.one(sql).await?;
        Ok(count(total))
    }

    /// The cursor with the title that its prefix was cut from. Where the task
    /// has another title by now, or is out of sight, the list goes on before all
    /// titles that begin with the prefix: some may come again, none is lost.
    async fn whole_title(
        &self,
        tx: &mut Tx,
        order: &Order,
        cursor: Option<Cursor>,
    ) -> Result<Option<Cursor>, StoreError> {
        let Some(mut cursor) = cursor else {
            return Ok(None);
        };
        let id = &cursor.id;
        let mut keys = cursor.keys.iter_mut().zip(order.descends());
        let cut = keys.find_map(|(key, descends)| match key {
            Key::Prefix(prefix) => Some((prefix, descends)),
            _ => None,
        });
        let Some((prefix, descends)) = cut else {
            return Ok(Some(cursor));
        };
        let mut sql = Sql::new("SELECT t.title FROM tasks t WHERE ");
        self.scope.limit_tasks(&mut sql);
        sql.push(" AND t.id = ").bind(id.as_str());
        let row: Option<(String,)> = tx.optional(sql).await?;
        match row.filter(|(title,)| title.starts_with(prefix.as_str())) {
            Some((title,)) => *prefix = title,
            None if descends => prefix.push(char::MAX),
            None => {}
        }
        Ok(Some(cursor))
    }
}

/// A page that was found.
pub(crate) struct FoundTasks {
    pub rows: Vec<TaskRow>,
    pub next_cursor: Option<String>,
    /// How many match on all pages.
    pub total: u64,
}

/// A page under way.
struct Listing<'a> {
    scope: &'a TenantScope,
    query: &'a TaskQuery,
    today: Date,
    order: &'a Order,
    after: Option<Cursor>,
    /// How many tasks match.
    total: u64,
}

impl Listing<'_> {
    /// The rows after the cursor, one more than a page where there are more.
    async fn page(&self, tx: &mut Tx) -> Result<Vec<TaskRow>, StoreError> {
        let wanted = i64::from(self.query.limit) + 1;
        if self.total <= FEW {
            return tx.all(self.all_runs(wanted)).await;
        }
        let runs = self.order.runs(self.after.as_ref(), Cut::Fine);
        let mut rows: Vec<TaskRow> = Vec::new();
        for run in &runs {
            let left = wanted - i64::try_from(rows.len()).unwrap_or(wanted);
            if left == 0 {
                break;
            }
            rows.extend(tx.all::<TaskRow>(self.one_run(run, left)).await?);
        }
        Ok(rows)
    }

    /// Rows of a run, found by walking the order.
    fn one_run(&self, run: &Run, wanted: i64) -> Sql {
        let mut sql = TaskRow::select(self.scope, |sql| {
            sql.push("tasks t WHERE ");
            self.scope.limit_tasks(sql);
            self.query.filter.limit_walk(sql, self.today);
            self.order.limit_to(sql, run);
            self.order.sort(sql, Some(run));
            sql.push(" LIMIT ").bind(wanted);
        });
        self.order.sort(&mut sql, Some(run));
        sql
    }

    /// Rows of all runs, found by finding all that match. A limit in a subquery,
    /// though it cuts nothing off, makes both planners do that first.
    fn all_runs(&self, wanted: i64) -> Sql {
        let runs = self.order.runs(self.after.as_ref(), Cut::Coarse);
        let mut sql = TaskRow::select(self.scope, |sql| {
            sql.push("(SELECT t.* FROM tasks t WHERE ");
            self.scope.limit_tasks(sql);
            self.query.filter.limit(sql, self.today);
            sql.push(" LIMIT ").bind(i64::MAX);
            sql.push(") AS t WHERE (1 = 0");
            for run in &runs {
                sql.push(" OR (1 = 1");
                self.order.limit_to(sql, run);
                sql.push(")");
            }
            sql.push(")");
            self.order.sort(sql, None);
            sql.push(" LIMIT ").bind(wanted);
        });
        self.order.sort(&mut sql, None);
        sql
    }
}

impl TaskQuery {
    /// What a cursor of this list is known by: the sort and every filter.
    fn fingerprint(&self, order: &Order) -> String {
        // The debug name of a key is as stable as its variant, and the order
        // of the default is the same whether it was named or not.
        let sort = format!("{order:?}");
        let filter = self.filter.words();
        let words = ["tasks", &sort].into_iter();
        let words: Vec<&str> = words.chain(filter.iter().map(String::as_str)).collect();
        fingerprint(&words)
    }
}
