//! OAuth clients of tenants.

use jiff::Timestamp;
use oriel_contract::{ClientId, TenantId};
use serde_json::json;

use crate::{Context, NewId, Store, StoreError, encoding, sql::Sql, write::Write};

/// A tenant's backend.
#[derive(Clone, PartialEq, Eq)]
pub struct Client {
    pub id: ClientId,
    pub tenant: TenantId,
    pub name: String,
    /// Whatever the server made of the secret; never the secret.
    pub secret_hash: String,
    /// Space-separated.
    pub scope: String,
    pub created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct ClientRow {
    id: String,
    tenant_id: String,
    name: String,
    secret_hash: String,
    scope: String,
    created_at: i64,
}

impl TryFrom<ClientRow> for Client {
    type Error = StoreError;

    fn try_from(row: ClientRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: encoding::id(&row.id)?,
            tenant: encoding::id(&row.tenant_id)?,
            name: row.name,
            secret_hash: row.secret_hash,
            scope: row.scope,
            created_at: encoding::timestamp(row.created_at)?,
        })
    }
}

impl Store {
    /// Makes a client of the tenant.
    pub async fn create_client(
        &self,
        cx: &mut Context<'_>,
        tenant: &TenantId,
        name: &str,
        secret_hash: &str,
        scope: &str,
    ) -> Result<Client, StoreError> {
        let id = ClientId::new(cx);
        let mut write = Write::begin(&self.database, cx, tenant).await?;
        let insert = Sql::new(
            "INSERT INTO clients (tenant_id, id, name, secret_hash, scope, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .value(tenant.as_str())
        .value(id.as_str())
        .value(name)
        .value(secret_hash)
        .value(scope)
        .value(cx.now.as_millisecond());
        write.tx.execute(insert).await?;
        write
            .commit(
                "client.created",
                id.as_str(),
                json!({ "name": name, "scope": scope }),
            )
            .await?;
        Ok(Client {
            id,
            tenant: tenant.clone(),
            name: name.to_owned(),
            secret_hash: secret_hash.to_owned(),
            scope: scope.to_owned(),
            created_at: cx.now,
        })
    }

    /// The client of that id.
    pub async fn find_client(&self, id: &ClientId) -> Result<Option<Client>, StoreError> {
        let sql = Sql::new(
            "SELECT id, tenant_id, name, secret_hash, scope, created_at FROM clients WHERE id = $1",
        )
        .value(id.as_str());
        let row: Option<ClientRow> = self.database.optional(sql).await?;
        row.map(Client::try_from).transpose()
    }
}
