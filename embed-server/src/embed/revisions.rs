//! How fresh a tenant's data is, asked of the store at most four times a second.
//!
//! Other processes write too, so the revision cannot just be remembered. A
//! quarter of a second is less than a person notices, and far more than a
//! request takes. An outage is remembered for as long, so that requests fail at
//! once instead of queueing up behind a dead database.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use oriel_contract::{ProblemCode, TenantId};
use oriel_store::Store;
use quick_cache::sync::Cache;

use crate::problem::Failure;

/// How long a revision that was read counts as current, in milliseconds.
pub const WINDOW_MS: i64 = 250;

/// Tenants whose revisions are remembered.
const TENANTS: usize = 10_000;

/// The revisions of all tenants.
pub struct Revisions {
    store: Store,
    tenants: Cache<TenantId, Arc<Watch>>,
}

#[derive(Default)]
struct Watch {
    seen: RwLock<Option<Reading>>,
    asking: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Reading {
    at: Timestamp,
    /// An error where the database did not answer.
    revision: Result<u64, ProblemCode>,
}

impl Revisions {
    /// Nothing is known yet.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self {
            store,
            tenants: Cache::new(TENANTS),
        }
    }

    /// The tenant's revision, no older than [`WINDOW_MS`].
    pub async fn current(&self, tenant: &TenantId, now: Timestamp) -> Result<u64, Failure> {
        let watch = match self.tenants.get(tenant) {
            Some(watch) => watch,
            None => self.watch(tenant),
        };
        if let Some(revision) = watch.fresh(now) {
            return revision.map_err(Failure::new);
        }
        let _one_at_a_time = watch.asking.lock().await;
        if let Some(revision) = watch.fresh(now) {
            return revision.map_err(Failure::new);
        }
        let answer = match self.store.tenant_revision(tenant).await {
            Ok(Some(revision)) => Ok(revision),
            Ok(None) => Err(Failure::new(ProblemCode::TokenInvalid)),
            Err(error) => Err(Failure::from(error)),
        };
        watch.remember(Reading {
            at: now,
            revision: answer.as_ref().copied().map_err(Failure::code),
        });
        answer
    }

    fn watch(&self, tenant: &TenantId) -> Arc<Watch> {
        let made = self
            .tenants
            .get_or_insert_with(tenant, || Ok::<_, std::convert::Infallible>(Arc::default()));
        match made {
            Ok(watch) => watch,
            Err(never) => match never {},
        }
    }
}

impl Watch {
    fn fresh(&self, now: Timestamp) -> Option<Result<u64, ProblemCode>> {
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        let reading = seen.as_ref()?;
        // A clock that was set back makes the age negative: ask again.
        let age = now.as_millisecond() - reading.at.as_millisecond();
        (0..WINDOW_MS).contains(&age).then_some(reading.revision)
    }

    fn remember(&self, reading: Reading) {
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = Some(reading);
    }
}
