//! Something for each tenant, made when it is first asked for.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use oriel_contract::TenantId;

/// What this process keeps for each tenant. Clones share it.
pub(crate) struct ByTenant<T>(Arc<Mutex<HashMap<TenantId, Arc<T>>>>);

impl<T: Default> ByTenant<T> {
    /// What is kept for the tenant.
    pub fn of(&self, tenant: &TenantId) -> Arc<T> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(one) = all.get(tenant) {
            return Arc::clone(one);
        }
        Arc::clone(all.entry(tenant.clone()).or_default())
    }
}

impl<T> Default for ByTenant<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Clone for ByTenant<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for ByTenant<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByTenant").finish_non_exhaustive()
    }
}
