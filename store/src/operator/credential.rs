//! What secrets and keys of clients have in common: a client has few live ones, and one
//! that is retired keeps its time.

use serde_json::json;

use crate::{Client, Context, Store, StoreError, encoding::count, sql::Sql, write::Write};

/// A kind of credential: where it is kept, and what is said of it.
pub(super) struct Credentials {
    pub what: &'static str,
    pub table: &'static str,
    /// The kind of the event of one that is retired.
    pub retired: &'static str,
}

impl Credentials {
    /// How many live ones the client has.
    pub async fn live(&self, write: &mut Write, client: &Client) -> Result<u64, StoreError> {
        let mut sql = Sql::new("SELECT COUNT(*) FROM ");
        sql.push(self.table).push(" WHERE tenant_id = ");
        sql.bind(client.tenant.as_str()).push(" AND client_id = ");
        sql.bind(client.id.as_str()).push(" AND retired_at IS NULL");
        let (live,): (i64,) = write.tx.one(sql).await?;
        Ok(count(live))
    }

    /// Refuses one from now on. One that is retired already keeps its time.
    pub async fn retire(
        &self,
        store: &Store,
        cx: &mut Context<'_>,
        client: &Client,
        id: &str,
    ) -> Result<(), StoreError> {
        let mut write = Write::begin(&store.database, cx, &client.tenant).await?;
        let mut sql = Sql::new("UPDATE ");
        sql.push(self.table);
        sql.push(" SET retired_at = COALESCE(retired_at, ");
        sql.bind(cx.now.as_millisecond())
            .push(") WHERE tenant_id = ");
        sql.bind(client.tenant.as_str()).push(" AND client_id = ");
        sql.bind(client.id.as_str()).push(" AND id = ");
        sql.bind(id).push(" RETURNING id");
        let found: Option<(String,)> = write.tx.optional(sql).await?;
        if found.is_none() {
            return Err(StoreError::NotFound { what: self.what });
        }
        let payload = json!({ self.what: id });
        write
            .commit(self.retired, client.id.as_str(), payload)
            .await?;
        Ok(())
    }
}
