//! What a user has let an app do.

use jiff::Timestamp;
use oriel_contract::{ClientId, GrantId, TenantId, UserId};
use serde_json::json;

use crate::{
    Change, Context, Revoked, Store, StoreError, database::Tx, encoding,
    operator::record_revocation, sql::Sql, write::Write,
};

/// A grant that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub id: GrantId,
    pub client: ClientId,
    pub user: UserId,
    pub scope: String,
}

/// Why a grant is revoked, for the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevokedFor {
    /// Its app gave it back.
    GivenBack,
    /// A code came a second time.
    CodeReuse,
    /// A refresh token did.
    RefreshReuse,
}

impl RevokedFor {
    fn as_str(self) -> &'static str {
        match self {
            Self::GivenBack => "given_back",
            Self::CodeReuse => "code_reuse",
            Self::RefreshReuse => "refresh_token_reuse",
        }
    }
}

/// A grant to be.
pub(super) struct NewGrant<'a> {
    pub id: &'a GrantId,
    pub client: &'a ClientId,
    pub user: &'a UserId,
    pub scope: &'a str,
}

#[derive(sqlx::FromRow)]
pub(super) struct GrantRow {
    id: String,
    client_id: String,
    user_id: String,
    scope: String,
}

impl TryFrom<GrantRow> for Grant {
    type Error = StoreError;

    fn try_from(row: GrantRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: encoding::id(&row.id)?,
            client: encoding::id(&row.client_id)?,
            user: encoding::id(&row.user_id)?,
            scope: row.scope,
        })
    }
}

impl Store {
    /// Revokes a grant, and every access token that it gave. Again is no error.
    pub async fn revoke_grant(
        &self,
        cx: &mut Context<'_>,
        tenant: &TenantId,
        grant: &GrantId,
        why: RevokedFor,
    ) -> Result<(), StoreError> {
        let write = Write::begin(&self.database, cx, tenant).await?;
        revoke(write, cx.now, tenant, grant, why).await
    }
}

impl Change<'_> {
    /// Ends what a user has let apps do, who is there no longer.
    pub(crate) async fn end_grants_of(&mut self, user: &UserId) -> Result<(), StoreError> {
        let end = Sql::new(
            "UPDATE grants SET revoked_at = $3
             WHERE tenant_id = $1 AND user_id = $2 AND revoked_at IS NULL RETURNING id",
        )
        .value(self.tenant.as_str())
        .value(user.as_str())
        .value(self.cx.now.as_millisecond());
        let ended: Vec<(String,)> = self.write.tx.all(end).await?;
        for (grant,) in ended {
            let of = Revoked::Grant(encoding::id(&grant)?);
            self.take_back(&of, self.cx.now).await?;
        }
        Ok(())
    }
}

pub(super) async fn insert(
    tx: &mut Tx,
    now: Timestamp,
    tenant: &TenantId,
    new: NewGrant<'_>,
) -> Result<(), StoreError> {
    let insert = Sql::new(
        "INSERT INTO grants (tenant_id, id, client_id, user_id, scope, created_at, revoked_at)
         VALUES ($1, $2, $3, $4, $5, $6, NULL)",
    )
    .value(tenant.as_str())
    .value(new.id.as_str())
    .value(new.client.as_str())
    .value(new.user.as_str())
    .value(new.scope)
    .value(now.as_millisecond());
    tx.execute(insert).await
}

/// The grant, while it holds and its user is there.
pub(super) async fn holding(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &str,
) -> Result<Option<Grant>, StoreError> {
    let sql = Sql::new(
        "SELECT g.id, g.client_id, g.user_id, g.scope FROM grants g
         JOIN users u ON u.tenant_id = g.tenant_id AND u.id = g.user_id
         WHERE g.tenant_id = $1 AND g.id = $2 AND g.revoked_at IS NULL",
    )
    .value(tenant.as_str())
    .value(id);
    let row: Option<GrantRow> = tx.optional(sql).await?;
    row.map(Grant::try_from).transpose()
}

/// Revokes a grant within a write, and commits it. One that is revoked already is left as
/// it is, and the write with it.
pub(super) async fn revoke(
    mut write: Write,
    now: Timestamp,
    tenant: &TenantId,
    grant: &GrantId,
    why: RevokedFor,
) -> Result<(), StoreError> {
    let revoke = Sql::new(
        "UPDATE grants SET revoked_at = $3
         WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING client_id, user_id",
    )
    .value(tenant.as_str())
    .value(grant.as_str())
    .value(now.as_millisecond());
    let Some((client, user)) = write.tx.optional::<(String, String)>(revoke).await? else {
        return Ok(());
    };
    let of = Revoked::Grant(grant.clone());
    record_revocation(&mut write.tx, now, tenant, &of, now).await?;
    let payload = json!({ "client": client, "user": user, "reason": why.as_str() });
    write
        .commit("grant.revoked", grant.as_str(), payload)
        .await
        .map(drop)
}
