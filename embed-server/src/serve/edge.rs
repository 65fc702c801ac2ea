//! What happens to every request on its way in and out: its id, limits on its
//! head and its time, the one place where failures are written out and logged,
//! and headers that every answer has.

use std::{
    convert::Infallible,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use axum::{
    extract::{FromRequestParts, MatchedPath, Request, State},
    http::{
        Extensions, HeaderName, HeaderValue, Method,
        header::{self, HeaderMap},
        request::Parts,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use oriel_contract::ProblemCode;

use super::{framing::Ambiguous, passage::Passage};
use crate::{app::App, audit::Exchange, config::Limits, problem::Failure};

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// What every answer has that says nothing else of it. A frame has a policy of its own,
/// and files of the bundle may be loaded by other origins' pages; all else is for nobody
/// but who asked for it. An answer that somebody opens as a page runs nothing, and no
/// page shows it.
const EVERYWHERE: [(HeaderName, HeaderValue); 7] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-embedder-policy"),
        HeaderValue::from_static("require-corp"),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// Wraps the whole router.
pub async fn edge(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = request_id(&app, request.headers());
    request.extensions_mut().insert(RequestId(id.clone()));
    let passage = Passage::default();
    request.extensions_mut().insert(passage.clone());
    let line = RequestLine::of(&request);
    let exchange = Exchange::begin(&app, &line, passage.clone(), id_text(&id));
    let mut response = if let Some(failure) = refuse_head(&app.config.limits, &request) {
        failure.into_response()
    } else {
        let patience = Duration::from_millis(app.config.limits.request_timeout_ms);
        tokio::time::timeout(patience, next.run(request))
            .await
            .unwrap_or_else(|_| Failure::new(ProblemCode::Unavailable).into_response())
    };
    let failure = response.extensions_mut().remove::<Failure>();
    exchange.end(&response, failure.as_ref());
    if let Some(failure) = failure {
        response = write_out(failure, &response, &id);
    }
    line.log(&response, id_text(&id));
    let headers = response.headers_mut();
    app.deprecations.tell(&line.method, line.route(), headers);
    headers.insert(X_REQUEST_ID, id);
    if let Some(rate) = passage.rate_headers() {
        headers.extend(rate.clone());
    }
    for (name, value) in EVERYWHERE {
        headers.entry(name).or_insert(value);
    }
    if app.config.public_url.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}

/// Writes a failure out for its request, and logs the cause of ours.
fn write_out(failure: Failure, raised: &Response, id: &HeaderValue) -> Response {
    if let Some(cause) = failure.cause() {
        let sources = std::iter::successors(cause.source(), |error| error.source());
        let causes: Vec<_> = sources.map(ToString::to_string).collect();
        tracing::error!(request_id = id_text(id), code = ?failure.code(), error = %cause, ?causes, "request failed");
    }
    let mut response = failure.render(id_text(id));
    if let Some(allow) = raised.headers().get(header::ALLOW) {
        response.headers_mut().insert(header::ALLOW, allow.clone());
    }
    response
}

/// The id of a request, for what is logged of it.
#[derive(Clone)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The id that the edge gave the request.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Self {
        let unknown = || Self(HeaderValue::from_static("req_unknown"));
        extensions.get().cloned().unwrap_or_else(unknown)
    }

    /// The id.
    #[must_use]
    pub fn text(&self) -> &str {
        id_text(&self.0)
    }
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}

/// The client's own id where it is one, else a new one: ids only need to differ.
fn request_id(app: &App, headers: &HeaderMap) -> HeaderValue {
    headers
        .get(X_REQUEST_ID)
        .filter(|id| is_well_formed(id.as_bytes()))
        .cloned()
        .unwrap_or_else(|| app.request_ids.next())
}

fn is_well_formed(id: &[u8]) -> bool {
    (8..=64).contains(&id.len())
        && id
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(b))
}

/// An id is made of ASCII, here or by [`is_well_formed`].
fn id_text(id: &HeaderValue) -> &str {
    id.to_str().unwrap_or_default()
}

/// Makes request ids: a random start for each process, and a count.
pub struct RequestIds {
    start: u64,
    count: AtomicU64,
}

impl RequestIds {
    /// Ids that start with `start`.
    #[must_use]
    pub fn starting_with(start: u64) -> Self {
        Self {
            start,
            count: AtomicU64::new(0),
        }
    }

    fn next(&self) -> HeaderValue {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        HeaderValue::try_from(format!("req_{:016x}{count:08x}", self.start))
            .unwrap_or_else(|_| HeaderValue::from_static("req_unknown"))
    }
}

/// What is wrong with a request's head, if anything.
fn refuse_head(limits: &Limits, request: &Request) -> Option<Failure> {
    if request.extensions().get::<Ambiguous>().is_some() {
        let detail = "Send Content-Length or Transfer-Encoding, not both.";
        return Some(Failure::new(ProblemCode::InvalidBody).detail(detail));
    }
    let uri_bytes = request
        .uri()
        .path_and_query()
        .map_or(0, |text| text.as_str().len());
    if uri_bytes > limits.uri_bytes {
        return Some(Failure::new(ProblemCode::UriTooLong));
    }
    let headers = request.headers();
    let bytes: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len())
        .sum();
    if headers.len() > limits.headers || bytes > limits.header_bytes {
        return Some(Failure::new(ProblemCode::HeadersTooLarge));
    }
    None
}

/// The log line of a request. It names the route and not the address: a search
/// is the viewer's own business, and a token may have strayed into either part.
pub struct RequestLine {
    method: Method,
    route: Option<MatchedPath>,
    started: Instant,
}

impl RequestLine {
    /// The line of a request that has come.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            route: request.extensions().get().cloned(),
            started: Instant::now(),
        }
    }

    /// The method, which may be any token.
    #[must_use]
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// The route's template.
    #[must_use]
    pub fn route(&self) -> &str {
        self.route.as_ref().map_or("-", MatchedPath::as_str)
    }

    /// Reads that succeed are most of the traffic and tell least: they are
    /// logged at `debug`, all else at `info` and above.
    fn log(&self, response: &Response, request_id: &str) {
        macro_rules! line {
            ($level:expr) => {
                tracing::event!(
                    target: "oriel::request",
                    $level,
                    request_id,
                    method = self.method.as_str(),
                    route = self.route(),
                    status = response.status().as_u16(),
                    ms = self.started.elapsed().as_secs_f64() * 1_000.0,
                    "request"
                )
            };
        }
        let status = response.status();
        if status.is_server_error() {
            line!(tracing::Level::ERROR);
        } else if status.is_client_error() || !self.method.is_safe() {
            line!(tracing::Level::INFO);
        } else {
            line!(tracing::Level::DEBUG);
        }
    }
}
