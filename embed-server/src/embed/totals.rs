//! How many tasks a filter keeps, counted once for all pages and orders of a
//! list: counting a hundred thousand takes longer than reading fifty.
//!
//! As with [`super::answers`], the key holds all that a total depends on.

use jiff::civil::Date;
use oriel_contract::TaskPage;
use oriel_store::{StoreError, TaskFilter, TaskQuery, TenantScope, TenantStore};
use quick_cache::{Weighter, sync::Cache};

use super::filter::held_bytes;

/// Totals the cache expects.
const EXPECTED: usize = 10_000;

/// Memory for totals, in bytes.
const BYTES: u64 = 4 * 1024 * 1024;

/// What an entry costs beside what its texts hold, roughly.
const OVERHEAD: u64 = 256;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    scope: TenantScope,
    revision: u64,
    day: Date,
    filter: TaskFilter,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Key, u64> for Weight {
    fn weight(&self, key: &Key, _: &u64) -> u64 {
        (key.scope.held_bytes() + held_bytes(&key.filter)) as u64 + OVERHEAD
    }
}

/// The totals that are known.
pub struct Totals(Cache<Key, u64, Weight>);

impl Default for Totals {
    fn default() -> Self {
        Self(Cache::with_weighter(EXPECTED, BYTES, Weight))
    }
}

impl Totals {
    /// A page with its total: counted where it is not known yet.
    pub async fn page(
        &self,
        store: &TenantStore<'_>,
        revision: u64,
        today: Date,
        query: &TaskQuery,
    ) -> Result<TaskPage, StoreError> {
        let key = Key {
            scope: store.scope().clone(),
            revision,
            day: today,
            filter: query.filter.clone(),
        };
        let known = self.0.get(&key);
        let page = store.tasks_with_total(today, query, known).await?;
        if known.is_none() {
            self.0.insert(key, page.total);
        }
        Ok(page)
    }
}
