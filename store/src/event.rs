//! The event log: what was written, in the order of its tenant's revisions.

use jiff::Timestamp;
use oriel_contract::EventId;

use crate::{
    StoreError, TenantStore,
    encoding::{self, count},
    sql::Sql,
};

/// An entry of the log. Entries are appended and never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its place in the tenant's log, from 1 without gaps.
    pub seq: u64,
    pub id: EventId,
    /// The tenant's revision that the write made.
    pub revision: u64,
    /// What happened, as `noun.verb`.
    pub kind: String,
    /// The id of what it happened to.
    pub subject: String,
    /// JSON.
    pub payload: String,
    pub at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct EventRow {
    seq: i64,
    id: String,
    revision: i64,
    kind: String,
    subject: String,
    payload: String,
    at: i64,
}

impl TenantStore<'_> {
    /// The entries after `seq`, oldest first. Needs the whole tenant's scope.
    pub async fn events(&self, after: u64, limit: u32) -> Result<Vec<Event>, StoreError> {
        if !self.scope.is_whole() {
            return Err(StoreError::ScopeTooNarrow);
        }
        let sql = Sql::new(
            "SELECT seq, id, revision, kind, subject, payload, at FROM events
             WHERE tenant_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        )
        .value(self.scope.tenant().as_str())
        .value(i64::try_from(after).unwrap_or(i64::MAX))
        .value(i64::from(limit));
        let rows: Vec<EventRow> = self.store.database.all(sql).await?;
        rows.into_iter()
            .map(|row| {
                Ok(Event {
                    seq: count(row.seq),
                    id: encoding::id(&row.id)?,
                    revision: count(row.revision),
                    kind: row.kind,
                    subject: row.subject,
                    payload: row.payload,
                    at: encoding::timestamp(row.at)?,
                })
            })
            .collect()
    }
}
