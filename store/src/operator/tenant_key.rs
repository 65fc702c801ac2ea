//! Keys that tenants hold themselves. Only their public halves ever come here.

use jiff::Timestamp;
use oriel_contract::{KeyId, PublicJwk, TenantId};
use serde_json::json;

use crate::{Change, Context, NewId, Store, StoreError, Touches, encoding, sql::Sql, write::Write};

/// A public key that a tenant has registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantKey {
    /// Also its `kid`.
    pub id: KeyId,
    pub tenant: TenantId,
    /// For people.
    pub name: String,
    /// The only algorithm that it verifies, as JOSE names it.
    pub alg: String,
    pub public_jwk: PublicJwk,
    pub created_at: Timestamp,
    /// From when on nothing that it signed holds.
    pub retires_at: Option<Timestamp>,
}

const COLUMNS: &str = "SELECT id, tenant_id, name, alg, public_jwk, created_at, retires_at
     FROM tenant_keys";

/// How many keys a tenant may have in use: every server holds them in memory.
const MOST_IN_USE: i64 = 50;

#[derive(sqlx::FromRow)]
struct TenantKeyRow {
    id: String,
    tenant_id: String,
    name: String,
    alg: String,
    public_jwk: String,
    created_at: i64,
    retires_at: Option<i64>,
}

impl TryFrom<TenantKeyRow> for TenantKey {
    type Error = StoreError;

    fn try_from(row: TenantKeyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: encoding::id(&row.id)?,
            tenant: encoding::id(&row.tenant_id)?,
            name: row.name,
            alg: row.alg,
            public_jwk: serde_json::from_str(&row.public_jwk)
                .map_err(|_| encoding::unreadable("key"))?,
            created_at: encoding::timestamp(row.created_at)?,
            retires_at: row.retires_at.map(encoding::timestamp).transpose()?,
        })
    }
}

impl Change<'_> {
    /// Registers a key, or says [`StoreError::Conflict`] where the tenant has 50 in use.
    /// Whether it is strong enough is for the caller to know.
    pub async fn register_tenant_key(
        &mut self,
        name: &str,
        alg: &str,
        public_jwk: &PublicJwk,
    ) -> Result<TenantKey, StoreError> {
        let in_use = Sql::new(
            "SELECT COUNT(*) FROM tenant_keys WHERE tenant_id = $1 AND retires_at IS NULL",
        )
        .value(self.tenant.as_str());
        let (in_use,): (i64,) = self.write.tx.one(in_use).await?;
        if in_use >= MOST_IN_USE {
            return Err(StoreError::Conflict { what: "key" });
        }
        let key = TenantKey {
            id: KeyId::new(&mut self.cx),
            tenant: self.tenant.clone(),
            name: name.to_owned(),
            alg: alg.to_owned(),
            public_jwk: public_jwk.clone(),
            created_at: self.cx.now,
            retires_at: None,
        };
        let insert = Sql::new(
            "INSERT INTO tenant_keys (tenant_id, id, name, alg, public_jwk, created_at, retires_at)
             VALUES ($1, $2, $3, $4, $5, $6, NULL)",
        )
        .value(key.tenant.as_str())
        .value(key.id.as_str())
        .value(name)
        .value(alg)
        .value(json!(public_jwk).to_string())
        .value(key.created_at.as_millisecond());
        self.write.tx.execute(insert).await?;
        let payload = json!({ "alg": alg, "name": name });
        self.record("tenant_key.registered", key.id.as_str(), payload);
        Ok(key)
    }
}

impl Store {
    /// As [`Change::register_tenant_key`], for the operator.
    pub async fn register_tenant_key(
        &self,
        cx: &mut Context<'_>,
        tenant: &TenantId,
        name: &str,
        alg: &str,
        public_jwk: &PublicJwk,
    ) -> Result<TenantKey, StoreError> {
        let mut change = self.change(cx.lent(), tenant, Touches::Data).await?;
        let key = change.register_tenant_key(name, alg, public_jwk).await?;
        change.commit(None).await?;
        Ok(key)
    }

    /// Lets a key verify nothing any longer. One that retires earlier keeps its time.
    pub async fn retire_tenant_key(
        &self,
        cx: &mut Context<'_>,
        tenant: &TenantId,
        key: &KeyId,
    ) -> Result<(), StoreError> {
        let mut write = Write::begin(&self.database, cx, tenant).await?;
        let retire = Sql::new(
            "UPDATE tenant_keys SET retires_at = COALESCE(retires_at, $3)
             WHERE tenant_id = $1 AND id = $2 RETURNING id",
        )
        .value(tenant.as_str())
        .value(key.as_str())
        .value(cx.now.as_millisecond());
        let found: Option<(String,)> = write.tx.optional(retire).await?;
        if found.is_none() {
            return Err(StoreError::NotFound { what: "key" });
        }
        write
            .commit("tenant_key.retired", key.as_str(), json!({}))
            .await?;
        Ok(())
    }

    /// Every registered key of every tenant, retired ones too, oldest first.
    pub async fn tenant_keys(&self) -> Result<Vec<TenantKey>, StoreError> {
        let mut sql = Sql::new(COLUMNS);
        sql.push(" ORDER BY created_at, id");
        self.read_tenant_keys(sql).await
    }

    /// The tenant's registered keys, retired ones too, oldest first.
    pub async fn tenant_keys_of(&self, tenant: &TenantId) -> Result<Vec<TenantKey>, StoreError> {
        let mut sql = Sql::new(COLUMNS);
        sql.push(" WHERE tenant_id = ").bind(tenant.as_str());
        sql.push(" ORDER BY created_at, id");
        self.read_tenant_keys(sql).await
    }

    async fn read_tenant_keys(&self, sql: Sql) -> Result<Vec<TenantKey>, StoreError> {
        let rows: Vec<TenantKeyRow> = self.database.all(sql).await?;
        rows.into_iter().map(TenantKey::try_from).collect()
    }
}
