//! The read API, and the only file that fetches.
//!
//! Every read goes the same way: take over the response that the boot script has
//! asked for already, or fetch; on an expired token ask for a new one and try once
//! more. The browser parses the JSON.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, Response};

use crate::{
    bridge::Session,
    error::{ApiError, ErrorKind, ProblemHead},
    remote::Answer,
    state::Action,
    wire::Wire,
};

/// How long a read may take, in milliseconds. One that never ends must not hang
/// the dashboard.
const TIMEOUT: u32 = 30_000;

/// How long the first token may take, in milliseconds: clearly longer than the
/// loader's three attempts, for the loader knows better what went wrong.
const TOKEN_TIMEOUT: u32 = 45_000;

/// What a read brings: what the browser has parsed.
pub type Body = Result<JsValue, ApiError>;

/// What is made of a response's body.
type Take = fn(&Response) -> Result<Promise, JsValue>;

/// What a read brings when its time is over.
pub const TOO_LATE: Body = Err(ApiError::without_answer(ErrorKind::Network));

/// The dashboard's numbers.
pub fn dashboard(path: String, body: Body) -> Action {
    Action::DashboardArrived(path, decoded(body))
}

/// A page of tasks.
pub fn tasks(path: String, body: Body) -> Action {
    Action::TasksArrived(path, decoded(body))
}

/// One task.
pub fn detail(path: String, body: Body) -> Action {
    Action::DetailArrived(path, decoded(body))
}

/// A page of projects, people or labels.
pub fn choices(path: String, body: Body) -> Action {
    Action::ChoicesArrived(path, decoded(body))
}

/// What the browser has parsed, as the contract has it.
pub fn decoded<T: Wire>(body: Body) -> Answer<T> {
    T::read(&body?)
        .map(Rc::new)
        .ok_or(ApiError::without_answer(ErrorKind::Server))
}

/// The read API as one viewer sees it.
#[derive(Clone, PartialEq)]
pub struct Api {
    session: Session,
}

impl Api {
    pub const fn new(session: Session) -> Self {
        Self { session }
    }

    /// How long a read that starts now may take, in milliseconds.
    pub fn limit(&self) -> u32 {
        if self.session.token().is_empty() {
            TOKEN_TIMEOUT + TIMEOUT
        } else {
            TIMEOUT
        }
    }

    /// Reads `path`, until `signal` ends it.
    pub async fn read(&self, path: &str, signal: &AbortSignal) -> Body {
        self.insist(path, signal, Response::json).await
    }

    /// Saves what is at `path` as a file of this name, until `signal` ends it.
    pub async fn save(&self, path: &str, name: &str, signal: &AbortSignal) -> Answer<()> {
        let blob = self.insist(path, signal, Response::blob).await?;
        self.session.save(&blob, name);
        Ok(Rc::new(()))
    }

    async fn insist(&self, path: &str, signal: &AbortSignal, take: Take) -> Body {
        match self.attempt(path, signal, take).await {
            Err(error) if error.asks_for_a_token() => {
                self.fresh_token().await?;
                self.attempt(path, signal, take).await
            }
            outcome => outcome,
        }
    }

    async fn attempt(&self, path: &str, signal: &AbortSignal, take: Take) -> Body {
        let unreachable = |_| ApiError::without_answer(ErrorKind::Network);
        let started = match self.session.first(path) {
            Some(started) => started,
            None => self.fetch(path, signal).await?,
        };
        let response = JsFuture::from(started).await.map_err(unreachable)?;
        let response: Response = response.unchecked_into();
        let (status, ok) = (response.status(), response.ok());
        // A refusal is always JSON.
        let take = if ok { take } else { Response::json };
        let body = take(&response)
            .map(JsFuture::from)
            .map_err(unreachable)?
            .await;
        if ok {
            return body.map_err(unreachable);
        }
        let problem = body.ok().and_then(|body| ProblemHead::read(&body));
        let error = ApiError::of(status, problem.unwrap_or_default());
        if error.ends_session() {
            // Also where data is on the screen already, the host page has to know.
            self.session.failed(error.code(), &error.message().text());
        }
        Err(error)
    }

    async fn fetch(&self, path: &str, signal: &AbortSignal) -> Result<Promise, ApiError> {
        if self.session.token().is_empty() {
            self.fresh_token().await?;
        }
        Ok(self.session.get(path, signal))
    }

    async fn fresh_token(&self) -> Result<(), ApiError> {
        let Err(error) = JsFuture::from(self.session.fresh()).await else {
            return Ok(());
        };
        let code = error
            .dyn_ref::<js_sys::Error>()
            .map(|error| String::from(error.message()));
        let code = code.unwrap_or_else(|| "token_fetch_failed".to_owned());
        Err(ApiError::without_answer(ErrorKind::NoToken(code)))
    }
}

/// Ends a read that takes too long, or, when dropped, one that nobody waits for.
pub struct Patience {
    controller: AbortController,
    _timeout: Timeout,
}

impl Patience {
    /// Calls `at_last` after `limit` milliseconds: aborting alone does not end a wait
    /// for a token, or for a response that the boot script has asked for. `None`
    /// where the browser has no `AbortController`.
    pub fn new(limit: u32, at_last: impl FnOnce() + 'static) -> Option<Self> {
        let controller = AbortController::new().ok()?;
        let ended = controller.clone();
        let timeout = Timeout::new(limit, move || {
            ended.abort();
            at_last();
        });
        Some(Self {
            controller,
            _timeout: timeout,
        })
    }

    pub fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }
}

impl Drop for Patience {
    fn drop(&mut self) {
        self.controller.abort();
    }
}
