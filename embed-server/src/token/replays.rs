//! Which proofs were there already.
//!
//! Each process knows those that came to itself. A proof lives for a minute and a half,
//! and is for one address and one token: behind several servers it could come once to
//! each of them within that time, which is the price of not asking a database for
//! every read.

use std::{
    collections::{HashMap, HashSet},
    mem,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{
    claims::LEEWAY,
    proof::{OLDEST, ProofError},
};

/// How long a proof could be taken, from the earliest moment to the last, in seconds.
const WINDOW: i64 = OLDEST + LEEWAY;

/// Proofs that are remembered of one window, 11,000 a second. Beyond that none is taken,
/// for one that is forgotten could come again.
const MOST: usize = 1_000_000;

/// Proofs of one key in one window: far more than a frame ever reads, and so few that one
/// key does not use up what is there for all.
const MOST_OF_A_KEY: u32 = 5_000;

/// The proofs of this window and of the one before.
#[derive(Default)]
pub struct Replays(Mutex<Windows>);

#[derive(Default)]
struct Windows {
    /// When the newer one began, in seconds.
    since: i64,
    now: HashSet<[u8; 16]>,
    /// How many of those are of each key.
    shares: HashMap<String, u32>,
    before: HashSet<[u8; 16]>,
}

impl Replays {
    /// Takes a proof that was not there before.
    pub fn take(&self, jkt: &str, jti: &str, now: Timestamp) -> Result<(), ProofError> {
        // Half of a hash: nobody but the key's holder could look for two proofs of one.
        let hash = Sha256::new().chain_update(jkt).chain_update(jti).finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        windows.move_on(now.as_second());
        let share = windows.shares.get(jkt).copied().unwrap_or_default();
        let is_full = windows.now.len() >= MOST || share >= MOST_OF_A_KEY;
        if is_full || windows.before.contains(&id) || !windows.now.insert(id) {
            return Err(ProofError);
        }
        windows.shares.insert(jkt.to_owned(), share + 1);
        Ok(())
    }
}

impl Windows {
    /// A clock that was set back moves nothing: what is known stays known.
    fn move_on(&mut self, now: i64) {
        if now - self.since >= WINDOW {
            self.before = mem::take(&mut self.now);
            self.shares.clear();
            self.since = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_750_000_000 + second).unwrap()
    }

    #[test]
    fn a_proof_is_known_for_as_long_as_it_could_be_taken() {
        let replays = Replays::default();
        // Whenever within a window it came first.
        for start in [0, 1, WINDOW - 1] {
            let jti = start.to_string();
            assert!(replays.take("key", &jti, at(start)).is_ok());
            for later in [0, 1, WINDOW / 2, WINDOW] {
                assert!(replays.take("key", &jti, at(start + later)).is_err());
            }
        }
    }

    #[test]
    fn the_proofs_of_two_keys_are_told_apart() {
        let replays = Replays::default();
        assert!(replays.take("a", "1", at(0)).is_ok());
        assert!(replays.take("b", "1", at(0)).is_ok());
    }

    #[test]
    fn a_clock_that_goes_back_or_leaps_ahead_forgets_nothing_too_early() {
        let replays = Replays::default();
        assert!(replays.take("key", "1", at(1_000)).is_ok());
        assert!(replays.take("key", "1", at(0)).is_err());
        assert!(replays.take("key", "1", at(1_000 + WINDOW)).is_err());
        // By now it is too old to be taken anyway.
        assert!(replays.take("key", "1", at(1_000 + 3 * WINDOW)).is_ok());
    }

    #[test]
    fn a_key_that_floods_shuts_out_itself_alone() {
        let replays = Replays::default();
        for n in 0..MOST_OF_A_KEY {
            replays.take("flood", &n.to_string(), at(0)).unwrap();
        }
        assert!(replays.take("flood", "one more", at(0)).is_err());
        assert!(replays.take("another", "one", at(0)).is_ok());
        assert!(replays.take("flood", "later", at(WINDOW)).is_ok());
    }

    #[test]
    fn what_is_remembered_does_not_grow_with_time() {
        let replays = Replays::default();
        for n in 0..2_000 {
            replays.take("key", &n.to_string(), at(n)).unwrap();
        }
        let windows = replays.0.lock().unwrap();
        assert!(windows.now.len() + windows.before.len() <= 2 * 90);
    }
}
