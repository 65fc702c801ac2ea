//! The store's two faces: [`Store`] for the operator, [`TenantStore`] for the
//! holder of a scope.

use crate::{
    StoreError, TenantScope,
    database::{Database, Tx},
    encoding::count,
    management::Turns,
    rate::Rates,
    sql::Sql,
};

/// An open database. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) database: Database,
    pub(crate) rates: Rates,
    pub(crate) turns: Turns,
}

impl Store {
    /// Opens `sqlite:PATH` (made when it is missing) or `postgres://…`.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let database = Database::connect(url).await?;
        Ok(Self {
            database,
            rates: Rates::default(),
            turns: Turns::default(),
        })
    }

    /// Brings the tables up to this version of the program.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.database.migrate().await
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.database
            .all::<(i64,)>(Sql::new("SELECT COUNT(*) FROM tenants WHERE id = ''"))
            .await
            .map(drop)
    }

    /// The only way to a tenant's data.
    pub fn within(&self, scope: TenantScope) -> TenantStore<'_> {
        TenantStore { store: self, scope }
    }
}

/// One tenant's data, as far as a scope reaches.
#[derive(Debug, Clone)]
pub struct TenantStore<'a> {
    pub(crate) store: &'a Store,
    pub(crate) scope: TenantScope,
}

impl TenantStore<'_> {
    /// What every read is limited to.
    pub fn scope(&self) -> &TenantScope {
        &self.scope
    }

    /// Refuses a scope that is limited by anything, for what knows no limits.
    pub(crate) fn require_whole(&self) -> Result<(), StoreError> {
        if self.scope.is_whole() {
            Ok(())
        } else {
            Err(StoreError::ScopeTooNarrow)
        }
    }

    /// The tenant's revision, as the transaction sees it.
    pub(crate) async fn revision(&self, tx: &mut Tx) -> Result<u64, StoreError> {
        let sql = Sql::new("SELECT revision FROM tenants WHERE id = $1")
            .value(self.scope.tenant().as_str());
        let (revision,): (i64,) = tx
            .optional(sql)
            .await?
            .ok_or(StoreError::NotFound { what: "tenant" })?;
        Ok(count(revision))
    }
}
