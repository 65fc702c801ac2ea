//! Answers, worked out once and kept as the bytes that go over the wire.
//!
//! The key holds all that an answer depends on, so nothing is ever thrown away
//! by hand: a write makes a new revision, midnight a new day, and what is not
//! asked for again falls out of the cache. A token's locks are part of its
//! scope, and so of the key: no answer crosses from one scope to another.

use std::sync::Arc;

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use jiff::civil::Date;
use oriel_contract::ProblemCode;
use oriel_store::{TenantScope, TenantStore};
use quick_cache::{Weighter, sync::Cache};
use serde::Serialize;

use super::{
    question::{Named, Question},
    totals::Totals,
};
use crate::{
    app::App,
    coding::{self, Coding, representation::Representation},
    problem::Failure,
    token::EmbedSession,
};

/// What an entry costs beside its bytes, roughly.
const OVERHEAD: u64 = 512;

/// Entries the cache expects; it holds fewer when they are large.
const EXPECTED: usize = 10_000;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// The answers hold a tenant's data, and leave none of it on a viewer's disk. Their tags
/// are for clients that keep them in memory.
const CACHE: HeaderValue = HeaderValue::from_static("no-store");

/// What the answers of the read API depend on.
pub const VARY: HeaderValue = HeaderValue::from_static("authorization, accept-encoding");

/// All that an answer depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    scope: TenantScope,
    revision: u64,
    day: Date,
    pinned: bool,
    question: Question,
    /// Compressed once, and kept beside what it was made of.
    coding: Coding,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Key, Arc<Representation>> for Weight {
    fn weight(&self, key: &Key, answer: &Arc<Representation>) -> u64 {
        let held = key.scope.held_bytes() + key.question.held_bytes() + answer.held_bytes();
        held as u64 + OVERHEAD
    }
}

/// The answers that are kept, within a budget of bytes.
pub struct Answers {
    cache: Cache<Key, Arc<Representation>, Weight>,
    totals: Totals,
}

impl Answers {
    /// Nothing is known yet.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        Self {
            cache: Cache::with_weighter(EXPECTED, bytes, Weight),
            totals: Totals::default(),
        }
    }
}

impl Answers {
    /// The answer in the key's coding, kept or worked out once for all who wait.
    async fn find(
        &self,
        key: &Key,
        store: &TenantStore<'_>,
    ) -> Result<Arc<Representation>, Failure> {
        if key.coding == Coding::Identity {
            return self.plain(key, store).await;
        }
        let compressed = async {
            let plain = Key {
                coding: Coding::Identity,
                ..key.clone()
            };
            let plain = self.plain(&plain, store).await?;
            plain.within(key.coding).await.map(Arc::new)
        };
        self.cache.get_or_insert_async(key, compressed).await
    }

    async fn plain(
        &self,
        key: &Key,
        store: &TenantStore<'_>,
    ) -> Result<Arc<Representation>, Failure> {
        let plain = async {
            let json = self.work_out(key, store).await?;
            Representation::new(json, Coding::Identity).map(Arc::new)
        };
        self.cache.get_or_insert_async(key, plain).await
    }

    /// The answer as JSON.
    async fn work_out(&self, key: &Key, store: &TenantStore<'_>) -> Result<Bytes, Failure> {
        let today = key.day;
        match &key.question {
            Question::Dashboard { range, filter } => {
                let numbers = store.dashboard(today, *range, filter).await?;
                json(&numbers.into_dashboard(key.pinned))
            }
            Question::Names {
                of,
                q,
                limit,
                cursor,
            } => {
                let (q, limit, cursor) = (q.as_deref(), *limit, cursor.as_deref());
                match of {
                    Named::Projects => json(&store.projects(today, limit, cursor).await?),
                    Named::People => json(&store.people(q, limit, cursor).await?),
                    Named::Labels => json(&store.labels(q, limit, cursor).await?),
                }
            }
            Question::Tasks(query) => {
                json(&self.totals.page(store, key.revision, today, query).await?)
            }
            Question::Task(id) => found(store.task(today, id).await?),
            Question::Timeline(query) => found(store.timeline(today, query).await?),
        }
    }
}

/// What there is; outside the scope nothing is.
fn found(value: Option<impl Serialize>) -> Result<Bytes, Failure> {
    match value {
        Some(value) => json(&value),
        None => Err(Failure::new(ProblemCode::NotFound)),
    }
}

fn json(value: &impl Serialize) -> Result<Bytes, Failure> {
    serde_json::to_vec(value)
        .map(|json| json.into_boxed_slice().into())
        .map_err(Failure::internal)
}

/// Answers from what is kept, in the coding that the client wants.
pub async fn answer(
    app: &App,
    session: &EmbedSession,
    headers: &HeaderMap,
    question: Question,
) -> Result<Response, Failure> {
    let as_of = session.embed.as_of;
    let key = Key {
        revision: app
            .revisions
            .current(&session.tenant.id, app.clock.now())
            .await?,
        scope: session.scope.clone(),
        day: app.day(as_of),
        pinned: as_of.is_pinned(),
        question,
        coding: coding::wanted(headers),
    };
    let store = app.store.within(session.scope.clone());
    let answer = app.answers.find(&key, &store).await?;
    let mut response = answer.respond(headers, JSON);
    response
        .headers_mut()
        .extend([(header::CACHE_CONTROL, CACHE), (header::VARY, VARY)]);
    Ok(response)
}
