//! Bodies: read within a limit of bytes and of time, and of the right type.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use oriel_contract::{FieldError, ProblemCode};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::nul;
use crate::{app::App, config::Limits, problem::Failure};

/// Reads a body whole.
pub async fn read(body: Body, limits: &Limits) -> Result<Bytes, Failure> {
    let all = Limited::new(body, limits.body_bytes).collect();
    let read = tokio::time::timeout(Duration::from_millis(limits.body_timeout_ms), all)
        .await
        .map_err(|_| Failure::new(ProblemCode::Timeout))?;
    match read {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(Failure::new(ProblemCode::PayloadTooLarge)
                .detail(format!("Send at most {} bytes.", limits.body_bytes)))
        }
        Err(_) => Err(Failure::new(ProblemCode::InvalidBody)
            .detail("Send the body whole and framed as its headers say.")),
    }
}

/// Whether the request says that its body is of that type, in UTF-8 or without a
/// charset.
#[must_use]
pub fn is_of_type(headers: &HeaderMap, wanted: &str) -> bool {
    let Some(value) = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    essence.eq_ignore_ascii_case(wanted)
        && parts.all(|parameter| {
            let parameter = parameter.to_ascii_lowercase();
            parameter.is_empty() || parameter == "charset=utf-8" || parameter == "charset=\"utf-8\""
        })
}

/// A JSON body of exactly the shape of `T`.
pub struct StrictJson<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for StrictJson<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        if !is_of_type(request.headers(), "application/json") {
            return Err(Failure::new(ProblemCode::UnsupportedMediaType));
        }
        let bytes = read(request.into_body(), &app.config.limits).await?;
        let nul = nul::faults(&bytes);
        if !nul.is_empty() {
            return Err(Failure::fields(nul));
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            // `serde_json` calls a null for an enum an error of syntax.
            if serde_json::from_slice::<IgnoredAny>(&bytes).is_ok() {
                Failure::fields(vec![FieldError {
                    at: String::new(),
                    detail: error.to_string(),
                }])
            } else {
                Failure::new(ProblemCode::InvalidBody).detail("Send a body that is JSON.")
            }
        })
    }
}
