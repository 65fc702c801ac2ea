//! What was taken back, whose key is retired and who is suspended, as this process knows
//! it: a look-up in memory for each request, of a list that is a quarter of a second old
//! at most.

use std::{collections::HashMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use oriel_contract::{KeyId, SessionId, TenantId};
use oriel_store::{Revoked, Store, Tenant};

use super::claims::{AccessClaims, EmbedClaims, LEEWAY};
use crate::{problem::Failure, recent::Recent};

/// Keys that retired longer ago than this have no token left, and the keyring, which is
/// read every few seconds, has long known of them.
const RETIRED_LATELY: SignedDuration = SignedDuration::from_hours(1);

/// What is withheld of one tenant.
pub struct List {
    /// The instant of each revocation, in milliseconds.
    revoked: HashMap<Revoked, i64>,
    /// When keys retire, in milliseconds.
    retiring: HashMap<KeyId, i64>,
    tenant: Option<Arc<Tenant>>,
}

impl List {
    /// Whether a token with these claims, signed by `key`, is revoked.
    ///
    /// `iat` counts whole seconds: a token of the very second of a revocation may be
    /// older than it, and is refused.
    #[must_use]
    pub fn refuses(&self, claims: &EmbedClaims, key: &KeyId) -> bool {
        if self.revoked.is_empty() {
            return false;
        }
        // A tenant's own clock may be ahead by as much as is let through.
        let is_own = claims.iss == claims.tid.as_str();
        let ahead = if is_own { LEEWAY } else { 0 };
        let issued_at = claims.iat.saturating_sub(ahead).saturating_mul(1_000);
        let others = [
            Revoked::Tenant,
            Revoked::Embed(claims.emb.clone()),
            Revoked::Viewer(claims.sub.clone()),
            Revoked::Key(key.clone()),
        ];
        let is_before = |of: &Revoked| {
            self.revoked
                .get(of)
                .is_some_and(|instant| issued_at < *instant)
        };
        self.has_ended(&claims.sid) || others.iter().any(is_before)
    }

    /// Whether a key retired lately, and signs for nothing any longer.
    #[must_use]
    pub fn has_retired(&self, key: &KeyId, now: Timestamp) -> bool {
        !self.retiring.is_empty()
            && (self.retiring.get(key)).is_some_and(|at| *at <= now.as_millisecond())
    }

    /// Whether an access token was revoked, itself or with the grant that it came of:
    /// whenever it was issued.
    #[must_use]
    pub fn refuses_access(&self, claims: &AccessClaims) -> bool {
        let has = |of: Revoked| self.revoked.contains_key(&of);
        !self.revoked.is_empty()
            && (has(Revoked::Token(claims.jti.clone()))
                || claims.grt.clone().map(Revoked::Grant).is_some_and(has))
    }

    /// Whether a session was revoked: nothing of it holds, whenever it was issued.
    #[must_use]
    pub fn has_ended(&self, session: &SessionId) -> bool {
        self.revoked
            .contains_key(&Revoked::Session(session.clone()))
    }

    /// Whether no token of the tenant is taken now.
    #[must_use]
    pub fn is_suspended(&self) -> bool {
        let in_good_standing = |tenant: &Arc<Tenant>| tenant.suspended_at.is_none();
        !self.tenant.as_ref().is_some_and(in_good_standing)
    }

    /// The tenant itself.
    #[must_use]
    pub fn tenant(&self) -> Option<&Arc<Tenant>> {
        self.tenant.as_ref()
    }
}

/// The revocations of all tenants.
pub struct Revocations {
    store: Store,
    recent: Recent<TenantId, Arc<List>>,
}

impl Revocations {
    /// Nothing is known yet.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self {
            store,
            recent: Recent::default(),
        }
    }

    /// The tenant's list. Where it cannot be read nobody gets by.
    pub async fn current(&self, tenant: &TenantId, now: Timestamp) -> Result<Arc<List>, Failure> {
        let ask = async || {
            let all = self.store.revocations(tenant).await?;
            let instants = all
                .into_iter()
                .map(|one| (one.of, one.issued_before.as_millisecond()));
            let lately = now
                .saturating_sub(RETIRED_LATELY)
                .map_err(Failure::internal)?;
            let retiring = self.store.retiring_keys(tenant, lately).await?;
            let retiring = retiring
                .into_iter()
                .map(|(key, at)| (key, at.as_millisecond()));
            let tenant = self.store.find_tenant(tenant).await?.map(Arc::new);
            Ok(Arc::new(List {
                revoked: instants.collect(),
                retiring: retiring.collect(),
                tenant,
            }))
        };
        self.recent.current(tenant, now, ask).await
    }

    /// The list as it was read last, for an answer that goes on for long.
    #[must_use]
    pub fn last(&self, tenant: &TenantId) -> Option<Arc<List>> {
        self.recent.last(tenant)
    }
}
