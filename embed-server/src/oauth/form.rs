//! The forms that clients send.

use std::collections::HashMap;

use axum::{
    body::Body,
    http::{HeaderMap, Uri},
};
use oriel_contract::ProblemCode;
use url::form_urlencoded;

use super::refusal::Refusal;
use crate::{app::App, request::body};

/// The parameters of a request. Empty ones count as absent, and none may come twice
/// (RFC 6749 §3.2), but for `resource` (RFC 8707 §2).
#[derive(Default)]
pub struct Form {
    values: HashMap<String, String>,
    resources: Vec<String>,
    repeated: Vec<String>,
}

impl Form {
    /// Reads a body. Parameters in the address are refused: they end in logs.
    pub async fn read(
        app: &App,
        uri: &Uri,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<Self, Refusal> {
        if uri.query().is_some() {
            return Err(Refusal::invalid_request(
                "Send parameters in the body, not in the address.",
            ));
        }
        if !body::is_of_type(headers, "application/x-www-form-urlencoded") {
            return Err(Refusal::invalid_request(
                "Send a form: application/x-www-form-urlencoded.",
            ));
        }
        let bytes = match body::read(body, &app.config.limits).await {
            Err(failure) if failure.code() == ProblemCode::InvalidBody => {
                return Err(Refusal::invalid_request(
                    "Send the form whole and framed as its headers say.",
                ));
            }
            read => read?,
        };
        let form = Self::parse(&bytes);
        if form.repeated.is_empty() {
            Ok(form)
        } else {
            Err(Refusal::invalid_request("Send each parameter once."))
        }
    }

    /// Reads parameters, those that come twice too.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(bytes) {
            if value.is_empty() {
                continue;
            }
            if name == "resource" {
                form.resources.push(value.into_owned());
                continue;
            }
            if form.values.contains_key(&*name) {
                form.repeated.push(name.into_owned());
            } else {
                form.values.insert(name.into_owned(), value.into_owned());
            }
        }
        form
    }

    /// The parameters that came twice.
    #[must_use]
    pub fn repeated(&self) -> &[String] {
        &self.repeated
    }

    /// A parameter's value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// A parameter that the request cannot do without.
    pub fn require(&self, name: &str, missing: &'static str) -> Result<&str, Refusal> {
        self.get(name)
            .ok_or_else(|| Refusal::invalid_request(missing))
    }

    /// Every `resource`.
    #[must_use]
    pub fn resources(&self) -> &[String] {
        &self.resources
    }
}
