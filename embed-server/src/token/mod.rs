//! Tokens: who signs, who is believed, and what a believed token lets through.
//!
//! Everything that arrives goes through [`verify::verify`]. A verified embed
//! token is remembered by its hash, so that its next request costs no signature
//! check. What time can change (its expiry, its key, its revocation) is checked every
//! time.

pub mod access;
pub mod assertion;
pub mod claims;
pub mod crypto;
pub mod jws;
pub mod keys;
pub mod limits;
pub mod proof;
pub mod replays;
pub mod revocations;
pub mod seal;
pub mod verify;

use std::sync::Arc;

use jiff::Timestamp;
use oriel_contract::{EmbedId, KeyId, TenantId};
use oriel_store::{Embed, Store, StoreError, Tenant, TenantScope};
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};

use crate::{problem::Failure, recent::Recent};

use self::{
    claims::{AccessClaims, EmbedClaims, Kind, has_scope},
    keys::{Keyring, SignError},
    proof::{ProofError, Proven},
    replays::Replays,
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
    pub tenant: Arc<Tenant>,
    pub embed: Arc<Embed>,
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
    /// What was revoked, or what the token is about, is not known: nobody gets by.
    #[error("what the token rests on cannot be read")]
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
    replays: Replays,
    /// So that a new token of a known embed asks the store nothing.
    embeds: Recent<EmbedId, Option<Arc<Embed>>>,
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
            replays: Replays::default(),
            embeds: Recent::default(),
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

    /// Believes an access token, or says why not. Gives its tenant as well.
    pub async fn access(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<(AccessClaims, Arc<Tenant>), AccessError> {
        let Verified {
            key,
            tenant,
            claims,
        } = self.verify::<AccessClaims>(token, now).await?;
        let withheld = self.withheld(&tenant, now).await?;
        if !claims.has_its_subject() || withheld.has_retired(&key, now) {
            return Err(TokenError::Refused.into());
        }
        if withheld.refuses_access(&claims) {
            return Err(TokenError::GivenBack.into());
        }
        match withheld.tenant() {
            Some(tenant) if !withheld.is_suspended() => Ok((claims, Arc::clone(tenant))),
            _ => Err(TokenError::Suspended.into()),
        }
    }

    /// Believes that an access token is one of ours, of its time, whether or not it was
    /// revoked: for whoever gives it back.
    pub async fn own_access(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<AccessClaims, AccessError> {
        Ok(self.verify::<AccessClaims>(token, now).await?.claims)
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
            let session = Arc::new(self.look_up(verified, now).await?);
            self.verified.insert(hash, Arc::clone(&session));
            session
        };
        self.check_again(&session, now).await?;
        Ok(session)
    }

    /// Whether a token that was verified holds by what is known now.
    pub async fn check_again(
        &self,
        session: &EmbedSession,
        now: Timestamp,
    ) -> Result<(), AccessError> {
        let withheld = self.withheld(&session.tenant.id, now).await?;
        self.still_holds(session, Some(&withheld), now)
    }

    /// Takes a proof for one request (RFC 9449 §4.3), and no second time.
    pub fn prove(&self, proof: &str, of: Proven<'_>, now: Timestamp) -> Result<(), ProofError> {
        let id = proof::verify(proof, of, now)?;
        self.replays.take(of.jkt, &id, now)
    }

    async fn withheld(&self, tenant: &TenantId, now: Timestamp) -> Result<Arc<List>, AccessError> {
        let withheld = self.revocations.current(tenant, now).await;
        withheld.map_err(unreadable)
    }

    /// The same by what was read last, for a stream: who listens to a tenant has what is
    /// revoked read for them.
    pub fn recheck(&self, session: &EmbedSession, now: Timestamp) -> Result<(), AccessError> {
        let withheld = self.revocations.last(&session.tenant.id);
        self.still_holds(session, withheld.as_deref(), now)
    }

    fn still_holds(
        &self,
        session: &EmbedSession,
        withheld: Option<&List>,
        now: Timestamp,
    ) -> Result<(), AccessError> {
        let keys = self.keys.current();
        let has_retired = (keys.verifying(&session.key)).is_none_or(|key| key.is_retired(now));
        if has_retired || withheld.is_some_and(|list| list.has_retired(&session.key, now)) {
            return Err(TokenError::Refused.into());
        }
        if has_expired(session.claims.exp, now.as_second()) {
            return Err(TokenError::Expired.into());
        }
        let Some(withheld) = withheld else {
            return Ok(());
        };
        if withheld.refuses(&session.claims, &session.key) {
            return Err(TokenError::Revoked.into());
        }
        if withheld.is_suspended() {
            return Err(TokenError::Suspended.into());
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

    /// The embed must be there and belong to the tenant whose key it is, and so must
    /// the projects that it is limited to.
    async fn look_up(
        &self,
        verified: Verified<EmbedClaims>,
        now: Timestamp,
    ) -> Result<EmbedSession, AccessError> {
        let Verified {
            key,
            tenant,
            claims,
        } = verified;
        let ask = async || Ok(self.store.find_embed(&claims.emb).await?.map(Arc::new));
        let embed = self.embeds.current(&claims.emb, now, ask).await;
        let embed = embed.map_err(unreadable)?;
        let withheld = self.withheld(&tenant, now).await?;
        let (Some(embed), Some(tenant)) = (embed, withheld.tenant().cloned()) else {
            return Err(TokenError::Refused.into());
        };
        if embed.tenant != tenant.id || !limits::hold(&self.store, &tenant.id, &claims).await? {
            return Err(TokenError::Refused.into());
        }
        let scope = scope_of(&tenant.id, &claims);
        Ok(EmbedSession {
            key,
            claims,
            tenant,
            embed,
            scope,
        })
    }
}

fn unreadable(failure: Failure) -> AccessError {
    AccessError::Unreadable(Box::new(failure))
}

/// What the claims let through of a tenant's data.
fn scope_of(tenant: &TenantId, claims: &EmbedClaims) -> TenantScope {
    let locked = claims.lock.clone().unwrap_or_default();
    let scope = TenantScope::limited(tenant.clone(), claims.prj.clone(), locked);
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
