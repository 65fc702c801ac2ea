//! Secrets of clients. Only what the server made of them ever comes here.

use jiff::Timestamp;
use oriel_contract::{ClientId, SecretId};
use serde_json::json;

use super::credential::Credentials;
use crate::{
    Client, Context, NewId, Store, StoreError, database::Tx, encoding, sql::Sql, write::Write,
};

const SECRETS: Credentials = Credentials {
    what: "secret",
    table: "client_secrets",
    retired: "client.secret_retired",
};

/// How many secrets of a client are live at once: the one in use, and the next.
pub const LIVE_SECRETS: usize = 2;

/// A secret of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientSecret {
    pub id: SecretId,
    pub hash: String,
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub retired_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct SecretRow {
    id: String,
    hash: String,
    created_at: i64,
    retired_at: Option<i64>,
}

impl TryFrom<SecretRow> for ClientSecret {
    type Error = StoreError;

    fn try_from(row: SecretRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: encoding::id(&row.id)?,
            hash: row.hash,
            created_at: encoding::timestamp(row.created_at)?,
            retired_at: row.retired_at.map(encoding::timestamp).transpose()?,
        })
    }
}

impl Store {
    /// Gives a client another secret, or says [`StoreError::Conflict`] where it has
    /// [`LIVE_SECRETS`] already.
    pub async fn add_client_secret(
        &self,
        cx: &mut Context<'_>,
        client: &Client,
        hash: &str,
    ) -> Result<SecretId, StoreError> {
        let id = SecretId::new(cx);
        let mut write = Write::begin(&self.database, cx, &client.tenant).await?;
        if SECRETS.live(&mut write, client).await? >= LIVE_SECRETS as u64 {
            return Err(StoreError::Conflict { what: "secret" });
        }
        insert(&mut write.tx, cx.now, client, &id, hash).await?;
        let payload = json!({ "secret": id });
        write
            .commit("client.secret_added", client.id.as_str(), payload)
            .await?;
        Ok(id)
    }

    /// Refuses a secret from now on. One that is retired keeps its time.
    pub async fn retire_client_secret(
        &self,
        cx: &mut Context<'_>,
        client: &Client,
        id: &SecretId,
    ) -> Result<(), StoreError> {
        SECRETS.retire(self, cx, client, id.as_str()).await
    }

    /// The hashes of a client's live secrets; none for who is not there.
    pub async fn live_secret_hashes(&self, client: &ClientId) -> Result<Vec<String>, StoreError> {
        let sql = Sql::new(
            "SELECT s.hash FROM clients c
             JOIN client_secrets s ON s.tenant_id = c.tenant_id AND s.client_id = c.id
             WHERE c.id = $1 AND s.retired_at IS NULL ORDER BY s.created_at, s.id",
        )
        .value(client.as_str());
        let rows: Vec<(String,)> = self.database.all(sql).await?;
        Ok(rows.into_iter().map(|(hash,)| hash).collect())
    }

    /// A client's secrets, retired ones too, oldest first.
    pub async fn client_secrets(&self, client: &Client) -> Result<Vec<ClientSecret>, StoreError> {
        let sql = Sql::new(
            "SELECT id, hash, created_at, retired_at FROM client_secrets
             WHERE tenant_id = $1 AND client_id = $2 ORDER BY created_at, id",
        )
        .value(client.tenant.as_str())
        .value(client.id.as_str());
        let rows: Vec<SecretRow> = self.database.all(sql).await?;
        rows.into_iter().map(ClientSecret::try_from).collect()
    }
}

/// Inserts a secret of a client that is known to have room for it.
pub(super) async fn insert(
    tx: &mut Tx,
    now: Timestamp,
    client: &Client,
    id: &SecretId,
    hash: &str,
) -> Result<(), StoreError> {
    let insert = Sql::new(
        "INSERT INTO client_secrets (tenant_id, client_id, id, hash, created_at, retired_at)
         VALUES ($1, $2, $3, $4, $5, NULL)",
    )
    .value(client.tenant.as_str())
    .value(client.id.as_str())
    .value(id.as_str())
    .value(hash)
    .value(now.as_millisecond());
    tx.execute(insert).await
}
