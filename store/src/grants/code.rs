//! Codes: each is good once, and a second use takes back all that came of it.

use oriel_contract::GrantId;

use super::{
    IDLE,
    grant::{self, Grant, RevokedFor},
    refresh,
};
use crate::{Client, Context, Store, StoreError, encoding, sql::Sql, write::Write};

/// A code as an app brings it.
#[derive(Debug, Clone, Copy)]
pub struct CodeUse<'a> {
    pub code_hash: &'a str,
    pub redirect_uri: &'a str,
    /// What the verifier comes to, by S256.
    pub code_challenge: &'a str,
    /// Of the first refresh token of the grant.
    pub refresh_hash: &'a str,
}

/// What became of a code or of a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redeemed {
    /// It is used now, and this is what it was for.
    For(Grant),
    /// It was used before, and its grant is revoked for it.
    Reused,
    /// It is none of this app's, is over, or is not for what it was brought with.
    Refused,
}

impl Store {
    /// Uses a code of this app.
    pub async fn redeem_code(
        &self,
        cx: &mut Context<'_>,
        app: &Client,
        brought: CodeUse<'_>,
    ) -> Result<Redeemed, StoreError> {
        // An app's id is no secret: what nobody was given holds no writer up.
        let known = Sql::new(
            "SELECT grant_id FROM authorizations
             WHERE tenant_id = $1 AND client_id = $2 AND code_hash = $3",
        )
        .value(app.tenant.as_str())
        .value(app.id.as_str())
        .value(brought.code_hash);
        let Some((known,)) = self.database.optional::<(String,)>(known).await? else {
            return Ok(Redeemed::Refused);
        };
        let mut tx = self.database.write().await?;
        let now = cx.now.as_millisecond();
        // Who uses it is settled by this one statement: of two at a time, one finds it.
        let take = Sql::new(
            "UPDATE authorizations SET code_used_at = $4
             WHERE tenant_id = $1 AND client_id = $2 AND code_hash = $3 AND code_used_at IS NULL
             RETURNING grant_id, redirect_uri, code_challenge, code_expires_at",
        )
        .value(app.tenant.as_str())
        .value(app.id.as_str())
        .value(brought.code_hash)
        .value(now);
        let taken: Option<(String, String, String, i64)> = tx.optional(take).await?;
        let Some((grant, redirect_uri, code_challenge, expires_at)) = taken else {
            let grant: GrantId = encoding::id(&known)?;
            let write = Write::begin_in(tx, cx, &app.tenant, 1).await?;
            grant::revoke(write, cx.now, &app.tenant, &grant, RevokedFor::CodeReuse).await?;
            return Ok(Redeemed::Reused);
        };
        let is_for_it = expires_at > now
            && redirect_uri == brought.redirect_uri
            && code_challenge == brought.code_challenge;
        let grant = grant::holding(&mut tx, &app.tenant, &grant).await?;
        // Whoever brings it wrongly does not use it up: the transaction is dropped.
        let Some(grant) = grant.filter(|_| is_for_it) else {
            return Ok(Redeemed::Refused);
        };
        refresh::insert(
            &mut tx,
            app,
            &grant.id,
            brought.refresh_hash,
            now,
            now + IDLE,
        )
        .await?;
        tx.commit().await?;
        Ok(Redeemed::For(grant))
    }
}
