//! Something of a tenant's or an embed's, asked of the store at most four times a second.
//!
//! Other processes write too, so that nothing can just be remembered. A quarter of a
//! second is less than a person notices, and far more than a request takes. An outage
//! is remembered for as long, so that requests fail at once instead of queueing up
//! behind a dead database.

use std::{
    hash::Hash,
    sync::{Arc, PoisonError, RwLock},
};

use jiff::Timestamp;
use oriel_contract::ProblemCode;
use quick_cache::sync::Cache;

use crate::problem::Failure;

/// How long what was read counts as current, in milliseconds.
pub const WINDOW_MS: i64 = 250;

/// Ids of which something is remembered.
const IDS: usize = 10_000;

/// What was read last, for each id.
pub struct Recent<K, T>(Cache<K, Arc<Watch<T>>>);

struct Watch<T> {
    seen: RwLock<Option<Reading<T>>>,
    asking: tokio::sync::Mutex<()>,
}

struct Reading<T> {
    at: Timestamp,
    /// An error where the database did not answer.
    value: Result<T, ProblemCode>,
}

impl<K: Eq + Hash, T> Default for Recent<K, T> {
    fn default() -> Self {
        Self(Cache::new(IDS))
    }
}

impl<K: Eq + Hash + Clone, T: Clone> Recent<K, T> {
    /// What there is of the id, no older than [`WINDOW_MS`]; `ask` reads it.
    pub async fn current(
        &self,
        id: &K,
        now: Timestamp,
        ask: impl AsyncFnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let watch = match self.0.get(id) {
            Some(watch) => watch,
            None => kept(&self.0, id),
        };
        if let Some(value) = watch.fresh(now) {
            return value.map_err(Failure::new);
        }
        let _one_at_a_time = watch.asking.lock().await;
        if let Some(value) = watch.fresh(now) {
            return value.map_err(Failure::new);
        }
        let answer = ask().await;
        watch.remember(Reading {
            at: now,
            value: answer.clone().map_err(|failure| failure.code()),
        });
        answer
    }

    /// What was read last, however long ago that was.
    pub fn last(&self, id: &K) -> Option<T> {
        let watch = self.0.get(id)?;
        let seen = watch.seen.read().unwrap_or_else(PoisonError::into_inner);
        seen.as_ref()?.value.as_ref().ok().cloned()
    }
}

/// What a cache has for an id, made where there is nothing yet.
pub fn kept<K: Eq + Hash + Clone, V: Default>(cache: &Cache<K, Arc<V>>, id: &K) -> Arc<V> {
    let made = cache.get_or_insert_with(id, || Ok::<_, std::convert::Infallible>(Arc::default()));
    match made {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

impl<T> Default for Watch<T> {
    fn default() -> Self {
        Self {
            seen: RwLock::default(),
            asking: tokio::sync::Mutex::default(),
        }
    }
}

impl<T: Clone> Watch<T> {
    fn fresh(&self, now: Timestamp) -> Option<Result<T, ProblemCode>> {
        let seen = self.seen.read().unwrap_or_else(PoisonError::into_inner);
        let reading = seen.as_ref()?;
        // A clock that was set back makes the age negative: ask again.
        let age = now.as_millisecond() - reading.at.as_millisecond();
        (0..WINDOW_MS).contains(&age).then(|| reading.value.clone())
    }

    fn remember(&self, reading: Reading<T>) {
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = Some(reading);
    }
}
