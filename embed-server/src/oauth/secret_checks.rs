//! Checks of client secrets: what hashes them, and what keeps a flood of wrong ones from
//! everybody else.
//!
//! Argon2id is meant to be dear, so that only a few checks run at once. Checks of one client
//! id wait in one lane, which takes one place at most and which few others share; a secret
//! that was right is recognised without a check for as long as its hash is live. So a flood
//! of wrong secrets for one id holds up a few others at most, one for many made-up ids those
//! that have not got in here since the server started, and neither holds up the rest.

use std::{
    array,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use argon2::{
    Argon2, PasswordHash, PasswordHasher, PasswordVerifier,
    password_hash::{self, SaltString},
};
use oriel_contract::ProblemCode;
use oriel_store::LIVE_SECRETS;
use quick_cache::sync::Cache;
use rand::RngCore;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::credentials::Credentials;
use crate::problem::Failure;

/// Checks that run at once; each takes 19 MiB.
const PLACES: usize = 4;

/// Queues for them. Which one a client's id leads to cannot be told from outside.
const LANES: usize = 64;

/// Checks of one lane, with the one that runs; one more is refused.
const ROOM: usize = 64;

/// Secrets that are recognised.
const KNOWN: usize = 10_000;

/// Hashes a client secret with Argon2id, to be stored.
pub fn hash_secret(rng: &mut dyn RngCore, secret: &str) -> Result<String, password_hash::Error> {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    let salt = SaltString::encode_b64(&bytes)?;
    let hash = Argon2::default().hash_password(secret.as_bytes(), &salt)?;
    Ok(hash.to_string())
}

/// A keyed SHA-256, of which nobody outside ever sees a byte.
type Fingerprint = [u8; 32];

/// Tells whether a secret is right.
pub struct SecretChecks {
    key: [u8; 32],
    /// A hash of no client's secret, checked wherever a client has fewer secrets than it
    /// may, or is not there at all: each check takes as long as any other.
    dummy: String,
    /// What fits a stored hash: each of these has a salt of its own.
    known: Arc<Cache<String, Fingerprint>>,
    /// Checks that have been begun.
    pub begun: AtomicU64,
    lanes: [Lane; LANES],
    /// Places for checks that run.
    pub places: Arc<Semaphore>,
}

struct Lane {
    room: Arc<Semaphore>,
    turn: Arc<Semaphore>,
}

impl SecretChecks {
    /// Nothing is known yet.
    pub fn new(rng: &mut dyn RngCore) -> anyhow::Result<Self> {
        let mut key = [0; 32];
        rng.fill_bytes(&mut key);
        let secret = rng.next_u64().to_string();
        let dummy = hash_secret(rng, &secret)
            .map_err(|error| anyhow::anyhow!("cannot hash with Argon2: {error}"))?;
        Ok(Self {
            key,
            dummy,
            known: Arc::new(Cache::new(KNOWN)),
            begun: AtomicU64::new(0),
            lanes: array::from_fn(|_| Lane {
                room: Arc::new(Semaphore::new(ROOM)),
                turn: Arc::new(Semaphore::new(1)),
            }),
            places: Arc::new(Semaphore::new(PLACES)),
        })
    }

    /// Which of the hashes of the live secrets of who sent it a secret fits; there are none
    /// for who is not there. It may take seconds: whether that one is live still has to be
    /// asked afterwards.
    pub async fn fitting(
        &self,
        sent: Credentials,
        live: Vec<String>,
    ) -> Result<Option<String>, Failure> {
        let print = self.fingerprint(&sent.secret);
        let recognised = self.recognised(&live, &print);
        if recognised.is_some() {
            return Ok(recognised);
        }
        let [lane, ..] = self.fingerprint(&sent.id);
        let lane = &self.lanes[usize::from(lane) % LANES];
        let room = lane.room.clone().try_acquire_owned().map_err(|_| {
            Failure::new(ProblemCode::TooManyRequests)
                .detail("Send fewer requests at a time; too many secrets wait to be checked.")
                .after(1)
        })?;
        let turn = lane.turn.clone().acquire_owned().await;
        let turn = turn.map_err(Failure::internal)?;
        // Of many that came at once the first has shown it by now.
        let recognised = self.recognised(&live, &print);
        if recognised.is_some() {
            return Ok(recognised);
        }
        let place = self.places.clone().acquire_owned().await;
        let place = place.map_err(Failure::internal)?;
        self.begun.fetch_add(1, Ordering::Relaxed);
        let hashes = filled_up(live.clone(), &self.dummy);
        let known = self.known.clone();
        let checking = tokio::task::spawn_blocking(move || {
            // Until it is done and remembered, even where nobody waits for it any longer.
            let _held = (room, turn, place);
            let fitting = fitting(&sent.secret, hashes).filter(|hash| live.contains(hash))?;
            known.insert(fitting.clone(), print);
            Some(fitting)
        });
        checking.await.map_err(Failure::internal)
    }

    /// How many secrets are being checked, or wait for it.
    pub fn under_way(&self) -> usize {
        let lanes = self.lanes.iter();
        lanes.map(|lane| ROOM - lane.room.available_permits()).sum()
    }

    fn recognised(&self, live: &[String], print: &Fingerprint) -> Option<String> {
        let known = |hash: &&String| self.known.get(*hash).is_some_and(|known| known == *print);
        live.iter().find(known).cloned()
    }

    fn fingerprint(&self, text: &str) -> Fingerprint {
        Sha256::new_with_prefix(self.key)
            .chain_update(text)
            .finalize()
            .into()
    }
}

/// As many hashes as there may be, whoever the client is.
fn filled_up(mut hashes: Vec<String>, dummy: &str) -> Vec<String> {
    while hashes.len() < LIVE_SECRETS {
        hashes.push(dummy.to_owned());
    }
    hashes
}

/// The hash that the secret fits. Checks every one, also after that: how long it takes
/// tells nothing.
fn fitting(secret: &str, hashes: Vec<String>) -> Option<String> {
    let mut fitting = None;
    for hash in hashes {
        let is_right = PasswordHash::new(&hash).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(secret.as_bytes(), &hash)
                .is_ok()
        });
        if is_right {
            fitting = Some(hash);
        }
    }
    fitting
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_client_and_one_with_one_secret_have_as_much_to_check_as_one_with_two() {
        for own in 0..=LIVE_SECRETS {
            let hashes = filled_up(vec!["own".to_owned(); own], "dummy");
            assert_eq!(hashes.len(), 2);
            assert_eq!(hashes.iter().filter(|hash| **hash == "own").count(), own);
        }
    }
}
