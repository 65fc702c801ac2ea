//! Follows one tenant's log while somebody listens to it.

use std::time::Duration;

use oriel_contract::TenantId;
use oriel_store::{StoreError, TenantScope};
use tokio::{
    task::AbortHandle,
    time::{MissedTickBehavior, interval},
};

use super::{Standing, room::Topic};
use crate::{app::App, recent::WINDOW_MS};

/// From one look to the next: clearly more than the time that a revision counts
/// as current, so that by the next look none is from before this one.
const TICK: Duration = Duration::from_millis(WINDOW_MS.unsigned_abs() + 10);

/// Starts to follow a tenant's log; aborted when nobody listens any longer.
pub fn spawn(app: App, tenant: TenantId) -> AbortHandle {
    let follower = Follower {
        app,
        tenant,
        revision: None,
        found: Vec::new(),
        is_failing: false,
    };
    tokio::spawn(follower.run()).abort_handle()
}

struct Follower {
    app: App,
    tenant: TenantId,
    /// The revision up to which the log was looked through.
    revision: Option<u64>,
    /// What the last look found. It is told a tick later: by then no server
    /// answers from a revision that it read before, and whoever reads upon an
    /// event gets what the event is about.
    found: Vec<(Topic, Standing)>,
    /// Whether the last look met an error.
    is_failing: bool,
}

impl Follower {
    async fn run(mut self) {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            for (topic, standing) in self.found.drain(..) {
                topic.send_replace(Some(standing));
            }
            // The next tick tries again. An outage is one line of the log.
            self.read_revocations().await;
            match self.look().await {
                Ok(()) => self.is_failing = false,
                Err(error) if self.is_failing => {
                    tracing::debug!(%error, "the event log could still not be read");
                }
                Err(error) => {
                    self.is_failing = true;
                    tracing::warn!(%error, "the event log could not be read");
                }
            }
        }
    }

    /// What was revoked is known before anybody is woken by its entry in the log. An
    /// outage is told by the look at the log.
    async fn read_revocations(&self) {
        let (tokens, now) = (&self.app.tokens, self.app.clock.now());
        let _ = tokens.revocations().current(&self.tenant, now).await;
    }

    /// Looks through what is new: for all where the revision moved on, else for
    /// those who have just come.
    async fn look(&mut self) -> Result<(), StoreError> {
        // The store itself is asked: what requests remember of an outage is
        // nothing to go by here, and the ticks keep the questions few.
        let Some(revision) = self.app.store.tenant_revision(&self.tenant).await? else {
            return Ok(());
        };
        let moved = self.revision != Some(revision);
        for (scope, topic) in self.app.live.topics(&self.tenant) {
            let known = *topic.borrow();
            if moved || known.is_none() {
                self.look_through(scope, topic, known).await?;
            }
        }
        self.revision = Some(revision);
        Ok(())
    }

    async fn look_through(
        &mut self,
        scope: TenantScope,
        topic: Topic,
        known: Option<Standing>,
    ) -> Result<(), StoreError> {
        let after = known.map_or(0, |standing| standing.looked_through());
        let view = self.app.store.within(scope).look_through(after).await?;
        let standing = known.map_or_else(|| view.into(), |standing| standing.followed_by(view));
        if known != Some(standing) {
            self.found.push((topic, standing));
        }
        Ok(())
    }
}
