//! Public keys that clients authenticate with, and the assertions that were taken.

use jiff::Timestamp;
use oriel_contract::{ClientKeyId, PublicJwk};
use serde_json::json;

use super::credential::Credentials;
use crate::{Client, Context, NewId, Store, StoreError, encoding, sql::Sql, write::Write};

const KEYS: Credentials = Credentials {
    what: "key",
    table: "client_keys",
    retired: "client.key_retired",
};

/// How many keys of a client are live at once. Each may have to be tried.
const LIVE_KEYS: u64 = 5;

/// A public key of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientKey {
    /// Also its `kid`.
    pub id: ClientKeyId,
    /// The only algorithm that it verifies, as JOSE names it.
    pub alg: String,
    pub public_jwk: PublicJwk,
    pub created_at: Timestamp,
    /// From when on nothing that it signed is taken.
    pub retired_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    id: String,
    alg: String,
    public_jwk: String,
    created_at: i64,
    retired_at: Option<i64>,
}

impl TryFrom<KeyRow> for ClientKey {
    type Error = StoreError;

    fn try_from(row: KeyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: encoding::id(&row.id)?,
            alg: row.alg,
            public_jwk: serde_json::from_str(&row.public_jwk)
                .map_err(|_| encoding::unreadable("key"))?,
            created_at: encoding::timestamp(row.created_at)?,
            retired_at: row.retired_at.map(encoding::timestamp).transpose()?,
        })
    }
}

impl Store {
    /// Registers a key of a client, or says [`StoreError::Conflict`] where it has five
    /// live ones. Whether it is strong enough is for the caller to know.
    pub async fn add_client_key(
        &self,
        cx: &mut Context<'_>,
        client: &Client,
        alg: &str,
        public_jwk: &PublicJwk,
    ) -> Result<ClientKeyId, StoreError> {
        let id = ClientKeyId::new(cx);
        let mut write = Write::begin(&self.database, cx, &client.tenant).await?;
        if KEYS.live(&mut write, client).await? >= LIVE_KEYS {
            return Err(StoreError::Conflict { what: "key" });
        }
        let insert = Sql::new(
            "INSERT INTO client_keys
                 (tenant_id, client_id, id, alg, public_jwk, created_at, retired_at)
             VALUES ($1, $2, $3, $4, $5, $6, NULL)",
        )
        .value(client.tenant.as_str())
        .value(client.id.as_str())
        .value(id.as_str())
        .value(alg)
        .value(json!(public_jwk).to_string())
        .value(cx.now.as_millisecond());
        write.tx.execute(insert).await?;
        let payload = json!({ "alg": alg, "key": id });
        write
            .commit("client.key_added", client.id.as_str(), payload)
            .await?;
        Ok(id)
    }

    /// Takes nothing any longer that a key signs. One that is retired keeps its time.
    pub async fn retire_client_key(
        &self,
        cx: &mut Context<'_>,
        client: &Client,
        id: &ClientKeyId,
    ) -> Result<(), StoreError> {
        KEYS.retire(self, cx, client, id.as_str()).await
    }

    /// A client's keys, retired ones too, oldest first.
    pub async fn client_keys(&self, client: &Client) -> Result<Vec<ClientKey>, StoreError> {
        let sql = Sql::new(
            "SELECT id, alg, public_jwk, created_at, retired_at FROM client_keys
             WHERE tenant_id = $1 AND client_id = $2 ORDER BY created_at, id",
        )
        .value(client.tenant.as_str())
        .value(client.id.as_str());
        let rows: Vec<KeyRow> = self.database.all(sql).await?;
        rows.into_iter().map(ClientKey::try_from).collect()
    }

    /// Remembers an assertion by the hash of its `jti` until `expires_at`; says whether it
    /// was not there before. Those that are over are forgotten.
    pub async fn take_assertion(
        &self,
        client: &Client,
        hash: &str,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut tx = self.database.write().await?;
        let forget = Sql::new(
            "DELETE FROM used_assertions
             WHERE tenant_id = $1 AND client_id = $2 AND expires_at < $3",
        )
        .value(client.tenant.as_str())
        .value(client.id.as_str())
        .value(now.as_millisecond());
        tx.execute(forget).await?;
        let take = Sql::new(
            "INSERT INTO used_assertions (tenant_id, client_id, hash, expires_at)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (tenant_id, client_id, hash) DO NOTHING RETURNING hash",
        )
        .value(client.tenant.as_str())
        .value(client.id.as_str())
        .value(hash)
        .value(expires_at.as_millisecond());
        let is_new = tx.optional::<(String,)>(take).await?.is_some();
        tx.commit().await?;
        Ok(is_new)
    }
}
