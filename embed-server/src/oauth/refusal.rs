//! How the endpoints for clients refuse: RFC 6749 §5.2, to the letter.

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use oriel_contract::{OAuthError, OAuthErrorCode};
use oriel_store::StoreError;

use crate::problem::Failure;

/// Why a client was not given what it asked for.
pub enum Refusal {
    /// One of RFC 6749 §5.2, with what to do about it.
    OAuth(OAuthErrorCode, &'static str),
    /// What every endpoint may fail with.
    Failure(Failure),
}

impl Refusal {
    /// A request that is not formed as it should be.
    #[must_use]
    pub fn invalid_request(description: &'static str) -> Self {
        Self::OAuth(OAuthErrorCode::InvalidRequest, description)
    }

    /// The same for an unknown client, a wrong secret, an assertion that does not hold and
    /// no credentials at all.
    #[must_use]
    pub fn invalid_client() -> Self {
        Self::OAuth(
            OAuthErrorCode::InvalidClient,
            "Check the client id and secret.",
        )
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Failure(error.into())
    }
}

/// Says of an answer which refusal it is, for the audit log.
#[derive(Debug, Clone, Copy)]
pub struct Refused(OAuthErrorCode);

impl Refused {
    /// The code, as RFC 6749 spells it.
    #[must_use]
    pub fn code(self) -> String {
        match serde_json::to_value(self.0) {
            Ok(serde_json::Value::String(code)) => code,
            _ => "invalid_request".to_owned(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (error, description) = match self {
            Self::Failure(failure) => return failure.into_response(),
            Self::OAuth(error, description) => (error, description),
        };
        let status = match error {
            OAuthErrorCode::InvalidClient => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        };
        let body = Json(OAuthError {
            error,
            error_description: Some(description.to_owned()),
        });
        let mut response = (status, no_store(), body).into_response();
        response.extensions_mut().insert(Refused(error));
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static(r#"Basic realm="oriel", charset="UTF-8""#);
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// What every answer to a client says of itself (RFC 6749 §5.1).
#[must_use]
pub fn no_store() -> [(HeaderName, HeaderValue); 2] {
    [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::PRAGMA, HeaderValue::from_static("no-cache")),
    ]
}
