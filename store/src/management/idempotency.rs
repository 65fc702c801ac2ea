//! Answers that are kept for requests which come again
//! (draft-ietf-httpapi-idempotency-key-header-07).

use jiff::Timestamp;
use oriel_contract::TenantId;

use crate::{
    Store, StoreError,
    database::{Database, Tx},
    encoding,
    sql::Sql,
};

/// How long an answer is kept, in milliseconds.
const KEPT_MS: i64 = 24 * 60 * 60 * 1_000;

/// Records that one sweep removes at most, so that no writer waits for it.
const SWEPT: i64 = 1_000;

/// What a request that may come again is known by, within its tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The method and the path.
    pub route: String,
    pub key: String,
    /// A digest of the body: another request has another.
    pub fingerprint: String,
}

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    pub status: u16,
    pub location: Option<String>,
    pub etag: Option<String>,
    /// Sealed by whoever keeps it: an answer may hold a token.
    pub body: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct Row {
    fingerprint: String,
    status: i64,
    location: Option<String>,
    etag: Option<String>,
    body: Vec<u8>,
}

/// What is kept for a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    Answer(KeptAnswer),
    /// The key was used for another request.
    Other,
}

/// Looks a key up. One that is too old is forgotten.
pub(super) async fn find(
    tx: &mut Tx,
    tenant: &TenantId,
    key: &IdempotencyKey,
    now: Timestamp,
) -> Result<Option<Kept>, StoreError> {
    let forget = Sql::new(
        "DELETE FROM idempotency_records
         WHERE tenant_id = $1 AND route = $2 AND key = $3 AND at <= $4",
    )
    .value(tenant.as_str())
    .value(key.route.as_str())
    .value(key.key.as_str())
    .value(now.as_millisecond() - KEPT_MS);
    tx.execute(forget).await?;
    read(tx.optional(select(tenant, key, now)).await?, key)
}

/// Looks a key up, and leaves it as it is.
pub(super) async fn look(
    database: &Database,
    tenant: &TenantId,
    key: &IdempotencyKey,
    now: Timestamp,
) -> Result<Option<Kept>, StoreError> {
    read(database.optional(select(tenant, key, now)).await?, key)
}

fn select(tenant: &TenantId, key: &IdempotencyKey, now: Timestamp) -> Sql {
    Sql::new(
        "SELECT fingerprint, status, location, etag, body FROM idempotency_records
         WHERE tenant_id = $1 AND route = $2 AND key = $3 AND at > $4",
    )
    .value(tenant.as_str())
    .value(key.route.as_str())
    .value(key.key.as_str())
    .value(now.as_millisecond() - KEPT_MS)
}

fn read(row: Option<Row>, key: &IdempotencyKey) -> Result<Option<Kept>, StoreError> {
    let Some(row) = row else {
        return Ok(None);
    };
    if row.fingerprint != key.fingerprint {
        return Ok(Some(Kept::Other));
    }
    Ok(Some(Kept::Answer(KeptAnswer {
        status: u16::try_from(row.status).map_err(|_| encoding::unreadable("status"))?,
        location: row.location,
        etag: row.etag,
        body: row.body,
    })))
}

/// Keeps an answer.
pub(super) async fn keep(
    tx: &mut Tx,
    tenant: &TenantId,
    key: IdempotencyKey,
    answer: KeptAnswer,
    now: Timestamp,
) -> Result<(), StoreError> {
    let insert = Sql::new(
        "INSERT INTO idempotency_records
             (tenant_id, route, key, fingerprint, status, location, etag, body, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .value(tenant.as_str())
    .value(key.route)
    .value(key.key)
    .value(key.fingerprint)
    .value(i64::from(answer.status))
    .value(answer.location.as_deref())
    .value(answer.etag.as_deref())
    .value(answer.body)
    .value(now.as_millisecond());
    tx.execute(insert).await
}

impl Store {
    /// Removes answers that are kept no longer, a thousand at most; gives whether there
    /// may be more.
    pub async fn sweep_kept_answers(&self, now: Timestamp) -> Result<bool, StoreError> {
        let mut tx = self.database.write().await?;
        let sweep = Sql::new(
            "DELETE FROM idempotency_records WHERE (tenant_id, route, key) IN (
                 SELECT r.tenant_id, r.route, r.key FROM idempotency_records r
                 WHERE r.at <= $1 ORDER BY r.at LIMIT $2)
             RETURNING at",
        )
        .value(now.as_millisecond() - KEPT_MS)
        .value(SWEPT);
        let swept: Vec<(i64,)> = tx.all(sweep).await?;
        tx.commit().await?;
        Ok(swept.len() == usize::try_from(SWEPT).unwrap_or(usize::MAX))
    }
}
