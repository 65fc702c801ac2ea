//! OAuth clients of tenants: backends of their own, and apps of others.

use jiff::Timestamp;
use oriel_contract::{ClientId, SecretId, TenantId};
use serde_json::json;

use crate::{
    Context, NewId, Store, StoreError, database::Tx, encoding, operator::client_secret, sql::Sql,
    write::Write,
};

/// Who asks for tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub id: ClientId,
    pub tenant: TenantId,
    pub kind: ClientKind,
    /// For people.
    pub name: String,
    /// All that it may have, separated by spaces.
    pub scope: String,
    pub created_at: Timestamp,
}

/// What a client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientKind {
    /// The tenant's own backend, which acts for itself.
    Backend,
    /// An app that acts for users of the tenant, and can keep a secret.
    ConfidentialApp,
    /// One that cannot, such as an app on a phone.
    PublicApp,
}

impl ClientKind {
    const ALL: [Self; 3] = [Self::Backend, Self::ConfidentialApp, Self::PublicApp];

    /// As it is stored, and entered in the audit log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Backend => "backend",
            Self::ConfidentialApp => "confidential_app",
            Self::PublicApp => "public_app",
        }
    }
}

/// An app to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApp {
    pub name: String,
    pub scope: String,
    /// Whether the caller has checked them is its own business; they are kept as they are.
    pub redirect_uris: Vec<String>,
    /// Of its first secret; a public app has none.
    pub secret_hash: Option<String>,
}

const COLUMNS: &str = "SELECT id, tenant_id, kind, name, scope, created_at FROM clients";

#[derive(sqlx::FromRow)]
struct ClientRow {
    id: String,
    tenant_id: String,
    kind: String,
    name: String,
    scope: String,
    created_at: i64,
}

impl TryFrom<ClientRow> for Client {
    type Error = StoreError;

    fn try_from(row: ClientRow) -> Result<Self, StoreError> {
        let kind = ClientKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == row.kind)
            .ok_or_else(|| encoding::unreadable("client"))?;
        Ok(Self {
            id: encoding::id(&row.id)?,
            tenant: encoding::id(&row.tenant_id)?,
            kind,
            name: row.name,
            scope: row.scope,
            created_at: encoding::timestamp(row.created_at)?,
        })
    }
}

impl Store {
    /// Makes a backend of the tenant, with its first secret.
    pub async fn create_client(
        &self,
        cx: &mut Context<'_>,
        tenant: &TenantId,
        name: &str,
        secret_hash: &str,
        scope: &str,
    ) -> Result<Client, StoreError> {
        let client = new_client(cx, tenant, ClientKind::Backend, name, scope);
        let secret = SecretId::new(cx);
        let mut write = Write::begin(&self.database, cx, tenant).await?;
        insert(&mut write.tx, &client).await?;
        client_secret::insert(&mut write.tx, cx.now, &client, &secret, secret_hash).await?;
        write
            .commit(
                "client.created",
                client.id.as_str(),
                json!({ "name": name, "scope": scope }),
            )
            .await?;
        Ok(client)
    }

    /// Makes an app that may act for users of the tenant who let it.
    pub async fn create_app(
        &self,
        cx: &mut Context<'_>,
        tenant: &TenantId,
        new: &NewApp,
    ) -> Result<Client, StoreError> {
        let kind = match new.secret_hash {
            Some(_) => ClientKind::ConfidentialApp,
            None => ClientKind::PublicApp,
        };
        let app = new_client(cx, tenant, kind, &new.name, &new.scope);
        let secret = SecretId::new(cx);
        let mut write = Write::begin(&self.database, cx, tenant).await?;
        insert(&mut write.tx, &app).await?;
        if let Some(hash) = &new.secret_hash {
            client_secret::insert(&mut write.tx, cx.now, &app, &secret, hash).await?;
        }
        for (seq, uri) in (0_i64..).zip(&new.redirect_uris) {
            let insert = Sql::new(
                "INSERT INTO client_redirect_uris (tenant_id, client_id, seq, uri)
                 VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, client_id, uri) DO NOTHING",
            )
            .value(tenant.as_str())
            .value(app.id.as_str())
            .value(seq)
            .value(uri.as_str());
            write.tx.execute(insert).await?;
        }
        let payload = json!({
            "kind": kind.as_str(),
            "name": new.name,
            "scope": new.scope,
            "redirect_uris": new.redirect_uris,
        });
        write
            .commit("app.created", app.id.as_str(), payload)
            .await?;
        Ok(app)
    }

    /// The client of that id.
    pub async fn find_client(&self, id: &ClientId) -> Result<Option<Client>, StoreError> {
        let mut sql = Sql::new(COLUMNS);
        sql.push(" WHERE id = ").bind(id.as_str());
        let row: Option<ClientRow> = self.database.optional(sql).await?;
        row.map(Client::try_from).transpose()
    }

    /// The tenant's clients, oldest first.
    pub async fn list_clients(&self, tenant: &TenantId) -> Result<Vec<Client>, StoreError> {
        let mut sql = Sql::new(COLUMNS);
        sql.push(" WHERE tenant_id = ").bind(tenant.as_str());
        sql.push(" ORDER BY created_at, id");
        let rows: Vec<ClientRow> = self.database.all(sql).await?;
        rows.into_iter().map(Client::try_from).collect()
    }

    /// Where an app's users may be sent back to, in the order they were given.
    pub async fn redirect_uris(&self, client: &Client) -> Result<Vec<String>, StoreError> {
        let sql = Sql::new(
            "SELECT uri FROM client_redirect_uris WHERE tenant_id = $1 AND client_id = $2
             ORDER BY seq",
        )
        .value(client.tenant.as_str())
        .value(client.id.as_str());
        let rows: Vec<(String,)> = self.database.all(sql).await?;
        Ok(rows.into_iter().map(|(uri,)| uri).collect())
    }
}

fn new_client(
    cx: &mut Context<'_>,
    tenant: &TenantId,
    kind: ClientKind,
    name: &str,
    scope: &str,
) -> Client {
    Client {
        id: ClientId::new(cx),
        tenant: tenant.clone(),
        kind,
        name: name.to_owned(),
        scope: scope.to_owned(),
        created_at: cx.now,
    }
}

async fn insert(tx: &mut Tx, client: &Client) -> Result<(), StoreError> {
    let insert = Sql::new(
        "INSERT INTO clients (tenant_id, id, kind, name, scope, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .value(client.tenant.as_str())
    .value(client.id.as_str())
    .value(client.kind.as_str())
    .value(client.name.as_str())
    .value(client.scope.as_str())
    .value(client.created_at.as_millisecond());
    tx.execute(insert).await
}
