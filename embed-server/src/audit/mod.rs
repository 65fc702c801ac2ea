//! What is entered in the audit log beside changes: calls, denials, and first views.
//!
//! They may come by the thousand, and denials from anybody. So they are kept in memory,
//! which is bounded, and written about once a second: one entry for each call, and one
//! for all denials that are alike.
//! Only a token that was signed for a tenant is entered in that tenant's log; whatever
//! else is refused goes into the operator's.

mod call;
mod denial;

use std::{
    collections::{HashMap, HashSet},
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use oriel_contract::{SessionId, TenantId};
use oriel_store::{Chain, NewAuditEntry, Store, StoreError};
use quick_cache::sync::Cache;
use serde_json::json;

use self::denial::{Tally, further_calls};
pub use self::{
    call::{Call, Entered, Exchange},
    denial::{Attribution, Denial},
};
use crate::{app::App, token::EmbedSession};

/// The kind of entry that a call makes.
const API_CALLED: &str = "api.called";

/// From one writing to the next.
const PERIOD: Duration = Duration::from_secs(1);

/// Kinds of denials that are told apart within one period; the rest is one entry for
/// each log.
const MOST_DENIALS: usize = 500;

/// Calls that wait to be written, each with an entry of its own. A tenant's rate limit
/// bounds them long before, unless the database is away.
const MOST_CALLS: usize = 20_000;

/// Sessions that are known to have been seen.
const SESSIONS: usize = 20_000;

struct View {
    tenant: TenantId,
    session: SessionId,
    viewer: String,
    embed: String,
    request_id: String,
}

#[derive(Default)]
struct Waiting {
    calls: Vec<Call>,
    denials: HashMap<Denial, Tally>,
    views: Vec<View>,
}

impl Waiting {
    fn call(&mut self, call: Call) {
        if self.calls.len() < MOST_CALLS {
            self.calls.push(call);
        } else {
            let tally = Tally::of(&call.request_id, call.at);
            self.tally(further_calls(&call.of), tally);
        }
    }

    fn tally(&mut self, denial: Denial, tally: Tally) {
        let is_known = self.denials.contains_key(&denial);
        let denial = if is_known || self.denials.len() < MOST_DENIALS {
            denial
        } else {
            denial.rest()
        };
        match self.denials.get_mut(&denial) {
            Some(known) => known.add(tally),
            None => drop(self.denials.insert(denial, tally)),
        }
    }

    fn chains(&self) -> HashSet<Chain> {
        let calls = self.calls.iter().map(|call| &call.of.tenant);
        let calls = calls.map(|tenant| Chain::Tenant(tenant.clone()));
        calls
            .chain(self.denials.keys().map(Denial::chain))
            .collect()
    }

    /// Calls and denials that belong to a chain.
    fn entries(&self, chain: &Chain) -> Vec<NewAuditEntry> {
        let calls = self.calls.iter().filter(|call| is_of(call, chain));
        let denials = self.denials.iter();
        let denials = denials.filter(|(denial, _)| denial.chain() == *chain);
        calls
            .map(Call::entry)
            .chain(denials.map(|(denial, tally)| denial.entry(tally)))
            .collect()
    }

    /// Lets go of what was written to a chain.
    fn forget(&mut self, chain: &Chain) {
        self.calls.retain(|call| !is_of(call, chain));
        self.denials.retain(|denial, _| denial.chain() != *chain);
    }
}

fn is_of(call: &Call, chain: &Chain) -> bool {
    matches!(chain, Chain::Tenant(tenant) if *tenant == call.of.tenant)
}

/// Keeps what is entered later.
pub struct Audit {
    store: Store,
    waiting: Mutex<Waiting>,
    /// By tenant as well: a session's id is whatever its tenant says.
    seen: Cache<(TenantId, SessionId), ()>,
    /// Held while what was kept is written: whoever flushes finds all of it there.
    writing: tokio::sync::Mutex<()>,
}

impl Audit {
    /// Nothing has happened yet.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self {
            store,
            waiting: Mutex::default(),
            seen: Cache::new(SESSIONS),
            writing: tokio::sync::Mutex::default(),
        }
    }

    /// Counts a denial.
    pub fn denied(&self, denial: Denial, request_id: &str, now: Timestamp) {
        self.waiting().tally(denial, Tally::of(request_id, now));
    }

    /// Notes a call.
    pub fn called(&self, call: Call) {
        self.waiting().call(call);
    }

    /// Counts a call that was one too many.
    pub fn throttled(&self, call: Call) {
        let tally = Tally::of(&call.request_id, call.at);
        let denial = Denial {
            kind: API_CALLED,
            of: Some(call.of),
            route: call.route,
            why: call.outcome,
        };
        self.waiting().tally(denial, tally);
    }

    /// Notes that a session reads, which is entered once.
    pub fn viewed(&self, session: &EmbedSession, request_id: &str) {
        let sid = &session.claims.sid;
        let known = (session.tenant.id.clone(), sid.clone());
        if self.seen.get(&known).is_some() {
            return;
        }
        let mut waiting = self.waiting();
        if waiting.views.len() >= SESSIONS {
            // Its next read is another chance.
            return;
        }
        self.seen.insert(known, ());
        waiting.views.push(View {
            tenant: session.tenant.id.clone(),
            session: sid.clone(),
            viewer: session.claims.sub.clone(),
            embed: session.embed.id.to_string(),
            request_id: request_id.to_owned(),
        });
    }

    /// Writes what was kept. What cannot be written now waits for the next time.
    pub async fn flush(&self, now: Timestamp) -> Result<(), StoreError> {
        let _one_at_a_time = self.writing.lock().await;
        let mut rest = mem::take(&mut *self.waiting());
        let mut outcome = Ok(());
        for chain in rest.chains() {
            match self.store.audit(&chain, now, rest.entries(&chain)).await {
                // What is written must not be kept for a second time.
                Ok(()) => rest.forget(&chain),
                // A chain that cannot be written holds no other one up.
                Err(error) => outcome = Err(error),
            }
        }
        for view in mem::take(&mut rest.views) {
            let chain = Chain::Tenant(view.tenant.clone());
            let once = self.store.audit_once(&chain, now, vec![viewed(&view)]);
            if let Err(error) = once.await {
                outcome = Err(error);
                rest.views.push(view);
            }
        }
        self.keep(rest);
        outcome
    }

    /// Takes back what was not written, as far as there is room.
    fn keep(&self, rest: Waiting) {
        let mut waiting = self.waiting();
        let later = mem::take(&mut waiting.calls);
        for call in rest.calls.into_iter().chain(later) {
            waiting.call(call);
        }
        for (denial, tally) in rest.denials {
            waiting.tally(denial, tally);
        }
        waiting.views.extend(rest.views);
        waiting.views.truncate(SESSIONS);
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes what was kept, again and again. An outage is one line of the log.
pub async fn keep_writing(app: App) {
    let mut ticks = tokio::time::interval(PERIOD);
    let mut is_failing = false;
    loop {
        ticks.tick().await;
        let written = app.audit.flush(app.clock.now()).await;
        if let Err(error) = &written
            && !is_failing
        {
            tracing::warn!(%error, "the audit log could not be written; it is kept for later");
        }
        is_failing = written.is_err();
    }
}

fn viewed(view: &View) -> NewAuditEntry {
    NewAuditEntry {
        kind: "session.first_viewed",
        actor: view.session.to_string(),
        subject: view.session.to_string(),
        outcome: "ok".to_owned(),
        detail: json!({
            "viewer": view.viewer,
            "embed": view.embed,
            "request_id": view.request_id,
        }),
    }
}
