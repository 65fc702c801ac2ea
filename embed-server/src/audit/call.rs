//! Calls of the management API: an entry for each, and for those alike that were refused
//! because there were too many.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use oriel_contract::ProblemCode;
use oriel_store::NewAuditEntry;
use serde_json::json;

use super::{API_CALLED, Attribution, Denial};
use crate::{
    app::App,
    oauth::refusal::Refused,
    problem::{Failure, code_name},
    serve::{edge::RequestLine, passage::Passage},
};

/// Marks an answer whose call has entered itself in the audit log, in the transaction of
/// what it did. It is not entered again.
#[derive(Debug, Clone, Copy)]
pub struct Entered;

/// A call by whoever holds a good access token.
pub struct Call {
    pub of: Attribution,
    /// Method and template.
    pub route: String,
    /// `ok`, or a problem's code, or the status where there is none.
    pub outcome: String,
    /// What was answered, if the client was there to take it.
    pub status: Option<StatusCode>,
    pub request_id: String,
    pub at: Timestamp,
}

impl Call {
    pub(super) fn entry(&self) -> NewAuditEntry {
        let mut detail = json!({
            "at": self.at,
            "request_id": self.request_id,
            "scope": self.of.scope,
            "status": self.status.map(|status| status.as_u16()),
        });
        if let Some(user) = &self.of.user {
            detail["acting_for"] = user.as_str().into();
        }
        NewAuditEntry {
            kind: API_CALLED,
            actor: self.of.actor.clone(),
            subject: self.route.clone(),
            outcome: self.outcome.clone(),
            detail,
        }
    }
}

/// Whether a status is a refusal that the log keeps.
fn is_denial(status: StatusCode) -> bool {
    status == StatusCode::UNAUTHORIZED || status == StatusCode::FORBIDDEN
}

/// An exchange that is entered when it ends, also where its client does not wait for
/// that: what a request did is done then.
pub struct Exchange<'a> {
    app: &'a App,
    line: &'a RequestLine,
    passage: Passage,
    request_id: &'a str,
    is_over: bool,
}

impl<'a> Exchange<'a> {
    /// A request that has come.
    #[must_use]
    pub fn begin(
        app: &'a App,
        line: &'a RequestLine,
        passage: Passage,
        request_id: &'a str,
    ) -> Self {
        Self {
            app,
            line,
            passage,
            request_id,
            is_over: false,
        }
    }

    /// Enters what it was answered.
    pub fn end(mut self, response: &Response, failure: Option<&Failure>) {
        self.is_over = true;
        let now = self.app.clock.now();
        if let Some(failure) = failure
            && is_denial(failure.status())
        {
            let (of, why) = (failure.attribution().cloned(), code_name(failure.code()));
            let denial = Denial::access(of, self.line.route(), why);
            self.app.audit.denied(denial, self.request_id, now);
            return;
        }
        if response.extensions().get::<Entered>().is_some() {
            return;
        }
        if let Some(refused) = response.extensions().get::<Refused>() {
            // An app's id is no secret, and anybody can be refused in its name: those alike
            // are one entry. Who is nobody was entered where that was found.
            if let Some(of) = self.passage.caller().cloned() {
                let denial = Denial::access(Some(of), self.line.route(), refused.code());
                self.app.audit.denied(denial, self.request_id, now);
            }
            return;
        }
        let status = failure.map_or(response.status(), Failure::status);
        let outcome = match failure {
            Some(failure) => code_name(failure.code()),
            None if status.as_u16() < 400 => "ok".to_owned(),
            None => status.as_str().to_owned(),
        };
        let is_one_too_many =
            failure.is_some_and(|failure| failure.code() == ProblemCode::TooManyRequests);
        self.enter(outcome, Some(status), is_one_too_many, now);
    }

    fn enter(
        &self,
        outcome: String,
        status: Option<StatusCode>,
        is_one_too_many: bool,
        now: Timestamp,
    ) {
        let Some(of) = self.passage.caller() else {
            return;
        };
        let call = Call {
            of: of.clone(),
            route: format!("{} {}", self.line.method(), self.line.route()),
            outcome,
            status,
            request_id: self.request_id.to_owned(),
            at: now,
        };
        if is_one_too_many {
            self.app.audit.throttled(call);
        } else {
            self.app.audit.called(call);
        }
    }
}

impl Drop for Exchange<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            let now = self.app.clock.now();
            self.enter("client_left".to_owned(), None, false, now);
        }
    }
}
