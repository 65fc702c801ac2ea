//! A write: its changes, its events, its entry in the audit log and the tenant's
//! revision, all or nothing.

use jiff::Timestamp;
use oriel_contract::{EventId, TenantId};
use serde_json::Value;

use crate::{
    Actor, Chain, Context, NewAuditEntry, NewId, StoreError, audit,
    database::{Database, Tx},
    encoding::count,
    rows::Rows,
    sql::Sql,
};

/// An open write to one tenant. It commits with its events or not at all.
pub(crate) struct Write {
    pub tx: Tx,
    tenant: TenantId,
    revision: i64,
    event: EventId,
    events: Vec<NewEvent>,
    at: Timestamp,
    actor: [String; 4],
}

struct NewEvent {
    id: EventId,
    kind: &'static str,
    subject: String,
    payload: Value,
}

/// Of writes with one event, those that are entered in the audit log: what decides who
/// gets in. A [`Change`](crate::Change) enters all that it does.
const AUDITED: [&str; 15] = [
    "app.created",
    "app.retired",
    "client.created",
    "client.key_added",
    "client.key_retired",
    "client.secret_added",
    "client.secret_retired",
    "grant.revoked",
    "signing_key.created",
    "signing_key.retired",
    "tenant.created",
    "tenant.login_url_changed",
    "tenant.resumed",
    "tenant.suspended",
    "tenant_key.retired",
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
        Self::begin_in(database.write().await?, cx, tenant, 1).await
    }

    /// Starts a write that changes nothing of what answers are made from: the revision
    /// stays, and it has no events.
    pub async fn begin_aside(
        database: &Database,
        cx: &mut Context<'_>,
        tenant: &TenantId,
    ) -> Result<Self, StoreError> {
        Self::begin_in(database.write().await?, cx, tenant, 0).await
    }

    /// As [`Self::begin`], in a transaction that wrote the tenant itself.
    pub async fn begin_in(
        mut tx: Tx,
        cx: &mut Context<'_>,
        tenant: &TenantId,
        steps: i64,
    ) -> Result<Self, StoreError> {
        let next = Sql::new(
            "UPDATE tenants SET revision = revision + $2 WHERE id = $1 RETURNING revision",
        )
        .value(tenant.as_str())
        .value(steps);
        let (revision,): (i64,) = tx
            .optional(next)
            .await?
            .ok_or(StoreError::NotFound { what: "tenant" })?;
        let Actor {
            id,
            scope,
            request_id,
            user,
        } = cx.actor;
        Ok(Self {
            tx,
            tenant: tenant.clone(),
            revision,
            event: EventId::new(cx),
            events: Vec::new(),
            at: cx.now,
            actor: [id, scope, request_id, user].map(str::to_owned),
        })
    }

    /// The tenant's revision with this write. What is made begins with it as its version: so
    /// an `ETag` of what was there before under the same name fits nothing that is new.
    pub const fn revision(&self) -> i64 {
        self.revision
    }

    /// Raises the revision past the version of what goes, where one write changed it often.
    pub async fn outgrow(&mut self, version: i64) -> Result<(), StoreError> {
        if version < self.revision {
            return Ok(());
        }
        self.revision = version + 1;
        let raise = Sql::new("UPDATE tenants SET revision = $2 WHERE id = $1")
            .value(self.tenant.as_str())
            .value(self.revision);
        self.tx.execute(raise).await
    }

    /// Appends an event to the write.
    pub fn event(
        &mut self,
        cx: &mut Context<'_>,
        kind: &'static str,
        subject: &str,
        payload: Value,
    ) {
        self.events.push(NewEvent {
            id: EventId::new(cx),
            kind,
            subject: subject.to_owned(),
            payload,
        });
    }

    /// Commits with one event, which is entered in the audit log if it is of that kind;
    /// gives the tenant's new revision.
    pub async fn commit(
        mut self,
        kind: &'static str,
        subject: &str,
        payload: Value,
    ) -> Result<u64, StoreError> {
        self.events.push(NewEvent {
            id: self.event.clone(),
            kind,
            subject: subject.to_owned(),
            payload: payload.clone(),
        });
        if AUDITED.contains(&kind) {
            self.enter(kind, subject, payload).await?;
        }
        self.finish().await
    }

    /// Enters what is done in the audit log, with who does it, by what right and with
    /// which request.
    pub async fn enter(
        &mut self,
        kind: &'static str,
        subject: &str,
        detail: Value,
    ) -> Result<(), StoreError> {
        let [id, scope, request_id, user] = &self.actor;
        let actor = Actor {
            id,
            scope,
            request_id,
            user,
        };
        let entry = NewAuditEntry {
            kind,
            actor: id.clone(),
            subject: subject.to_owned(),
            outcome: "ok".to_owned(),
            detail: actor.sign(detail),
        };
        let chain = Chain::Tenant(self.tenant.clone());
        audit::append(&mut self.tx, &chain, self.at, entry).await
    }

    /// Commits with the events so far; gives the tenant's new revision.
    pub async fn finish(mut self) -> Result<u64, StoreError> {
        if !self.events.is_empty() {
            self.append_events().await?;
        }
        self.tx.commit().await?;
        Ok(count(self.revision))
    }

    async fn append_events(&mut self) -> Result<(), StoreError> {
        let tenant = self.tenant.as_str();
        let last = Sql::new("SELECT COALESCE(MAX(seq), 0) FROM events WHERE tenant_id = $1");
        let (last,): (i64,) = self.tx.one(last.value(tenant)).await?;
        let mut rows = Rows::new(
            "INSERT INTO events (tenant_id, seq, id, revision, kind, subject, payload, at) VALUES",
            "",
        );
        for (seq, event) in (last + 1..).zip(self.events.drain(..)) {
            rows.push([
                tenant.into(),
                seq.into(),
                event.id.as_str().into(),
                self.revision.into(),
                event.kind.into(),
                event.subject.into(),
                event.payload.to_string().into(),
                self.at.as_millisecond().into(),
            ]);
        }
        rows.write(&mut self.tx).await
    }
}
