//! A write: its changes, its event and the tenant's revision, all or nothing.

use jiff::Timestamp;
use oriel_contract::{EventId, TenantId};

use crate::{
    Context, NewId, StoreError,
    database::{Database, Tx},
    encoding::count,
    sql::Sql,
};

/// An open write to one tenant. It commits with an event or not at all.
pub(crate) struct Write {
    pub tx: Tx,
    tenant: TenantId,
    revision: i64,
    event: EventId,
    at: Timestamp,
}

impl Write {
    /// Starts a write with the tenant's next revision.
    ///
    /// The revision comes first: on PostgreSQL its row lock makes writers of one
    /// tenant queue here.
    pub async fn begin(
        database: &Database,
        cx: &mut Context<'_>,
        tenant: &TenantId,
    ) -> Result<Self, StoreError> {
        Self::begin_in(database.write().await?, cx, tenant).await
    }

    /// As [`Self::begin`], in a transaction that wrote the tenant itself.
    pub async fn begin_in(
        mut tx: Tx,
        cx: &mut Context<'_>,
        tenant: &TenantId,
    ) -> Result<Self, StoreError> {
        let next =
            Sql::new("UPDATE tenants SET revision = revision + 1 WHERE id = $1 RETURNING revision")
                .value(tenant.as_str());
        let (revision,): (i64,) = tx
            .optional(next)
            .await?
            .ok_or(StoreError::NotFound { what: "tenant" })?;
        Ok(Self {
            tx,
            tenant: tenant.clone(),
            revision,
            event: EventId::new(cx),
            at: cx.now,
        })
    }

    /// Appends the event and commits; gives the tenant's new revision.
    pub async fn commit(
        mut self,
        kind: &'static str,
        subject: &str,
        payload: serde_json::Value,
    ) -> Result<u64, StoreError> {
        let append = Sql::new(
            "INSERT INTO events (tenant_id, seq, id, revision, kind, subject, payload, at)
             VALUES ($1, (SELECT COALESCE(MAX(seq), 0) + 1 FROM events WHERE tenant_id = $1),
                     $2, $3, $4, $5, $6, $7)",
        )
        .value(self.tenant.as_str())
        .value(self.event.as_str())
        .value(self.revision)
        .value(kind)
        .value(subject)
        .value(payload.to_string())
        .value(self.at.as_millisecond());
        self.tx.execute(append).await?;
        self.tx.commit().await?;
        Ok(count(self.revision))
    }
}
