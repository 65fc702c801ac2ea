//! A write: its changes, its event, its entry in the audit log and the tenant's
//! revision, all or nothing.

use jiff::Timestamp;
use oriel_contract::{EventId, TenantId};

use crate::{
    Chain, Context, NewAuditEntry, NewId, StoreError, audit,
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
    actor: String,
}

/// What is entered in the audit log: what decides who gets in.
const AUDITED: [&str; 21] = [
    "app.created",
    "app.retired",
    "authorization.approved",
    "authorization.denied",
    "client.created",
    "client.key_added",
    "client.key_retired",
    "client.secret_added",
    "client.secret_retired",
    "embed.created",
    "embed.origins_changed",
    "grant.revoked",
    "signing_key.created",
    "signing_key.retired",
    "tenant.created",
    "tenant.login_url_changed",
    "tenant.resumed",
    "tenant.suspended",
    "tenant_key.registered",
    "tenant_key.retired",
    "tokens.revoked",
];

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
            actor: cx.actor.to_owned(),
        })
    }

    /// Appends the event, enters it in the audit log if it is of that kind, and commits; gives the tenant's new revision.
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
        if AUDITED.contains(&kind) {
            let entry = NewAuditEntry {
                kind,
                actor: self.actor,
                subject: subject.to_owned(),
                outcome: "ok".to_owned(),
                detail: payload,
            };
            audit::append(&mut self.tx, &Chain::Tenant(self.tenant), self.at, entry).await?;
        }
        self.tx.commit().await?;
        Ok(count(self.revision))
    }
}
