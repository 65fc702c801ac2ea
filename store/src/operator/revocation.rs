//! What was revoked before its time.

use jiff::Timestamp;
use oriel_contract::{EmbedId, GrantId, KeyId, SessionId, TenantId};
use serde_json::json;

use crate::{Change, Context, Store, StoreError, Touches, database::Tx, encoding, sql::Sql};

/// How long a revocation is kept after its instant, in milliseconds: longer than any
/// token lives, so that nothing is left which it would still have to refuse.
const KEPT: i64 = 60 * 60 * 1_000;

/// How long that of a session is kept, which must not be gone on with either: 30 days.
const SESSIONS_KEPT: i64 = 30 * 24 * KEPT;

/// Whose tokens are revoked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Revoked {
    /// One mounted widget, for good.
    Session(SessionId),
    /// A viewer, as tokens name them (`sub`).
    Viewer(String),
    Embed(EmbedId),
    /// What a signing key has signed.
    Key(KeyId),
    /// All embed tokens of the tenant.
    Tenant,
    /// One access token, by its `jti`, for good.
    Token(String),
    /// Every access token of a user's grant, for good.
    Grant(GrantId),
}

/// A stored revocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    pub of: Revoked,
    /// Tokens that were issued before this are refused.
    pub issued_before: Timestamp,
    pub revoked_at: Timestamp,
}

impl Revoked {
    /// As the table has it: a kind, and an id or nothing.
    fn row(&self) -> (&'static str, &str) {
        match self {
            Self::Session(id) => ("session", id.as_str()),
            Self::Viewer(viewer) => ("viewer", viewer),
            Self::Embed(id) => ("embed", id.as_str()),
            Self::Key(id) => ("key", id.as_str()),
            Self::Tenant => ("tenant", ""),
            Self::Token(id) => ("token", id),
            Self::Grant(id) => ("grant", id.as_str()),
        }
    }

    /// A kind that is not known is damage: it must not be overlooked.
    fn of(kind: &str, subject: String) -> Result<Self, StoreError> {
        Ok(match kind {
            "session" => Self::Session(encoding::id(&subject)?),
            "viewer" => Self::Viewer(subject),
            "embed" => Self::Embed(encoding::id(&subject)?),
            "key" => Self::Key(encoding::id(&subject)?),
            "tenant" => Self::Tenant,
            "token" => Self::Token(subject),
            "grant" => Self::Grant(encoding::id(&subject)?),
            _ => return Err(encoding::unreadable("revocation")),
        })
    }
}

#[derive(sqlx::FromRow)]
struct RevocationRow {
    kind: String,
    subject: String,
    issued_before: i64,
    revoked_at: i64,
}

impl Store {
    /// As [`Change::revoke`], for the operator.
    pub async fn revoke(
        &self,
        cx: &mut Context<'_>,
        tenant: &TenantId,
        of: &Revoked,
        issued_before: Timestamp,
    ) -> Result<(), StoreError> {
        let mut change = self.change(cx.lent(), tenant, Touches::Data).await?;
        change.revoke(of, issued_before).await?;
        change.commit(None).await.map(drop)
    }

    /// All that is revoked of a tenant, oldest first.
    pub async fn revocations(&self, tenant: &TenantId) -> Result<Vec<Revocation>, StoreError> {
        let sql = Sql::new(
            "SELECT kind, subject, issued_before, revoked_at FROM revocations
             WHERE tenant_id = $1 ORDER BY revoked_at, kind, subject",
        )
        .value(tenant.as_str());
        let rows: Vec<RevocationRow> = self.database.all(sql).await?;
        rows.into_iter()
            .map(|row| {
                Ok(Revocation {
                    of: Revoked::of(&row.kind, row.subject)?,
                    issued_before: encoding::timestamp(row.issued_before)?,
                    revoked_at: encoding::timestamp(row.revoked_at)?,
                })
            })
            .collect()
    }
}

impl Change<'_> {
    /// Refuses from now on what was issued before `issued_before`. An earlier
    /// revocation of the same is never weakened. Those that have nothing left to
    /// refuse are forgotten.
    pub async fn revoke(
        &mut self,
        of: &Revoked,
        issued_before: Timestamp,
    ) -> Result<(), StoreError> {
        self.take_back(of, issued_before).await?;
        let (kind, subject) = of.row();
        let payload = json!({ "kind": kind, "issued_before": issued_before });
        self.record("tokens.revoked", subject, payload);
        Ok(())
    }

    /// The same as a part of something else, which is what is recorded.
    pub(crate) async fn take_back(
        &mut self,
        of: &Revoked,
        issued_before: Timestamp,
    ) -> Result<(), StoreError> {
        let (tx, now) = (&mut self.write.tx, self.cx.now);
        record(tx, now, &self.tenant, of, issued_before).await
    }
}

/// Writes a revocation within a transaction, and forgets those that have nothing left to
/// refuse.
pub(crate) async fn record(
    tx: &mut Tx,
    now: Timestamp,
    tenant: &TenantId,
    of: &Revoked,
    issued_before: Timestamp,
) -> Result<(), StoreError> {
    let (kind, subject) = of.row();
    let revoke = Sql::new(
        "INSERT INTO revocations (tenant_id, kind, subject, issued_before, revoked_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, kind, subject) DO UPDATE SET
             revoked_at = excluded.revoked_at,
             issued_before = CASE
                 WHEN excluded.issued_before > revocations.issued_before
                 THEN excluded.issued_before ELSE revocations.issued_before END",
    )
    .value(tenant.as_str())
    .value(kind)
    .value(subject)
    .value(issued_before.as_millisecond())
    .value(now.as_millisecond());
    tx.execute(revoke).await?;
    let forget = Sql::new(
        "DELETE FROM revocations WHERE tenant_id = $1
         AND ((kind <> 'session' AND issued_before < $2)
              OR (kind = 'session' AND revoked_at < $3))",
    )
    .value(tenant.as_str())
    .value(now.as_millisecond() - KEPT)
    .value(now.as_millisecond() - SESSIONS_KEPT);
    tx.execute(forget).await
}
