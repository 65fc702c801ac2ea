//! Bodies: read within a limit of bytes and of time, and of the right type.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use oriel_contract::{FieldError, ProblemCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::schema::{self, Schema};
use crate::{app::App, config::Limits, problem::Failure};

/// Reads a body whole.
pub async fn read(body: Body, limits: &Limits) -> Result<Bytes, Failure> {
    read_short(body, limits.body_bytes, limits).await
}

/// Reads a body of `most` bytes at most, where that is less than any may have.
pub async fn read_short(body: Body, most: usize, limits: &Limits) -> Result<Bytes, Failure> {
    let most = most.min(limits.body_bytes);
    let all = Limited::new(body, most).collect();
    let read = tokio::time::timeout(Duration::from_millis(limits.body_timeout_ms), all)
        .await
        .map_err(|_| Failure::new(ProblemCode::Timeout))?;
    match read {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(Failure::new(ProblemCode::PayloadTooLarge)
                .detail(format!("Send at most {most} bytes.")))
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

const NO_JSON: &str = "Send a body that is JSON, nested no deeper than 100 levels.";

/// Media types of bodies.
pub const JSON: &str = "application/json";
const MERGE_PATCH: &str = "application/merge-patch+json";

/// A JSON body as the contract has it.
pub struct StrictJson<T>(pub T);

/// A JSON Merge Patch (RFC 7396) as the contract has it.
pub struct MergePatch<T>(pub T);

impl<T: Schema + DeserializeOwned> FromRequest<App> for StrictJson<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let (body, _) = read_json(request, app, JSON).await?;
        Ok(Self(body))
    }
}

impl<T: Schema + DeserializeOwned> FromRequest<App> for MergePatch<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let (body, _) = read_json(request, app, MERGE_PATCH).await?;
        Ok(Self(body))
    }
}

/// Reads a body of that media type, and gives its bytes as well.
pub async fn read_json<T: Schema + DeserializeOwned>(
    request: Request,
    app: &App,
    media_type: &str,
) -> Result<(T, Bytes), Failure> {
    if !is_of_type(request.headers(), media_type) {
        return Err(Failure::new(ProblemCode::UnsupportedMediaType)
            .detail(format!("Send `Content-Type: {media_type}`.")));
    }
    let limits = Limits {
        body_bytes: T::LONGEST.unwrap_or(app.config.limits.body_bytes),
        ..app.config.limits.clone()
    };
    let bytes = read(request.into_body(), &limits).await?;
    let value = serde_json::from_slice(&bytes)
        .map_err(|_| Failure::new(ProblemCode::InvalidBody).detail(NO_JSON))?;
    let body = typed(&value, || serde_json::from_slice(&bytes)).map_err(Failure::fields)?;
    Ok((body, bytes))
}

/// A value as its type, or what is wrong with it.
pub fn typed<T: Schema>(
    value: &Value,
    read: impl FnOnce() -> serde_json::Result<T>,
) -> Result<T, Vec<FieldError>> {
    let faults = schema::faults(T::NAME, value);
    if !faults.is_empty() {
        return Err(faults);
    }
    // What no schema tells: a member that comes twice, a day that no month has.
    read().map_err(|error| {
        vec![FieldError {
            at: String::new(),
            detail: error.to_string(),
        }]
    })
}
