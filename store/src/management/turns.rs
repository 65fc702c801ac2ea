//! Whose turn it is to write: a tenant's writers queue here, and not for connections.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use oriel_contract::TenantId;
use tokio::sync::OwnedMutexGuard;

/// The queues of all tenants. One that writes much waits for itself, and holds one
/// connection.
#[derive(Clone, Default)]
pub(crate) struct Turns(Arc<Mutex<HashMap<TenantId, Arc<tokio::sync::Mutex<()>>>>>);

/// It is over when this is dropped.
pub(super) type Turn = OwnedMutexGuard<()>;

impl Turns {
    pub(super) async fn of(&self, tenant: &TenantId) -> Turn {
        let queue = {
            let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(queues.entry(tenant.clone()).or_default())
        };
        queue.lock_owned().await
    }
}

impl fmt::Debug for Turns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turns").finish_non_exhaustive()
    }
}
