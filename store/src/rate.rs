//! How many requests a tenant has made in its minute.
//!
//! A window begins with a tenant's first request and lasts for a minute, so that a
//! limit is exact: of more requests than it allows, however they come, just so many are
//! taken. SQLite has one server, which counts in memory. Servers on PostgreSQL share a
//! row for each tenant, and one that knows from it that the window is used up asks no
//! more until its end.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use jiff::Timestamp;
use oriel_contract::TenantId;

use crate::{Cause, Store, StoreError, by_tenant::ByTenant, database::Database, sql::Sql};

/// Length of a window, in milliseconds.
const WINDOW_MS: i64 = 60_000;

/// Requests within a window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RateWindow {
    /// In milliseconds since 1970.
    started_at: i64,
    used: u32,
}

/// What a window has left, as one request found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Whether the limit allows the request.
    pub is_taken: bool,
    pub limit: u32,
    /// Requests that may still come.
    pub left: u32,
    /// Seconds until there is a new window, rounded up: a request then is of that one.
    pub seconds: u16,
}

impl RateWindow {
    /// Takes one more request, where the limit allows.
    pub fn take(&mut self, limit: u32, now: Timestamp) -> Quota {
        let now_ms = now.as_millisecond();
        if self.is_over(now_ms) {
            *self = Self {
                started_at: now_ms,
                used: 0,
            };
        }
        let is_taken = self.used < limit;
        self.used += u32::from(is_taken);
        self.quota(is_taken, limit, now_ms)
    }

    /// What there is for a request that is not counted.
    #[must_use]
    pub fn look(&self, limit: u32, now: Timestamp) -> Quota {
        let now_ms = now.as_millisecond();
        let current = if self.is_over(now_ms) {
            Self {
                started_at: now_ms,
                used: 0,
            }
        } else {
            *self
        };
        current.quota(current.used < limit, limit, now_ms)
    }

    /// A clock that was set back by more than a window must not hold it open for long.
    fn is_over(&self, now_ms: i64) -> bool {
        let age = now_ms - self.started_at;
        self.used == 0 || !(-WINDOW_MS..WINDOW_MS).contains(&age)
    }

    fn quota(&self, is_taken: bool, limit: u32, now_ms: i64) -> Quota {
        let rest = self.started_at + WINDOW_MS - now_ms;
        // At most two windows, by `is_over`.
        let seconds = u16::try_from((rest + 999) / 1_000).unwrap_or(u16::MAX);
        Quota {
            is_taken,
            limit,
            left: limit.saturating_sub(self.used),
            seconds,
        }
    }
}

/// The windows of all tenants, as this process knows them.
pub(crate) type Rates = ByTenant<Gate>;

/// One tenant's.
#[derive(Default)]
pub(crate) struct Gate {
    window: Mutex<RateWindow>,
    /// Requests that came to be counted in the database.
    arrived: AtomicU64,
    /// Held while the database is asked: a tenant's flood waits for itself, and takes one
    /// connection. Holds the last arrival whose answer is that the database is away.
    asking: tokio::sync::Mutex<u64>,
}

impl Gate {
    fn window(&self) -> MutexGuard<'_, RateWindow> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is left, where that is nothing.
    fn spent(&self, limit: u32, now: Timestamp) -> Option<Quota> {
        let quota = self.window().look(limit, now);
        (!quota.is_taken).then_some(quota)
    }
}

/// Started anew where it is over; see [`RateWindow::is_over`].
const TAKE: &str = "INSERT INTO rate_windows AS w (tenant_id, started_at, used, refused)
     VALUES ($1, $2, 1, 0)
     ON CONFLICT (tenant_id) DO UPDATE SET
         started_at = CASE WHEN $2 < w.started_at + $4 AND $2 >= w.started_at - $4
             THEN w.started_at ELSE $2 END,
         used = CASE WHEN $2 < w.started_at + $4 AND $2 >= w.started_at - $4
             THEN w.used + CASE WHEN w.used < $3 THEN 1 ELSE 0 END ELSE 1 END,
         refused = CASE WHEN $2 < w.started_at + $4 AND $2 >= w.started_at - $4
             AND w.used >= $3 THEN 1 ELSE 0 END
     RETURNING started_at, used, refused";

impl Store {
    /// Counts a request of a tenant, unless it has made as many in its minute as `limit`.
    pub async fn take_request(
        &self,
        tenant: &TenantId,
        limit: u32,
        now: Timestamp,
    ) -> Result<Quota, StoreError> {
        let gate = self.rates.of(tenant);
        if matches!(self.database, Database::Sqlite { .. }) {
            return Ok(gate.window().take(limit, now));
        }
        if let Some(spent) = gate.spent(limit, now) {
            return Ok(spent);
        }
        let place = gate.arrived.fetch_add(1, Ordering::Relaxed) + 1;
        let mut lost = gate.asking.lock().await;
        if place <= *lost {
            return Err(StoreError::Unavailable(Cause::new(
                "it was away when a request before was counted",
            )));
        }
        if let Some(spent) = gate.spent(limit, now) {
            return Ok(spent);
        }
        let taken = self.take_shared(tenant, limit, now).await;
        match taken {
            Ok((window, quota)) => {
                *gate.window() = window;
                Ok(quota)
            }
            Err(error) => {
                // Whoever queued meanwhile does not wait for the same in turn.
                if matches!(error, StoreError::Unavailable(_)) {
                    *lost = gate.arrived.load(Ordering::Relaxed);
                }
                Err(error)
            }
        }
    }

    async fn take_shared(
        &self,
        tenant: &TenantId,
        limit: u32,
        now: Timestamp,
    ) -> Result<(RateWindow, Quota), StoreError> {
        let take = Sql::new(TAKE)
            .value(tenant.as_str())
            .value(now.as_millisecond())
            .value(i64::from(limit))
            .value(WINDOW_MS);
        let row: Option<(i64, i64, i64)> = self.database.optional(take).await?;
        let (started_at, used, refused) =
            row.ok_or_else(|| StoreError::Database(Cause::new(sqlx::Error::RowNotFound)))?;
        let window = RateWindow {
            started_at,
            used: u32::try_from(used).unwrap_or(u32::MAX),
        };
        let quota = window.quota(refused == 0, limit, now.as_millisecond());
        Ok((window, quota))
    }
}
