//! The keys of all tenants, as this process knows them: those that sign here, and the
//! public halves of those that tenants hold themselves.
//!
//! They are read from the store at start, every few seconds, and when a token
//! names a key that is not known; so a key made or retired by another process
//! is noticed without a restart. Private keys stay sealed until one signs.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use oriel_contract::{Jwk, Jwks, KeyId, TenantId};
use oriel_store::{SigningKey, Store, StoreError, TenantKey};
use tokio::time::Instant;

use super::{
    claims::Kind,
    crypto::{KeyError, PublicKey},
    seal::{MasterKey, UnsealError},
};

/// A set this old, in milliseconds, is read again before it signs.
const OLD_MS: i64 = 1_000;

/// Tokens of unknown keys make the set be read again, and this long apart at
/// least: whoever sends made-up keys waits instead of burdening the database.
const PACE: Duration = Duration::from_millis(100);

/// Who holds the private half of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// This server.
    Oriel,
    /// The tenant's own backend.
    Tenant,
}

/// A key that may verify.
pub struct VerifyingKey {
    pub tenant: TenantId,
    pub holder: Holder,
    /// Knows the one algorithm that it is for.
    pub key: PublicKey,
    retires_at: Option<Timestamp>,
}

impl VerifyingKey {
    /// Whether the key no longer verifies.
    #[must_use]
    pub fn is_retired(&self, now: Timestamp) -> bool {
        self.retires_at.is_some_and(|at| at <= now)
    }
}

/// All keys, at one moment.
#[derive(Default)]
pub struct KeySet {
    verifying: HashMap<KeyId, VerifyingKey>,
    /// The newest key of each tenant that is not on its way out, sealed.
    signing: HashMap<TenantId, (KeyId, Vec<u8>)>,
}

/// Why nothing could be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    #[error("tenant {0} has no signing key; make one with `oriel key rotate`")]
    NoKey(TenantId),
    #[error(transparent)]
    Sealed(#[from] UnsealError),
    #[error("a token could not be made")]
    Token(#[from] jsonwebtoken::errors::Error),
}

impl KeySet {
    async fn read(store: &Store) -> Result<Self, StoreError> {
        Ok(Self::of(
            store.tenant_keys().await?,
            store.signing_keys().await?,
        ))
    }

    /// The set of these keys, but for those that are weak or broken.
    #[must_use]
    pub fn of(held: Vec<TenantKey>, ours: Vec<SigningKey>) -> Self {
        let mut set = Self::default();
        for key in held {
            set.add(&key.id, VerifyingKey::held(&key));
        }
        for key in ours {
            if !set.add(&key.id, VerifyingKey::ours(&key)) {
                continue;
            }
            if key.retires_at.is_some() {
                continue;
            }
            // Ids sort by the time they were made.
            let newest = set
                .signing
                .get(&key.tenant)
                .is_none_or(|(id, _)| *id < key.id);
            if newest {
                set.signing.insert(key.tenant, (key.id, key.private_sealed));
            }
        }
        set
    }

    fn add(&mut self, id: &KeyId, key: Result<VerifyingKey, KeyError>) -> bool {
        match key {
            Ok(key) => {
                self.verifying.insert(id.clone(), key);
                true
            }
            Err(error) => {
                tracing::error!(key = %id, %error, "a stored key is left out");
                false
            }
        }
    }

    /// The key of that id, retired or not.
    #[must_use]
    pub fn verifying(&self, id: &KeyId) -> Option<&VerifyingKey> {
        self.verifying.get(id)
    }

    /// The public keys that this server signs with, as far as they still verify, by id.
    #[must_use]
    pub fn jwks(&self, now: Timestamp) -> Jwks {
        let mut keys: Vec<Jwk> = self
            .verifying
            .iter()
            .filter(|(_, key)| key.holder == Holder::Oriel && !key.is_retired(now))
            .map(|(id, key)| Jwk {
                public: key.key.jwk(),
                kid: id.to_string(),
                alg: key.key.alg().to_owned(),
                usage: "sig".to_owned(),
            })
            .collect();
        keys.sort_by(|a, b| a.kid.cmp(&b.kid));
        Jwks { keys }
    }

    /// Whether this master key is the one that sealed the keys in use.
    pub fn check(&self, master: &MasterKey) -> Result<(), UnsealError> {
        self.signing
            .values()
            .try_for_each(|(id, sealed)| master.open(id.as_str(), sealed).map(drop))
    }

    /// Signs claims with the tenant's current key.
    pub fn sign<K: Kind>(&self, master: &MasterKey, claims: &K) -> Result<String, SignError> {
        let tenant = claims.registered().tenant;
        let (id, sealed) = self
            .signing
            .get(tenant)
            .ok_or_else(|| SignError::NoKey(tenant.clone()))?;
        let key = EncodingKey::from_ed_der(&master.open(id.as_str(), sealed)?);
        let header = Header {
            typ: Some(K::TYP.to_owned()),
            kid: Some(id.to_string()),
            ..Header::new(Algorithm::EdDSA)
        };
        Ok(jsonwebtoken::encode(&header, claims, &key)?)
    }
}

impl VerifyingKey {
    fn ours(key: &SigningKey) -> Result<Self, KeyError> {
        let read = match key.alg.as_str() {
            "EdDSA" => PublicKey::ed25519(&key.public_jwk_x)?,
            _ => return Err(KeyError::Kind),
        };
        Ok(Self {
            tenant: key.tenant.clone(),
            holder: Holder::Oriel,
            key: read,
            retires_at: key.retires_at,
        })
    }

    fn held(key: &TenantKey) -> Result<Self, KeyError> {
        let read = PublicKey::of(&key.public_jwk)?;
        if read.alg() != key.alg {
            return Err(KeyError::Kind);
        }
        Ok(Self {
            tenant: key.tenant.clone(),
            holder: Holder::Tenant,
            key: read,
            retires_at: key.retires_at,
        })
    }
}

/// The set of keys, kept up to date.
pub struct Keyring {
    store: Store,
    current: RwLock<(Arc<KeySet>, Timestamp)>,
    /// When the set was last read for an unknown key.
    paced: tokio::sync::Mutex<Option<Instant>>,
}

impl Keyring {
    /// Reads the keys for the first time.
    pub async fn load(store: Store, now: Timestamp) -> Result<Self, StoreError> {
        let set = KeySet::read(&store).await?;
        Ok(Self {
            store,
            current: RwLock::new((Arc::new(set), now)),
            paced: tokio::sync::Mutex::new(None),
        })
    }

    /// The keys as they were last read.
    #[must_use]
    pub fn current(&self) -> Arc<KeySet> {
        Arc::clone(&self.read().0)
    }

    /// Reads the keys again unless that was done within the last second.
    pub async fn reload_if_old(&self, now: Timestamp) -> Result<(), StoreError> {
        let age = now.as_millisecond() - self.read().1.as_millisecond();
        if (0..OLD_MS).contains(&age) {
            return Ok(());
        }
        self.reload(now).await
    }

    /// Reads the keys again because `seen` lacks one, which may be new.
    pub async fn reload_beyond(
        &self,
        seen: &Arc<KeySet>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut last = self.paced.lock().await;
        if !Arc::ptr_eq(seen, &self.current()) {
            return Ok(());
        }
        if let Some(last) = *last {
            tokio::time::sleep_until(last + PACE).await;
        }
        *last = Some(Instant::now());
        self.reload(now).await
    }

    async fn reload(&self, now: Timestamp) -> Result<(), StoreError> {
        let fresh = KeySet::read(&self.store).await?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = (Arc::new(fresh), now);
        Ok(())
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, (Arc<KeySet>, Timestamp)> {
        self.current.read().unwrap_or_else(PoisonError::into_inner)
    }
}
