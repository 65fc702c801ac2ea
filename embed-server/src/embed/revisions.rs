//! How fresh a tenant's data is.

use jiff::Timestamp;
use oriel_contract::{ProblemCode, TenantId};
use oriel_store::Store;

use crate::{problem::Failure, recent::Recent};

/// The revisions of all tenants.
pub struct Revisions {
    store: Store,
    recent: Recent<TenantId, u64>,
}

impl Revisions {
    /// Nothing is known yet.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self {
            store,
            recent: Recent::default(),
        }
    }

    /// The tenant's revision.
    pub async fn current(&self, tenant: &TenantId, now: Timestamp) -> Result<u64, Failure> {
        let ask = async || {
            let revision = self.store.tenant_revision(tenant).await?;
            revision.ok_or_else(|| Failure::new(ProblemCode::TokenInvalid))
        };
        self.recent.current(tenant, now, ask).await
    }
}
