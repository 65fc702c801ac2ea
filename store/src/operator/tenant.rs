//! Tenants.

use jiff::Timestamp;
use oriel_contract::TenantId;
use serde_json::json;

use crate::{
    Context, NewId, Store, StoreError,
    encoding::{self, count},
    sql::Sql,
    write::Write,
};

/// A customer of the SaaS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    pub id: TenantId,
    pub name: String,
    /// Grows by one with every committed change to the tenant's data.
    pub revision: u64,
    pub created_at: Timestamp,
    /// From when on none of its tokens is taken.
    pub suspended_at: Option<Timestamp>,
    /// Where it authenticates its own users, for apps that act for them.
    pub login_url: Option<String>,
}

const COLUMNS: &str = "SELECT id, name, revision, created_at, suspended_at, login_url FROM tenants";

#[derive(sqlx::FromRow)]
struct TenantRow {
    id: String,
    name: String,
    revision: i64,
    created_at: i64,
    suspended_at: Option<i64>,
    login_url: Option<String>,
}

impl TryFrom<TenantRow> for Tenant {
    type Error = StoreError;

    fn try_from(row: TenantRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: encoding::id(&row.id)?,
            name: row.name,
            revision: count(row.revision),
            created_at: encoding::timestamp(row.created_at)?,
            suspended_at: row.suspended_at.map(encoding::timestamp).transpose()?,
            login_url: row.login_url,
        })
    }
}

impl Store {
    /// Makes a tenant.
    pub async fn create_tenant(
        &self,
        cx: &mut Context<'_>,
        name: &str,
    ) -> Result<Tenant, StoreError> {
        let id = TenantId::new(cx);
        let mut tx = self.database.write().await?;
        tx.execute(
            Sql::new("INSERT INTO tenants (id, name, revision, created_at) VALUES ($1, $2, 0, $3)")
                .value(id.as_str())
                .value(name)
                .value(cx.now.as_millisecond()),
        )
        .await?;
        let write = Write::begin_in(tx, cx, &id).await?;
        let revision = write
            .commit("tenant.created", id.as_str(), json!({ "name": name }))
            .await?;
        Ok(Tenant {
            id,
            name: name.to_owned(),
            revision,
            created_at: cx.now,
            suspended_at: None,
            login_url: None,
        })
    }

    /// The tenant of that id.
    pub async fn find_tenant(&self, id: &TenantId) -> Result<Option<Tenant>, StoreError> {
        let mut sql = Sql::new(COLUMNS);
        sql.push(" WHERE id = ").bind(id.as_str());
        let row: Option<TenantRow> = self.database.optional(sql).await?;
        row.map(Tenant::try_from).transpose()
    }

    /// Every tenant, oldest first.
    pub async fn list_tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        let mut sql = Sql::new(COLUMNS);
        sql.push(" ORDER BY created_at, id");
        let rows: Vec<TenantRow> = self.database.all(sql).await?;
        rows.into_iter().map(Tenant::try_from).collect()
    }

    /// Takes no token of the tenant any longer, or takes them again. A tenant that is
    /// suspended already stays so since then.
    pub async fn suspend_tenant(
        &self,
        cx: &mut Context<'_>,
        id: &TenantId,
        suspended: bool,
    ) -> Result<(), StoreError> {
        let mut write = Write::begin(&self.database, cx, id).await?;
        let (kind, set) = if suspended {
            let since =
                "UPDATE tenants SET suspended_at = COALESCE(suspended_at, $2) WHERE id = $1";
            (
                "tenant.suspended",
                Sql::new(since)
                    .value(id.as_str())
                    .value(cx.now.as_millisecond()),
            )
        } else {
            let never = "UPDATE tenants SET suspended_at = NULL WHERE id = $1";
            ("tenant.resumed", Sql::new(never).value(id.as_str()))
        };
        write.tx.execute(set).await?;
        write.commit(kind, id.as_str(), json!({})).await?;
        Ok(())
    }

    /// Sets where the tenant authenticates its own users. Whether it is an address that is
    /// safe to send them to is for the caller to know.
    pub async fn change_login_url(
        &self,
        cx: &mut Context<'_>,
        id: &TenantId,
        url: &str,
    ) -> Result<(), StoreError> {
        let mut write = Write::begin(&self.database, cx, id).await?;
        let set = Sql::new("UPDATE tenants SET login_url = $2 WHERE id = $1")
            .value(id.as_str())
            .value(url);
        write.tx.execute(set).await?;
        let payload = json!({ "login_url": url });
        write
            .commit("tenant.login_url_changed", id.as_str(), payload)
            .await?;
        Ok(())
    }

    /// The tenant's revision, by which answers may be cached.
    pub async fn tenant_revision(&self, id: &TenantId) -> Result<Option<u64>, StoreError> {
        let sql = Sql::new("SELECT revision FROM tenants WHERE id = $1").value(id.as_str());
        let row: Option<(i64,)> = self.database.optional(sql).await?;
        Ok(row.map(|(revision,)| count(revision)))
    }
}
