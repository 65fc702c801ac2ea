//! Tokens: who signs, who is believed, and what a believed token lets through.
//!
//! Everything that arrives goes through [`verify::verify`]. A verified embed
//! token is remembered by its hash, so that its next request costs no signature
//! check. What time can change (its expiry, its key, its revocation) is checked every
//! time.

pub mod access;
pub mod claims;
pub mod crypto;
pub mod keys;
pub mod limits;
pub mod revocations;
pub mod seal;
pub mod verify;

use std::sync::Arc;

use jiff::Timestamp;
use oriel_contract::KeyId;
use oriel_store::{Embed, Store, StoreError, Tenant, TenantScope};
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use crate::problem::Failure;

use self::{
    claims::{AccessClaims, EmbedClaims, Kind, has_scope},
    keys::{Keyring, SignError},
    revocations::{List, Revocations},
    seal::MasterKey,
    verify::{TokenError, Verified, has_expired, verify},
};

/// How many verified embed tokens are remembered.
const REMEMBERED: usize = 20_000;

/// A verified embed token, and what it is about.
pub struct EmbedSession {
    key: KeyId,
    pub claims: EmbedClaims,
    pub tenant: Tenant,
    pub embed: Embed,
    /// All that the token may see.
    pub scope: TenantScope,
}

/// Why a token was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was revoked is not known, so that nobody gets by.
    #[error("the revocations cannot be read")]
    Unreadable(Box<Failure>),
}

/// Signs and verifies for one issuer.
pub struct Tokens {
    issuer: String,
    master: MasterKey,
    store: Store,
    keys: Keyring,
    verified: Cache<[u8; 32], Arc<EmbedSession>>,
    revocations: Revocations,
}

impl Tokens {
    /// Reads the keys that the store holds.
    pub async fn load(
        issuer: String,
        master: MasterKey,
        store: Store,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        crypto::install();
        Ok(Self {
            issuer,
            master,
            keys: Keyring::load(store.clone(), now).await?,
            revocations: Revocations::new(store.clone()),
            store,
            verified: Cache::new(REMEMBERED),
        })
    }

    /// `iss` of every token.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The keys, as they were last read.
    #[must_use]
    pub fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// What was revoked.
    #[must_use]
    pub fn revocations(&self) -> &Revocations {
        &self.revocations
    }

    /// Reads the keys again where that was not just done.
    pub async fn refresh_keys(&self, now: Timestamp) -> Result<(), StoreError> {
        self.keys.reload_if_old(now).await
    }

    /// Signs claims with the current key of their tenant.
    pub async fn sign<K: Kind>(&self, claims: &K, now: Timestamp) -> Result<String, IssueError> {
        self.refresh_keys(now).await?;
        Ok(self.keys.current().sign(&self.master, claims)?)
    }

    /// Believes an access token, or says why not.
    pub async fn access(&self, token: &str, now: Timestamp) -> Result<AccessClaims, AccessError> {
        let Verified { claims, .. } = self.verify::<AccessClaims>(token, now).await?;
        if claims.sub != claims.client_id {
            return Err(TokenError::Refused.into());
        }
        Ok(claims)
    }

    /// Believes an embed token, or says why not.
    pub async fn embed(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Arc<EmbedSession>, AccessError> {
        let hash: [u8; 32] = Sha256::digest(token).into();
        let session = if let Some(session) = self.verified.get(&hash) {
            session
        } else {
            let verified = self.verify(token, now).await?;
            let session = Arc::new(self.look_up(verified).await?);
            self.verified.insert(hash, Arc::clone(&session));
            session
        };
        let revoked = self.revocations.current(&session.tenant.id, now).await;
        let revoked = revoked.map_err(|failure| AccessError::Unreadable(Box::new(failure)))?;
        self.still_holds(&session, Some(&revoked), now)?;
        Ok(session)
    }

    /// What may have changed since a token was verified, for an answer that goes on
    /// for long.
    pub fn recheck(&self, session: &EmbedSession, now: Timestamp) -> Result<(), AccessError> {
        let revoked = self.revocations.last(&session.tenant.id);
        self.still_holds(session, revoked.as_deref(), now)
    }

    fn still_holds(
        &self,
        session: &EmbedSession,
        revoked: Option<&List>,
        now: Timestamp,
    ) -> Result<(), AccessError> {
        let keys = self.keys.current();
        if keys
            .verifying(&session.key)
            .is_none_or(|key| key.is_retired(now))
        {
            return Err(TokenError::Refused.into());
        }
        if has_expired(session.claims.exp, now.as_second()) {
            return Err(TokenError::Expired.into());
        }
        if revoked.is_some_and(|list| list.refuses(&session.claims, &session.key)) {
            return Err(TokenError::Revoked.into());
        }
        Ok(())
    }

    async fn verify<K: Kind>(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Verified<K>, AccessError> {
        let known = self.keys.current();
        let first = verify(token, &known, &self.issuer, now);
        if !matches!(first, Err(TokenError::UnknownKey)) {
            return Ok(first?);
        }
        self.keys.reload_beyond(&known, now).await?;
        Ok(verify(token, &self.keys.current(), &self.issuer, now)?)
    }

    /// The embed must be there and belong to the tenant of the token, and so must
    /// the projects that it is limited to.
    async fn look_up(&self, verified: Verified<EmbedClaims>) -> Result<EmbedSession, AccessError> {
        let Verified { key, claims } = verified;
        let embed = self.store.find_embed(&claims.emb).await?;
        let tenant = self.store.find_tenant(&claims.tid).await?;
        let (Some(embed), Some(tenant)) = (embed, tenant) else {
            return Err(TokenError::Refused.into());
        };
        if embed.tenant != tenant.id || !limits::hold(&self.store, &claims).await? {
            return Err(TokenError::Refused.into());
        }
        let scope = scope_of(&claims);
        Ok(EmbedSession {
            key,
            claims,
            tenant,
            embed,
            scope,
        })
    }
}

/// What the claims let through.
fn scope_of(claims: &EmbedClaims) -> TenantScope {
    let locked = claims.lock.clone().unwrap_or_default();
    let scope = TenantScope::limited(claims.tid.clone(), claims.prj.clone(), locked);
    if has_scope(&claims.scope, access::NAME_PEOPLE) {
        scope
    } else {
        scope.masking_people()
    }
}

/// Why no token was issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl From<IssueError> for Failure {
    fn from(error: IssueError) -> Self {
        match error {
            IssueError::Store(error) => error.into(),
            IssueError::Sign(error) => Self::internal(error),
        }
    }
}
