//! Who listens: a room for each tenant, with a seat for each stream.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use oriel_contract::{ProblemCode, SessionId, TenantId};
use oriel_store::TenantScope;
use tokio::{sync::watch, task::AbortHandle};

use super::{Standing, follower};
use crate::{app::App, config::Limits, problem::Failure, token::EmbedSession};

/// A channel of one scope: it holds the latest standing, and nothing before the
/// first look at the log.
pub(super) type Topic = watch::Sender<Option<Standing>>;

/// The rooms of all tenants. Cheap to clone.
#[derive(Clone)]
pub struct Live(Arc<Rooms>);

struct Rooms {
    per_session: usize,
    per_tenant: usize,
    open: Mutex<HashMap<TenantId, Room>>,
    stopping: watch::Sender<bool>,
}

/// It is there while anybody listens to the tenant, and its follower with it.
struct Room {
    /// By scope without its locks, each with how many listen to it: what is told
    /// does not depend on locked filters, of which there may be one per viewer.
    topics: HashMap<TenantScope, (Topic, usize)>,
    streams: usize,
    by_session: HashMap<SessionId, usize>,
    follower: AbortHandle,
}

impl Drop for Room {
    fn drop(&mut self) {
        self.follower.abort();
    }
}

impl Live {
    /// Nobody listens yet.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self(Arc::new(Rooms {
            per_session: limits.streams_per_session,
            per_tenant: limits.streams_per_tenant,
            open: Mutex::default(),
            stopping: watch::Sender::new(false),
        }))
    }

    /// A seat among those who listen, or why there is none.
    pub fn join(&self, app: &App, session: &EmbedSession) -> Result<Seat, Failure> {
        let (tenant, sid) = (&session.tenant.id, &session.claims.sid);
        let mut open = self.0.open();
        let room = open
            .entry(tenant.clone())
            .or_insert_with(|| Room::new(follower::spawn(app.clone(), tenant.clone())));
        let of_session = room.by_session.get(sid).copied().unwrap_or_default();
        if room.streams >= self.0.per_tenant || of_session >= self.0.per_session {
            return Err(Failure::new(ProblemCode::TooManyStreams));
        }
        room.streams += 1;
        room.by_session.insert(sid.clone(), of_session + 1);
        let scope = session.scope.without_locks();
        let (topic, listeners) = room.topics.entry(scope.clone()).or_default();
        *listeners += 1;
        Ok(Seat {
            rooms: Arc::clone(&self.0),
            tenant: tenant.clone(),
            session: sid.clone(),
            scope,
            standing: topic.subscribe(),
            stopping: self.0.stopping.subscribe(),
        })
    }

    /// Ends every stream, and those still to come.
    pub fn stop(&self) {
        self.0.stopping.send_replace(true);
    }

    /// How many streams are open.
    #[must_use]
    pub fn streams(&self) -> usize {
        self.0.open().values().map(|room| room.streams).sum()
    }

    /// How many channels they are told through.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.0.open().values().map(|room| room.topics.len()).sum()
    }

    /// The scopes that somebody in the tenant's room listens for.
    pub(super) fn topics(&self, tenant: &TenantId) -> Vec<(TenantScope, Topic)> {
        let open = self.0.open();
        let topics = open.get(tenant).map(|room| room.topics.iter());
        topics
            .into_iter()
            .flatten()
            .map(|(scope, (topic, _))| (scope.clone(), topic.clone()))
            .collect()
    }
}

impl Rooms {
    fn open(&self) -> MutexGuard<'_, HashMap<TenantId, Room>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    fn new(follower: AbortHandle) -> Self {
        Self {
            topics: HashMap::new(),
            streams: 0,
            by_session: HashMap::new(),
            follower,
        }
    }

    /// Takes a seat away; the last one for a scope takes its topic along.
    fn leave(&mut self, session: &SessionId, scope: &TenantScope) {
        self.streams -= 1;
        if let Some(streams) = self.by_session.get_mut(session) {
            *streams -= 1;
            if *streams == 0 {
                self.by_session.remove(session);
            }
        }
        if let Some((_, listeners)) = self.topics.get_mut(scope) {
            *listeners -= 1;
            if *listeners == 0 {
                self.topics.remove(scope);
            }
        }
    }
}

/// One stream's place in its tenant's room, given back when it is dropped.
pub struct Seat {
    rooms: Arc<Rooms>,
    tenant: TenantId,
    session: SessionId,
    scope: TenantScope,
    /// What the follower tells.
    pub standing: watch::Receiver<Option<Standing>>,
    /// Whether the server stops.
    pub stopping: watch::Receiver<bool>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = self.rooms.open();
        let Some(room) = open.get_mut(&self.tenant) else {
            return;
        };
        room.leave(&self.session, &self.scope);
        if room.streams == 0 {
            open.remove(&self.tenant);
        }
    }
}
