//! Refresh tokens: each is good once, and gives the next one. A second use means that
//! somebody else has it as well, and nobody knows which of the two it is: the whole grant
//! is revoked (RFC 9700 §4.14.2).

use jiff::Timestamp;
use oriel_contract::{GrantId, TenantId};

use super::{
    IDLE,
    code::Redeemed,
    grant::{self, Grant, GrantRow, RevokedFor},
};
use crate::{Client, Context, Store, StoreError, database::Tx, encoding, sql::Sql, write::Write};

/// A refresh token as an app brings it, and the next one.
#[derive(Debug, Clone, Copy)]
pub struct RefreshUse<'a> {
    pub hash: &'a str,
    pub next_hash: &'a str,
}

/// What is known of a refresh token that is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveRefresh {
    pub grant: Grant,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Store {
    /// Uses a refresh token of this app, and puts the next one in its place. A new one
    /// that is never used is over after 30 days.
    pub async fn rotate_refresh_token(
        &self,
        cx: &mut Context<'_>,
        app: &Client,
        brought: RefreshUse<'_>,
    ) -> Result<Redeemed, StoreError> {
        let mut tx = self.database.write().await?;
        let now = cx.now.as_millisecond();
        // Who uses it is settled by this one statement: of two at a time, one finds it.
        let take = Sql::new(
            "UPDATE refresh_tokens SET used_at = $4
             WHERE tenant_id = $1 AND hash = $3 AND used_at IS NULL AND expires_at > $4
             AND grant_id IN (SELECT id FROM grants WHERE tenant_id = $1 AND client_id = $2)
             RETURNING grant_id",
        )
        .value(app.tenant.as_str())
        .value(app.id.as_str())
        .value(brought.hash)
        .value(now);
        let Some((grant,)) = tx.optional::<(String,)>(take).await? else {
            return refuse(tx, cx, app, brought.hash).await;
        };
        let Some(grant) = grant::holding(&mut tx, &app.tenant, &grant).await? else {
            return Ok(Redeemed::Refused);
        };
        insert(&mut tx, app, &grant.id, brought.next_hash, now, now + IDLE).await?;
        tx.commit().await?;
        Ok(Redeemed::For(grant))
    }

    /// The grant of a refresh token of that tenant, used or not, while it holds.
    pub async fn grant_of_refresh_token(
        &self,
        tenant: &TenantId,
        hash: &str,
    ) -> Result<Option<Grant>, StoreError> {
        let sql = Sql::new(
            "SELECT g.id, g.client_id, g.user_id, g.scope FROM grants g
             JOIN refresh_tokens r ON r.tenant_id = g.tenant_id AND r.grant_id = g.id
             WHERE r.tenant_id = $1 AND r.hash = $2 AND g.revoked_at IS NULL",
        )
        .value(tenant.as_str())
        .value(hash);
        let row: Option<GrantRow> = self.database.optional(sql).await?;
        row.map(Grant::try_from).transpose()
    }

    /// A refresh token of that tenant, while it is good.
    pub async fn live_refresh_token(
        &self,
        tenant: &TenantId,
        hash: &str,
        now: Timestamp,
    ) -> Result<Option<LiveRefresh>, StoreError> {
        let mut tx = self.database.read().await?;
        let sql = Sql::new(
            "SELECT grant_id, created_at, expires_at FROM refresh_tokens
             WHERE tenant_id = $1 AND hash = $2 AND used_at IS NULL AND expires_at > $3",
        )
        .value(tenant.as_str())
        .value(hash)
        .value(now.as_millisecond());
        let Some((grant, issued_at, expires_at)) = tx.optional::<(String, i64, i64)>(sql).await?
        else {
            return Ok(None);
        };
        let Some(grant) = grant::holding(&mut tx, tenant, &grant).await? else {
            return Ok(None);
        };
        Ok(Some(LiveRefresh {
            grant,
            issued_at: encoding::timestamp(issued_at)?,
            expires_at: encoding::timestamp(expires_at)?,
        }))
    }
}

/// Revokes the grant of a token of this app that was used before, and leaves alone what
/// is none of its own.
async fn refuse(
    mut tx: Tx,
    cx: &mut Context<'_>,
    app: &Client,
    hash: &str,
) -> Result<Redeemed, StoreError> {
    let used = Sql::new(
        "SELECT g.id FROM grants g
         JOIN refresh_tokens r ON r.tenant_id = g.tenant_id AND r.grant_id = g.id
         WHERE g.tenant_id = $1 AND g.client_id = $2 AND r.hash = $3 AND r.used_at IS NOT NULL",
    )
    .value(app.tenant.as_str())
    .value(app.id.as_str())
    .value(hash);
    let Some((grant,)) = tx.optional::<(String,)>(used).await? else {
        return Ok(Redeemed::Refused);
    };
    let grant: GrantId = encoding::id(&grant)?;
    let write = Write::begin_in(tx, cx, &app.tenant).await?;
    grant::revoke(write, cx.now, &app.tenant, &grant, RevokedFor::RefreshReuse).await?;
    Ok(Redeemed::Reused)
}

pub(super) async fn insert(
    tx: &mut Tx,
    app: &Client,
    grant: &GrantId,
    hash: &str,
    now: i64,
    expires_at: i64,
) -> Result<(), StoreError> {
    let insert = Sql::new(
        "INSERT INTO refresh_tokens (tenant_id, hash, grant_id, created_at, expires_at, used_at)
         VALUES ($1, $2, $3, $4, $5, NULL)",
    )
    .value(app.tenant.as_str())
    .value(hash)
    .value(grant.as_str())
    .value(now)
    .value(expires_at);
    tx.execute(insert).await
}
