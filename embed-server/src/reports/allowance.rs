//! How many reports of an embed are counted in a minute.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use oriel_contract::{EmbedId, ProblemCode};

use crate::problem::Failure;

/// Reports of each embed that are counted in a minute.
const PER_MINUTE: usize = 60;
const MINUTE: i64 = 60;

/// What each embed has used of the current minute. Only embeds that exist get an entry,
/// and all entries go with their minute: made-up ids leave nothing here.
#[derive(Debug, Default)]
pub struct Allowance(Mutex<Minute>);

#[derive(Debug, Default)]
struct Minute {
    /// Minutes since the epoch.
    number: i64,
    used: HashMap<EmbedId, usize>,
}

impl Allowance {
    /// Refuses where the embed's minute is used up.
    pub fn check(&self, embed: &EmbedId, now: Timestamp) -> Result<(), Failure> {
        self.minute(now).left(embed, now).map(drop)
    }

    /// Uses up to `wanted` of what is left, and gives how many that are. A request with
    /// nothing to count uses one as well. The embed has to exist.
    pub fn take(&self, embed: &EmbedId, wanted: usize, now: Timestamp) -> Result<usize, Failure> {
        let mut minute = self.minute(now);
        let taken = wanted.max(1).min(minute.left(embed, now)?);
        *minute.used.entry(embed.clone()).or_default() += taken;
        Ok(taken.min(wanted))
    }

    /// The minute that it is, empty where it has just begun.
    fn minute(&self, now: Timestamp) -> MutexGuard<'_, Minute> {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = now.as_second().div_euclid(MINUTE);
        if minute.number != number {
            // The memory of a flood goes, too.
            *minute = Minute {
                number,
                used: HashMap::new(),
            };
        }
        minute
    }
}

impl Minute {
    /// What an embed has left, or when the next minute begins.
    fn left(&self, embed: &EmbedId, now: Timestamp) -> Result<usize, Failure> {
        let used = self.used.get(embed).copied().unwrap_or_default();
        match PER_MINUTE.saturating_sub(used) {
            0 => {
                let seconds = MINUTE - now.as_second().rem_euclid(MINUTE);
                let failure = Failure::new(ProblemCode::TooManyReports);
                Err(failure.after(seconds.unsigned_abs()))
            }
            left => Ok(left),
        }
    }
}
