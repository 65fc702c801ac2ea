//! The read API, and the only file that fetches.
//!
//! Every read goes the same way: take over the response that the boot script has
//! asked for already, or fetch; on an expired token ask for a new one and try once
//! more. The browser parses the JSON.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use gloo_net::http::{Request, Response};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

use crate::{
    bridge::Session,
    error::{ApiError, ErrorKind, ProblemHead},
    state::{Action, Answer},
};

/// How long a read may take, in milliseconds. One that never ends must not hang
/// the dashboard.
const TIMEOUT: u32 = 30_000;

/// How long the first token may take, in milliseconds: clearly longer than the
/// loader's three attempts, for the loader knows better what went wrong.
const TOKEN_TIMEOUT: u32 = 45_000;

/// What a read brings: what the browser has parsed.
pub type Body = Result<JsValue, ApiError>;

/// Makes what a read of a path has brought into news for the state.
pub type Decode = fn(String, Body) -> Action;

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

/// A page of projects.
pub fn projects(path: String, body: Body) -> Action {
    Action::ProjectsArrived(path, decoded(body))
}

fn decoded<T: DeserializeOwned>(body: Body) -> Answer<T> {
    serde_wasm_bindgen::from_value(body?)
        .map(Rc::new)
        .map_err(|_| ApiError::without_answer(ErrorKind::Server))
}

/// The read API as one viewer sees it.
#[derive(Clone)]
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
        match self.attempt(path, signal).await {
            Err(error) if error.asks_for_a_token() => {
                self.fresh_token().await?;
                self.attempt(path, signal).await
            }
            outcome => outcome,
        }
    }

    async fn attempt(&self, path: &str, signal: &AbortSignal) -> Body {
        let unreachable = |_| ApiError::without_answer(ErrorKind::Network);
        let response = match self.session.first(path) {
            Some(started) => {
                let response = JsFuture::from(started).await.map_err(unreachable)?;
                Response::from(response.unchecked_into::<web_sys::Response>())
            }
            None => self.fetch(path, signal).await?,
        };
        let (status, ok) = (response.status(), response.ok());
        let body = web_sys::Response::from(response)
            .json()
            .map(JsFuture::from)
            .map_err(unreachable)?
            .await;
        if ok {
            return body.map_err(unreachable);
        }
        let problem = body
            .ok()
            .and_then(|body| serde_wasm_bindgen::from_value::<ProblemHead>(body).ok());
        Err(ApiError::of(status, problem.unwrap_or_default()))
    }

    async fn fetch(&self, path: &str, signal: &AbortSignal) -> Result<Response, ApiError> {
        let mut token = self.session.token();
        if token.is_empty() {
            token = self.fresh_token().await?;
        }
        Request::get(path)
            .header("authorization", &("Bearer ".to_owned() + &token))
            .abort_signal(Some(signal))
            .send()
            .await
            .map_err(|_| ApiError::without_answer(ErrorKind::Network))
    }

    async fn fresh_token(&self) -> Result<String, ApiError> {
        let token = JsFuture::from(self.session.fresh()).await;
        match token {
            Ok(token) => Ok(token.as_string().unwrap_or_default()),
            Err(error) => {
                let code = error
                    .dyn_ref::<js_sys::Error>()
                    .map(|error| String::from(error.message()));
                let code = code.unwrap_or_else(|| "token_fetch_failed".to_owned());
                Err(ApiError::without_answer(ErrorKind::NoToken(code)))
            }
        }
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
