//! What is entered in the audit log beside changes: denials, and first views.
//!
//! They may come by the thousand, and from anybody. So they are counted in memory, which
//! is bounded, and written about once a second: one entry for all denials that are alike.
//! Only a token that was signed for a tenant is entered in that tenant's log; whatever
//! else is refused goes into the operator's.

use std::{
    collections::{HashMap, HashSet},
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::http::StatusCode;
use jiff::Timestamp;
use oriel_contract::{SessionId, TenantId};
use oriel_store::{Chain, NewAuditEntry, Store, StoreError};
use quick_cache::sync::Cache;
use serde_json::json;

use crate::{
    app::App,
    token::{EmbedSession, claims::Kind},
};

/// From one writing to the next.
const PERIOD: Duration = Duration::from_secs(1);

/// Kinds of denials that are told apart within one period; the rest is one entry for
/// each log.
const MOST_DENIALS: usize = 500;

/// Sessions that are known to have been seen.
const SESSIONS: usize = 20_000;

/// Says of an answer that what it tells of is in the log already.
#[derive(Debug, Clone, Copy)]
pub struct Entered;

/// Who was refused, where a signature says so.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Attribution {
    pub tenant: TenantId,
    /// The id of the embed session or of the client.
    pub actor: String,
}

impl Attribution {
    /// The sender of a token that was signed for it.
    pub fn of<K: Kind>(claims: &K) -> Self {
        Self {
            tenant: claims.registered().tenant.clone(),
            actor: claims.sender().to_owned(),
        }
    }
}

/// A refusal, as the edge sees it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Denial {
    pub of: Option<Attribution>,
    /// The route's template; an address may hold what a viewer looks for.
    pub route: String,
    /// The code that the client was told.
    pub why: String,
}

impl Denial {
    fn chain(&self) -> Chain {
        let tenant = self.of.as_ref().map(|of| of.tenant.clone());
        tenant.map_or(Chain::Operator, Chain::Tenant)
    }
}

struct Tally {
    count: u64,
    first_at: Timestamp,
    last_at: Timestamp,
}

struct View {
    tenant: TenantId,
    session: SessionId,
    viewer: String,
    embed: String,
}

#[derive(Default)]
struct Waiting {
    denials: HashMap<Denial, Tally>,
    views: Vec<View>,
}

/// Counts what is entered later.
pub struct Audit {
    store: Store,
    waiting: Mutex<Waiting>,
    /// By tenant as well: a session's id is whatever its tenant says.
    seen: Cache<(TenantId, SessionId), ()>,
    /// Held while what was counted is written: whoever flushes finds all of it there.
    writing: tokio::sync::Mutex<()>,
}

/// Whether a status is a refusal that the log keeps.
#[must_use]
pub fn is_denial(status: StatusCode) -> bool {
    status == StatusCode::UNAUTHORIZED || status == StatusCode::FORBIDDEN
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
    pub fn denied(&self, denial: Denial, now: Timestamp) {
        let mut waiting = self.waiting();
        let is_known = waiting.denials.contains_key(&denial);
        let denial = if is_known || waiting.denials.len() < MOST_DENIALS {
            denial
        } else {
            // Whose log it belongs to is kept: nobody crowds another tenant's denials out.
            let nobody = |of: Attribution| Attribution {
                actor: String::new(),
                ..of
            };
            Denial {
                of: denial.of.map(nobody),
                route: "(others)".to_owned(),
                why: "several".to_owned(),
            }
        };
        let tally = waiting.denials.entry(denial).or_insert(Tally {
            count: 0,
            first_at: now,
            last_at: now,
        });
        tally.count += 1;
        tally.last_at = now;
    }

    /// Notes that a session reads, which is entered once.
    pub fn viewed(&self, session: &EmbedSession) {
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
        });
    }

    /// Writes what was counted. What cannot be written now is kept for the next time.
    pub async fn flush(&self, now: Timestamp) -> Result<(), StoreError> {
        let _one_at_a_time = self.writing.lock().await;
        let Waiting { mut denials, views } = mem::take(&mut *self.waiting());
        let chains: HashSet<Chain> = denials.keys().map(Denial::chain).collect();
        let mut outcome = Ok(());
        for chain in chains {
            let of_it = denials.iter().filter(|(denial, _)| denial.chain() == chain);
            let entries = of_it.map(|(denial, tally)| denied(denial, tally)).collect();
            match self.store.audit(&chain, now, entries).await {
                // What is written must not be kept for a second time.
                Ok(()) => denials.retain(|denial, _| denial.chain() != chain),
                // A chain that cannot be written holds no other one up.
                Err(error) => outcome = Err(error),
            }
        }
        let mut unwritten = Vec::new();
        for view in views {
            let chain = Chain::Tenant(view.tenant.clone());
            let once = self.store.audit_once(&chain, now, vec![viewed(&view)]);
            if let Err(error) = once.await {
                outcome = Err(error);
                unwritten.push(view);
            }
        }
        self.keep(denials, unwritten);
        outcome
    }

    /// Takes back what was not written, as far as there is room.
    fn keep(&self, denials: HashMap<Denial, Tally>, views: Vec<View>) {
        let mut waiting = self.waiting();
        for (denial, tally) in denials {
            let known = waiting.denials.entry(denial).or_insert(Tally {
                count: 0,
                first_at: tally.first_at,
                last_at: tally.last_at,
            });
            known.count += tally.count;
            known.first_at = known.first_at.min(tally.first_at);
        }
        waiting.views.extend(views);
        waiting.views.truncate(SESSIONS);
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes what was counted, again and again. An outage is one line of the log.
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

fn denied(denial: &Denial, tally: &Tally) -> NewAuditEntry {
    NewAuditEntry {
        kind: "access.denied",
        actor: denial
            .of
            .as_ref()
            .map(|of| of.actor.clone())
            .unwrap_or_default(),
        subject: denial.route.clone(),
        outcome: denial.why.clone(),
        detail: json!({
            "count": tally.count,
            "first_at": tally.first_at,
            "last_at": tally.last_at,
        }),
    }
}

fn viewed(view: &View) -> NewAuditEntry {
    NewAuditEntry {
        kind: "session.first_viewed",
        actor: view.session.to_string(),
        subject: view.session.to_string(),
        outcome: "ok".to_owned(),
        detail: json!({ "viewer": view.viewer, "embed": view.embed }),
    }
}
