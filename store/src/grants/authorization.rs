//! What apps ask users for, and what the tenant says to it.

use jiff::Timestamp;
use oriel_contract::{AuthorizationId, ClientId, GrantId, TenantId, UserId};
use serde_json::json;

use super::{KEPT, grant};
use crate::{
    Change, Client, Context, NewId, Store, StoreError,
    database::Tx,
    encoding::{self, count},
    sql::Sql,
};

/// How many of an app wait for an answer at most: anybody can ask in its name.
const MOST_WAITING: u64 = 10_000;

/// What an app asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAuthorization {
    pub redirect_uri: String,
    pub scope: String,
    pub state: Option<String>,
    pub code_challenge: String,
    /// From when on nobody can answer it any longer.
    pub expires_at: Timestamp,
}

/// What an app asked for, while it waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    pub id: AuthorizationId,
    pub client: ClientId,
    /// The app's, for people.
    pub client_name: String,
    pub redirect_uri: String,
    pub scope: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Where the user goes once it is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub redirect_uri: String,
    pub state: Option<String>,
}

#[derive(sqlx::FromRow)]
struct AuthorizationRow {
    id: String,
    client_id: String,
    client_name: String,
    redirect_uri: String,
    scope: String,
    created_at: i64,
    expires_at: i64,
}

impl TryFrom<AuthorizationRow> for Authorization {
    type Error = StoreError;

    fn try_from(row: AuthorizationRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: encoding::id(&row.id)?,
            client: encoding::id(&row.client_id)?,
            client_name: row.client_name,
            redirect_uri: row.redirect_uri,
            scope: row.scope,
            created_at: encoding::timestamp(row.created_at)?,
            expires_at: encoding::timestamp(row.expires_at)?,
        })
    }
}

impl Store {
    /// Remembers what an app asks for, or says [`StoreError::Conflict`] where too much of
    /// it waits. Anybody can send such a request, so that it is no change to the tenant's
    /// data: its revision stays, and no event tells of it.
    pub async fn create_authorization(
        &self,
        cx: &mut Context<'_>,
        app: &Client,
        new: &NewAuthorization,
    ) -> Result<AuthorizationId, StoreError> {
        let id = AuthorizationId::new(cx);
        let mut tx = self.database.write().await?;
        forget(&mut tx, &app.tenant, cx.now).await?;
        let waiting = Sql::new(
            "SELECT COUNT(*) FROM authorizations
             WHERE tenant_id = $1 AND client_id = $2 AND expires_at > $3 AND decided_at IS NULL",
        )
        .value(app.tenant.as_str())
        .value(app.id.as_str())
        .value(cx.now.as_millisecond());
        let (waiting,): (i64,) = tx.one(waiting).await?;
        if count(waiting) >= MOST_WAITING {
            return Err(StoreError::Conflict {
                what: "authorization",
            });
        }
        let insert = Sql::new(
            "INSERT INTO authorizations (tenant_id, id, client_id, redirect_uri, scope, state,
                 code_challenge, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .value(app.tenant.as_str())
        .value(id.as_str())
        .value(app.id.as_str())
        .value(new.redirect_uri.as_str())
        .value(new.scope.as_str())
        .value(new.state.as_deref())
        .value(new.code_challenge.as_str())
        .value(cx.now.as_millisecond())
        .value(new.expires_at.as_millisecond());
        tx.execute(insert).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// What an app asked a user of the tenant for, while it waits for an answer.
    pub async fn find_authorization(
        &self,
        tenant: &TenantId,
        id: &AuthorizationId,
        now: Timestamp,
    ) -> Result<Option<Authorization>, StoreError> {
        let row: Option<AuthorizationRow> =
            self.database.optional(waiting(tenant, id, now)).await?;
        row.map(Authorization::try_from).transpose()
    }
}

fn waiting(tenant: &TenantId, id: &AuthorizationId, now: Timestamp) -> Sql {
    Sql::new(
        "SELECT a.id, a.client_id, c.name AS client_name, a.redirect_uri, a.scope,
             a.created_at, a.expires_at
         FROM authorizations a
         JOIN clients c ON c.tenant_id = a.tenant_id AND c.id = a.client_id
         WHERE a.tenant_id = $1 AND a.id = $2 AND a.decided_at IS NULL AND a.expires_at > $3",
    )
    .value(tenant.as_str())
    .value(id.as_str())
    .value(now.as_millisecond())
}

impl Change<'_> {
    /// As [`Store::find_authorization`], where it is to be answered: a second connection
    /// must not be waited for while this one is held.
    pub async fn find_authorization(
        &mut self,
        id: &AuthorizationId,
    ) -> Result<Option<Authorization>, StoreError> {
        let sql = waiting(&self.tenant, id, self.cx.now);
        let row: Option<AuthorizationRow> = self.write.tx.optional(sql).await?;
        row.map(Authorization::try_from).transpose()
    }

    /// Lets the app act for a user, with a code that is good until `code_expires_at`.
    /// Only what waits can be approved, and only for a user of the tenant.
    pub async fn approve_authorization(
        &mut self,
        id: &AuthorizationId,
        approval: Approval<'_>,
    ) -> Result<Decided, StoreError> {
        let grant = GrantId::new(&mut self.cx);
        let (tx, tenant, now) = (&mut self.write.tx, &self.tenant, self.cx.now);
        let user = Sql::new("SELECT id FROM users WHERE tenant_id = $1 AND id = $2")
            .value(tenant.as_str())
            .value(approval.user.as_str());
        let user: Option<(String,)> = tx.optional(user).await?;
        let (client, decided) = decide(tx, tenant, id, now).await?;
        if user.is_none() {
            return Err(StoreError::NotFound { what: "user" });
        }
        let new = grant::NewGrant {
            id: &grant,
            client: &client,
            user: approval.user,
            scope: approval.scope,
        };
        grant::insert(tx, now, tenant, new).await?;
        let keep = Sql::new(
            "UPDATE authorizations SET grant_id = $3, code_hash = $4, code_expires_at = $5
             WHERE tenant_id = $1 AND id = $2",
        )
        .value(tenant.as_str())
        .value(id.as_str())
        .value(grant.as_str())
        .value(approval.code_hash)
        .value(approval.code_expires_at.as_millisecond());
        tx.execute(keep).await?;
        let payload = json!({
            "client": client,
            "user": approval.user,
            "granted_scope": approval.scope,
            "grant": grant,
        });
        self.record("authorization.approved", id.as_str(), payload);
        Ok(decided)
    }

    /// Lets the app do nothing.
    pub async fn deny_authorization(
        &mut self,
        id: &AuthorizationId,
    ) -> Result<Decided, StoreError> {
        let (tx, now) = (&mut self.write.tx, self.cx.now);
        let (client, decided) = decide(tx, &self.tenant, id, now).await?;
        self.record(
            "authorization.denied",
            id.as_str(),
            json!({ "client": client }),
        );
        Ok(decided)
    }
}

/// What a user lets an app do, and the code that says so.
#[derive(Debug, Clone, Copy)]
pub struct Approval<'a> {
    pub user: &'a UserId,
    pub scope: &'a str,
    pub code_hash: &'a str,
    pub code_expires_at: Timestamp,
}

/// Decides what waits, once: of two at a time the second one finds nothing. An app that is
/// retired has no redirect URI left; it may have asked while that was under way.
async fn decide(
    tx: &mut Tx,
    tenant: &TenantId,
    id: &AuthorizationId,
    now: Timestamp,
) -> Result<(ClientId, Decided), StoreError> {
    let decide = Sql::new(
        "UPDATE authorizations SET decided_at = $3
         WHERE tenant_id = $1 AND id = $2 AND decided_at IS NULL AND expires_at > $3
         AND EXISTS (SELECT 1 FROM client_redirect_uris u
                     WHERE u.tenant_id = authorizations.tenant_id
                     AND u.client_id = authorizations.client_id)
         RETURNING client_id, redirect_uri, state",
    )
    .value(tenant.as_str())
    .value(id.as_str())
    .value(now.as_millisecond());
    let row: Option<(String, String, Option<String>)> = tx.optional(decide).await?;
    let (client, redirect_uri, state) = row.ok_or(StoreError::NotFound {
        what: "authorization",
    })?;
    let decided = Decided {
        redirect_uri,
        state,
    };
    Ok((encoding::id(&client)?, decided))
}

/// Forgets what is over: nobody answered it, or nothing of its grant is left.
async fn forget(tx: &mut Tx, tenant: &TenantId, now: Timestamp) -> Result<(), StoreError> {
    let now = now.as_millisecond();
    let tokens = Sql::new("DELETE FROM refresh_tokens WHERE tenant_id = $1 AND expires_at <= $2");
    tx.execute(tokens.value(tenant.as_str()).value(now)).await?;
    // Anybody can ask, so that what nobody answered goes at once.
    let unanswered = Sql::new(
        "DELETE FROM authorizations
         WHERE tenant_id = $1 AND expires_at <= $2 AND decided_at IS NULL",
    );
    tx.execute(unanswered.value(tenant.as_str()).value(now))
        .await?;
    let authorizations = Sql::new(
        "DELETE FROM authorizations WHERE tenant_id = $1 AND expires_at < $2
         AND NOT EXISTS (SELECT 1 FROM refresh_tokens r
                         WHERE r.tenant_id = authorizations.tenant_id
                         AND r.grant_id = authorizations.grant_id)",
    );
    let authorizations = authorizations.value(tenant.as_str()).value(now - KEPT);
    tx.execute(authorizations).await?;
    let grants = Sql::new(
        "DELETE FROM grants WHERE tenant_id = $1 AND created_at < $2
         AND NOT EXISTS (SELECT 1 FROM refresh_tokens r
                         WHERE r.tenant_id = grants.tenant_id AND r.grant_id = grants.id)
         AND NOT EXISTS (SELECT 1 FROM authorizations a
                         WHERE a.tenant_id = grants.tenant_id AND a.grant_id = grants.id)",
    );
    tx.execute(grants.value(tenant.as_str()).value(now - KEPT))
        .await
}
