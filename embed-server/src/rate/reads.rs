//! Limits of the read API: for each embed session, and for all of a tenant's together.
//!
//! They are counted by each process for itself and keep a server in good health; nobody
//! is billed by them. What is forgotten for want of room begins anew.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use oriel_contract::{SessionId, TenantId};
use oriel_store::RateWindow;
use quick_cache::sync::Cache;

use super::Standing;
use crate::{config::Limits, recent::kept};

/// Of how many the count is kept.
const TENANTS: usize = 10_000;
const SESSIONS: usize = 20_000;

type Window = Arc<Mutex<RateWindow>>;

/// Counts reads.
pub struct Reads {
    per_tenant: u32,
    per_session: u32,
    tenants: Cache<TenantId, Window>,
    /// By tenant as well: a session's id is whatever its tenant says.
    sessions: Cache<(TenantId, SessionId), Window>,
}

impl Reads {
    /// Nothing was read yet.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            per_tenant: limits.reads_per_minute_tenant,
            per_session: limits.reads_per_minute_session,
            tenants: Cache::new(TENANTS),
            sessions: Cache::new(SESSIONS),
        }
    }

    /// Counts a read of a session, for it and for the tenant, or for neither: one that is
    /// too many for its session costs the tenant's other sessions nothing.
    pub fn take(&self, tenant: &TenantId, session: &SessionId, now: Timestamp) -> Standing<2> {
        let of_session = kept(&self.sessions, &(tenant.clone(), session.clone()));
        let of_tenant = kept(&self.tenants, tenant);
        // Always in this order, so that no two reads wait for each other.
        let mut of_session = held(&of_session);
        let mut of_tenant = held(&of_tenant);
        let mut quotas = [
            ("tenant", of_tenant.look(self.per_tenant, now)),
            ("session", of_session.look(self.per_session, now)),
        ];
        if quotas.iter().all(|(_, quota)| quota.is_taken) {
            quotas[0].1 = of_tenant.take(self.per_tenant, now);
            quotas[1].1 = of_session.take(self.per_session, now);
        }
        Standing::new(quotas)
    }
}

fn held(window: &Mutex<RateWindow>) -> MutexGuard<'_, RateWindow> {
    window.lock().unwrap_or_else(PoisonError::into_inner)
}
