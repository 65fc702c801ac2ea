//! Answers, worked out once and kept as the bytes that go over the wire.
//!
//! The key holds all that an answer depends on, so nothing is ever thrown away
//! by hand: a write makes a new revision, midnight a new day, and what is not
//! asked for again falls out of the cache. A token's locks are part of its
//! scope, and so of the key: no answer crosses from one scope to another.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use jiff::civil::Date;
use oriel_contract::ProblemCode;
use oriel_store::{TenantScope, TenantStore};
use quick_cache::{Weighter, sync::Cache};
use serde::Serialize;

use super::{question::Question, totals::Totals};
use crate::{app::App, problem::Failure, request::etag, token::EmbedSession};

/// What an entry costs beside its bytes, roughly.
const OVERHEAD: u64 = 512;

/// Entries the cache expects; it holds fewer when they are large.
const EXPECTED: usize = 10_000;

/// All that an answer depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    scope: TenantScope,
    revision: u64,
    day: Date,
    pinned: bool,
    question: Question,
}

#[derive(Clone)]
struct Answer {
    body: Bytes,
    etag: HeaderValue,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Key, Arc<Answer>> for Weight {
    fn weight(&self, key: &Key, answer: &Arc<Answer>) -> u64 {
        let held = key.scope.held_bytes() + key.question.held_bytes() + answer.body.len();
        held as u64 + OVERHEAD
    }
}

/// The answers that are kept, within a budget of bytes.
pub struct Answers {
    cache: Cache<Key, Arc<Answer>, Weight>,
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
    /// The answer as JSON.
    async fn work_out(&self, key: &Key, store: &TenantStore<'_>) -> Result<Bytes, Failure> {
        let today = key.day;
        match &key.question {
            Question::Dashboard { range, filter } => {
                let numbers = store.dashboard(today, *range, filter).await?;
                json(&numbers.into_dashboard(key.pinned))
            }
            Question::Projects { limit, cursor } => {
                json(&store.projects(today, *limit, cursor.as_deref()).await?)
            }
            Question::People { q, limit, cursor } => json(
                &store
                    .people(q.as_deref(), *limit, cursor.as_deref())
                    .await?,
            ),
            Question::Labels { q, limit, cursor } => json(
                &store
                    .labels(q.as_deref(), *limit, cursor.as_deref())
                    .await?,
            ),
            Question::Tasks(query) => {
                json(&self.totals.page(store, key.revision, today, query).await?)
            }
            Question::Task(id) => match store.task(today, id).await? {
                Some(task) => json(&task),
                None => Err(Failure::new(ProblemCode::NotFound)),
            },
        }
    }
}

fn json(value: &impl Serialize) -> Result<Bytes, Failure> {
    serde_json::to_vec(value)
        .map(Bytes::from)
        .map_err(Failure::internal)
}

/// Answers from what is kept, or works it out once for all who wait for it.
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
    };
    let answer = match app.answers.cache.get_value_or_guard_async(&key).await {
        Ok(answer) => answer,
        Err(place) => {
            let store = app.store.within(session.scope.clone());
            let body = app.answers.work_out(&key, &store).await?;
            let answer = Arc::new(Answer::of(body)?);
            // An error means that the entry was displaced meanwhile.
            let _ = place.insert(Arc::clone(&answer));
            answer
        }
    };
    Ok(answer.respond(headers))
}

impl Answer {
    fn of(body: Bytes) -> Result<Self, Failure> {
        let etag = etag::of(&body).map_err(Failure::internal)?;
        Ok(Self { body, etag })
    }

    fn respond(&self, request: &HeaderMap) -> Response {
        let unchanged = etag::is_unchanged(request, &self.etag);
        let mut response = if unchanged {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        } else {
            Response::new(Body::from(self.body.clone()))
        };
        let headers = response.headers_mut();
        if !unchanged {
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/json"),
            );
        }
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-cache"),
        );
        headers.insert(header::VARY, HeaderValue::from_static("authorization"));
        response
    }
}
