//! The end of an app.

use oriel_contract::{ClientId, TenantId};
use serde_json::json;

use crate::{
    Client, Context, Revoked, Store, StoreError, database::Tx, encoding,
    operator::record_revocation, sql::Sql, write::Write,
};

/// How long ago an access token may have been issued that still holds, in milliseconds:
/// more than the 10 minutes that it lives.
const LONGEST_LIFE: i64 = 15 * 60 * 1_000;

/// Nobody is sent back to the app, and nobody answers it. Its id stays, for the audit log
/// to name.
const FORGET: [&str; 2] = [
    "DELETE FROM client_redirect_uris WHERE tenant_id = $1 AND client_id = $2",
    "DELETE FROM authorizations WHERE tenant_id = $1 AND client_id = $2 AND grant_id IS NULL",
];

/// Nothing that it has is good any longer.
const END: [&str; 3] = [
    "UPDATE client_secrets SET retired_at = COALESCE(retired_at, $3)
     WHERE tenant_id = $1 AND client_id = $2",
    "UPDATE client_keys SET retired_at = COALESCE(retired_at, $3)
     WHERE tenant_id = $1 AND client_id = $2",
    "UPDATE grants SET revoked_at = COALESCE(revoked_at, $3)
     WHERE tenant_id = $1 AND client_id = $2",
];

impl Store {
    /// Ends an app with all that users have let it do. Again is no error.
    pub async fn retire_app(&self, cx: &mut Context<'_>, app: &Client) -> Result<(), StoreError> {
        let (tenant, now) = (&app.tenant, cx.now);
        let mut write = Write::begin(&self.database, cx, tenant).await?;
        let since = now.as_millisecond() - LONGEST_LIFE;
        for grant in with_access_tokens(&mut write.tx, tenant, &app.id, since).await? {
            let of = Revoked::Grant(encoding::id(&grant)?);
            record_revocation(&mut write.tx, now, tenant, &of, now).await?;
        }
        let of_app = |text| Sql::new(text).value(tenant.as_str()).value(app.id.as_str());
        for forget in FORGET {
            write.tx.execute(of_app(forget)).await?;
        }
        for end in END {
            let end = of_app(end).value(now.as_millisecond());
            write.tx.execute(end).await?;
        }
        write
            .commit("app.retired", app.id.as_str(), json!({}))
            .await?;
        Ok(())
    }
}

/// The grants that still hold and have given an access token since then, each of which
/// came with a refresh token. Servers have to refuse what these gave, and no more than
/// that: they read the list of it again and again.
async fn with_access_tokens(
    tx: &mut Tx,
    tenant: &TenantId,
    app: &ClientId,
    since: i64,
) -> Result<Vec<String>, StoreError> {
    let sql = Sql::new(
        "SELECT DISTINCT g.id FROM grants g
         JOIN refresh_tokens r ON r.tenant_id = g.tenant_id AND r.grant_id = g.id
         WHERE g.tenant_id = $1 AND g.client_id = $2 AND g.revoked_at IS NULL
         AND r.created_at > $3",
    )
    .value(tenant.as_str())
    .value(app.as_str())
    .value(since);
    let rows: Vec<(String,)> = tx.all(sql).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
