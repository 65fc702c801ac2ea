//! How many CSV files are made at a time.
//!
//! A file is under way for as long as its client takes to receive it, and a
//! store has few connections, which every other read needs too. So a tenant has
//! only so many files under way, and further ones are refused. Of all tenants'
//! files only so many read a page at the same moment, and the others wait for
//! their turn: that is short, so that no tenant can shut another one out.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use oriel_contract::{ProblemCode, TenantId};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{config::Limits, problem::Failure};

/// Pages that are read at the same moment: half of what the smallest pool of
/// connections can do.
const PAGES: usize = 2;

/// The files under way.
pub struct Exports {
    per_tenant: usize,
    under_way: Arc<Mutex<HashMap<TenantId, usize>>>,
    pages: Semaphore,
}

impl Exports {
    /// None is under way yet.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            per_tenant: limits.exports_per_tenant,
            under_way: Arc::default(),
            pages: Semaphore::new(PAGES),
        }
    }

    /// The right to make a file, until it is dropped; or why there is none.
    pub fn begin(&self, tenant: &TenantId) -> Result<UnderWay, Failure> {
        let mut under_way = locked(&self.under_way);
        let files = under_way.get(tenant).copied().unwrap_or_default();
        if files >= self.per_tenant {
            return Err(Failure::new(ProblemCode::TooManyExports));
        }
        under_way.insert(tenant.clone(), files + 1);
        Ok(UnderWay {
            all: Arc::clone(&self.under_way),
            tenant: tenant.clone(),
        })
    }

    /// Waits for the turn to read a page, which lasts until it is dropped.
    pub async fn turn(&self) -> Result<SemaphorePermit<'_>, Failure> {
        self.pages.acquire().await.map_err(Failure::internal)
    }
}

/// A file under way.
pub struct UnderWay {
    all: Arc<Mutex<HashMap<TenantId, usize>>>,
    tenant: TenantId,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut under_way = locked(&self.all);
        if let Some(files) = under_way.get_mut(&self.tenant) {
            *files -= 1;
            if *files == 0 {
                under_way.remove(&self.tenant);
            }
        }
    }
}

fn locked(all: &Mutex<HashMap<TenantId, usize>>) -> MutexGuard<'_, HashMap<TenantId, usize>> {
    all.lock().unwrap_or_else(PoisonError::into_inner)
}
