//! The read API, and the only file that fetches.
//!
//! Every read goes the same way: take over the response that the boot script has
//! asked for already, or fetch; on an expired token ask for a new one and try once
//! more. The browser parses the JSON.

use gloo::timers::callback::Timeout;
use gloo_net::http::{Request, Response};
use oriel_contract::{Dashboard, Project, ProjectRef, Page, TaskDetail, TaskPage};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

use crate::{
    bridge::Session,
    error::{ApiError, ErrorKind, ProblemHead},
};

/// How long a read may take, in milliseconds. One that never ends must not hang
/// the dashboard.
const TIMEOUT: u32 = 30_000;
/// Projects are listed in pages of this many…
const PROJECTS_PER_PAGE: &str = "200";
/// …and no more than this many pages: a longer list is no use in a menu.
const PROJECT_PAGES: usize = 5;

/// The read API as one viewer sees it.
#[derive(Clone, PartialEq)]
pub struct Api {
    session: Session,
}

impl Api {
    pub const fn new(session: Session) -> Self {
        Self { session }
    }

    pub async fn dashboard(&self, path: &str, signal: &AbortSignal) -> Result<Dashboard, ApiError> {
        self.read(path, signal).await
    }

    pub async fn tasks(&self, path: &str, signal: &AbortSignal) -> Result<TaskPage, ApiError> {
        self.read(path, signal).await
    }

    pub async fn task(&self, path: &str, signal: &AbortSignal) -> Result<TaskDetail, ApiError> {
        self.read(path, signal).await
    }

    /// Every project, by name.
    pub async fn projects(&self, signal: &AbortSignal) -> Result<Vec<ProjectRef>, ApiError> {
        let first = "/v1/embed/projects?limit=".to_owned() + PROJECTS_PER_PAGE;
        let mut path = first.clone();
        let mut projects = Vec::new();
        for _ in 0..PROJECT_PAGES {
            let page: Page<Project> = self.read(&path, signal).await?;
            projects.extend(page.items.into_iter().map(|project| ProjectRef {
                id: project.id,
                name: project.name,
            }));
            match page.next_cursor {
                Some(cursor) => path = first.clone() + "&cursor=" + &crate::query::encoded(&cursor),
                None => break,
            }
        }
        Ok(projects)
    }

    async fn read<T: DeserializeOwned>(
        &self,
        path: &str,
        signal: &AbortSignal,
    ) -> Result<T, ApiError> {
        let value = self.json(path, signal).await?;
        serde_wasm_bindgen::from_value(value)
            .map_err(|_| ApiError::without_answer(ErrorKind::Server))
    }

    async fn json(&self, path: &str, signal: &AbortSignal) -> Result<JsValue, ApiError> {
        match self.attempt(path, signal).await {
            Err(error) if error.asks_for_a_token() => {
                self.fresh_token().await?;
                self.attempt(path, signal).await
            }
            outcome => outcome,
        }
    }

    async fn attempt(&self, path: &str, signal: &AbortSignal) -> Result<JsValue, ApiError> {
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

/// Ends a read that takes too long, or that nobody waits for any longer.
pub struct Patience {
    controller: AbortController,
    _timeout: Timeout,
}

impl Patience {
    /// `None` where the browser has no `AbortController`.
    pub fn new() -> Option<Self> {
        let controller = AbortController::new().ok()?;
        let at_last = controller.clone();
        Some(Self {
            controller,
            _timeout: Timeout::new(TIMEOUT, move || at_last.abort()),
        })
    }

    pub fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    pub fn end(&self) {
        self.controller.abort();
    }
}
