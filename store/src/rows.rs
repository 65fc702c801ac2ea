//! Writing many rows of one table with few statements.

use crate::{
    StoreError,
    database::Tx,
    sql::{Sql, Value},
};

/// Values that one statement binds at most: many rows at once, and still far
/// from the limits of either database.
const VALUES: usize = 1000;

/// Rows on their way into one table.
pub(crate) struct Rows<const COLUMNS: usize> {
    insert: &'static str,
    conflict: &'static str,
    pending: Vec<[Value; COLUMNS]>,
}

impl<const COLUMNS: usize> Rows<COLUMNS> {
    /// `insert` ends with `VALUES`; `conflict` follows the rows.
    pub const fn new(insert: &'static str, conflict: &'static str) -> Self {
        Self {
            insert,
            conflict,
            pending: Vec::new(),
        }
    }

    pub fn push(&mut self, row: [Value; COLUMNS]) {
        self.pending.push(row);
    }

    /// Writes the rows. Full statements are all alike, so that the driver
    /// prepares them once.
    pub async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        let mut rows = self.pending.into_iter().peekable();
        while rows.peek().is_some() {
            let mut sql = Sql::new(self.insert);
            for (index, row) in rows.by_ref().take(VALUES / COLUMNS).enumerate() {
                sql.push(if index == 0 { " (" } else { ", (" });
                sql.bind_list(row).push(")");
            }
            sql.push(self.conflict);
            tx.execute(sql).await?;
        }
        Ok(())
    }
}
