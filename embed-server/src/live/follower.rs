//! Follows one tenant's log while somebody listens to it.

use std::time::Duration;

use oriel_contract::TenantId;
use oriel_store::{StoreError, TenantScope};
use tokio::{
    task::AbortHandle,
    time::{MissedTickBehavior, interval},
};

use super::{Standing, room::Topic};
use crate::{app::App, embed::revisions::WINDOW_MS};

/// From one look to the next: clearly more than the time that a revision counts
/// as current, so that each look is a new one.
const TICK: Duration = Duration::from_millis(WINDOW_MS.unsigned_abs() + 10);

/// Starts to follow a tenant's log; aborted when nobody listens any longer.
pub fn spawn(app: App, tenant: TenantId) -> AbortHandle {
    let follower = Follower {
        app,
        tenant,
        revision: None,
        found: Vec::new(),
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
            // Without its database the server has nothing to tell; requests say so.
            if let Err(error) = self.look().await {
                tracing::debug!(%error, "the event log could not be read");
            }
        }
    }

    /// Looks through what is new: for all where the revision moved on, else for
    /// those who have just come.
    async fn look(&mut self) -> Result<(), StoreError> {
        let now = self.app.clock.now();
        let Ok(revision) = self.app.revisions.current(&self.tenant, now).await else {
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
