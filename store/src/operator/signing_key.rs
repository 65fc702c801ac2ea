//! Signing keys of tenants. The private half is sealed before it comes here.

use jiff::Timestamp;
use oriel_contract::{KeyId, TenantId};
use serde_json::json;

use crate::{Context, Store, StoreError, encoding, sql::Sql, write::Write};

/// A signing key to be.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSigningKey {
    /// Also its `kid`.
    pub id: KeyId,
    pub tenant: TenantId,
    /// The only algorithm that it signs with, as JOSE names it.
    pub alg: String,
    /// The public key, base64url without padding.
    pub public_jwk_x: String,
    /// The private key under a key from configuration.
    pub private_sealed: Vec<u8>,
}

/// A stored signing key.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Also its `kid`.
    pub id: KeyId,
    pub tenant: TenantId,
    /// The only algorithm that it signs with, as JOSE names it.
    pub alg: String,
    /// The public key, base64url without padding.
    pub public_jwk_x: String,
    /// The private key under a key from configuration.
    pub private_sealed: Vec<u8>,
    pub created_at: Timestamp,
    /// From when on nothing that it signed holds; `None` for the tenant's
    /// current key, which alone signs.
    pub retires_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct SigningKeyRow {
    id: String,
    tenant_id: String,
    alg: String,
    public_jwk_x: String,
    private_sealed: Vec<u8>,
    created_at: i64,
    retires_at: Option<i64>,
}

impl TryFrom<SigningKeyRow> for SigningKey {
    type Error = StoreError;

    fn try_from(row: SigningKeyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: encoding::id(&row.id)?,
            tenant: encoding::id(&row.tenant_id)?,
            alg: row.alg,
            public_jwk_x: row.public_jwk_x,
            private_sealed: row.private_sealed,
            created_at: encoding::timestamp(row.created_at)?,
            retires_at: row.retires_at.map(encoding::timestamp).transpose()?,
        })
    }
}

impl Store {
    /// Makes the key its tenant's current one. Earlier current keys retire at
    /// `retire_previous_at`, or at once without it; keys that retire already
    /// keep their time.
    pub async fn insert_signing_key(
        &self,
        cx: &mut Context<'_>,
        key: NewSigningKey,
        retire_previous_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let mut write = Write::begin(&self.database, cx, &key.tenant).await?;
        let retires_at = retire_previous_at.unwrap_or(cx.now);
        let retire = Sql::new(
            "UPDATE signing_keys SET retires_at = $2 WHERE tenant_id = $1 AND retires_at IS NULL",
        )
        .value(key.tenant.as_str())
        .value(retires_at.as_millisecond());
        write.tx.execute(retire).await?;
        let insert = Sql::new(
            "INSERT INTO signing_keys
                 (tenant_id, id, alg, public_jwk_x, private_sealed, created_at, retires_at)
             VALUES ($1, $2, $3, $4, $5, $6, NULL)",
        )
        .value(key.tenant.as_str())
        .value(key.id.as_str())
        .value(key.alg.as_str())
        .value(key.public_jwk_x)
        .value(key.private_sealed)
        .value(cx.now.as_millisecond());
        write.tx.execute(insert).await?;
        write
            .commit(
                "signing_key.created",
                key.id.as_str(),
                json!({ "alg": key.alg }),
            )
            .await?;
        Ok(())
    }

    /// Lets a key on its way out, or a registered one, verify nothing any longer. The
    /// tenant's current signing key is not found: without it nothing could be signed.
    pub async fn retire_key(
        &self,
        cx: &mut Context<'_>,
        tenant: &TenantId,
        key: &KeyId,
    ) -> Result<(), StoreError> {
        let mut write = Write::begin(&self.database, cx, tenant).await?;
        let retire = Sql::new(
            "UPDATE signing_keys
             SET retires_at = CASE WHEN retires_at > $3 THEN $3 ELSE retires_at END
             WHERE tenant_id = $1 AND id = $2 AND retires_at IS NOT NULL RETURNING id",
        )
        .value(tenant.as_str())
        .value(key.as_str())
        .value(cx.now.as_millisecond());
        let found: Option<(String,)> = write.tx.optional(retire).await?;
        if found.is_none() {
            drop(write);
            return self.retire_tenant_key(cx, tenant, key).await;
        }
        write
            .commit("signing_key.retired", key.as_str(), json!({}))
            .await?;
        Ok(())
    }

    /// When the tenant's keys retire, of those that do, the registered ones too. Keys that
    /// retired before `since` are left out.
    pub async fn retiring_keys(
        &self,
        tenant: &TenantId,
        since: Timestamp,
    ) -> Result<Vec<(KeyId, Timestamp)>, StoreError> {
        let sql = Sql::new(
            "SELECT id, retires_at FROM signing_keys WHERE tenant_id = $1 AND retires_at >= $2
             UNION ALL
             SELECT id, retires_at FROM tenant_keys WHERE tenant_id = $1 AND retires_at >= $2
             ORDER BY id",
        )
        .value(tenant.as_str())
        .value(since.as_millisecond());
        let rows: Vec<(String, i64)> = self.database.all(sql).await?;
        rows.into_iter()
            .map(|(id, at)| Ok((encoding::id(&id)?, encoding::timestamp(at)?)))
            .collect()
    }

    /// Every key of every tenant, retired ones too, oldest first.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKey>, StoreError> {
        let sql = Sql::new(
            "SELECT id, tenant_id, alg, public_jwk_x, private_sealed, created_at, retires_at
             FROM signing_keys ORDER BY created_at, id",
        );
        let rows: Vec<SigningKeyRow> = self.database.all(sql).await?;
        rows.into_iter().map(SigningKey::try_from).collect()
    }
}
