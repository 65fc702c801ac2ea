//! What a client is told when something fails (RFC 9457).
//!
//! Handlers return a [`Failure`]. It travels as an extension of the response
//! and is written out once, at the edge, where the request id is known.

use std::{borrow::Cow, error::Error, sync::Arc};

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use oriel_contract::{FieldError, PROBLEM_JSON, Problem, ProblemCode};
use oriel_store::StoreError;

use crate::audit::Attribution;

/// A request that was not answered as asked.
#[derive(Debug, Clone)]
pub struct Failure {
    code: ProblemCode,
    status: StatusCode,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    challenge: Option<HeaderValue>,
    /// In seconds.
    retry_after: Option<u16>,
    attribution: Option<Box<Attribution>>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl Failure {
    /// A failure with the detail that its code usually has.
    #[must_use]
    pub fn new(code: ProblemCode) -> Self {
        let (status, _, detail) = describe(code);
        Self {
            code,
            status,
            detail: Cow::Borrowed(detail),
            errors: Vec::new(),
            challenge: challenge(code),
            retry_after: retry_after(code),
            attribution: None,
            cause: None,
        }
    }

    /// Refused parameters, each with what it should be.
    #[must_use]
    pub fn parameters(errors: Vec<FieldError>) -> Self {
        Self {
            errors,
            ..Self::new(ProblemCode::InvalidParameter)
        }
    }

    /// A body that is JSON and yet not what the contract asks for.
    #[must_use]
    pub fn fields(errors: Vec<FieldError>) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            errors,
            ..Self::new(ProblemCode::InvalidBody)
        }
    }

    /// One member of a body that is refused, by its JSON pointer.
    #[must_use]
    pub fn field(at: &str, detail: &str) -> Self {
        Self::fields(vec![FieldError {
            at: at.to_owned(),
            detail: detail.to_owned(),
        }])
    }

    /// Our fault. The cause goes to the log and nowhere else.
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            cause: Some(Arc::from(cause.into())),
            ..Self::new(ProblemCode::Internal)
        }
    }

    /// Replaces the detail.
    #[must_use]
    pub fn detail(self, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            detail: detail.into(),
            ..self
        }
    }

    /// Says when the same request may well be answered, in seconds.
    #[must_use]
    pub fn after(self, seconds: u16) -> Self {
        Self {
            retry_after: Some(seconds),
            ..self
        }
    }

    /// A good token that lacks a scope; the challenge names it (RFC 6750 §3.1).
    #[must_use]
    pub fn insufficient_scope(scope: &'static str) -> Self {
        let challenge =
            format!(r#"Bearer realm="oriel", error="insufficient_scope", scope="{scope}""#);
        Self {
            challenge: HeaderValue::try_from(challenge).ok(),
            ..Self::new(ProblemCode::InsufficientScope)
                .detail(format!("Get a token with the scope `{scope}`."))
        }
    }

    /// A token that is bound to a key, without a proof of that key; the challenge names
    /// what a proof may be signed with (RFC 9449 §7.1).
    #[must_use]
    pub fn unproven(code: ProblemCode) -> Self {
        let error = match code {
            ProblemCode::InvalidDpopProof => "invalid_dpop_proof",
            _ => "invalid_token",
        };
        Self {
            challenge: proof_challenge(error),
            ..Self::new(code)
        }
    }

    /// A refused token that was sent as one that is bound to a key: who is told to send
    /// it as `Bearer` would take the binding for optional (RFC 9449 §7.1).
    #[must_use]
    pub fn of_bound_token(self) -> Self {
        Self {
            challenge: self
                .challenge
                .and_then(|_| proof_challenge("invalid_token")),
            ..self
        }
    }

    /// Says who was refused, where a signature tells: for the audit log alone.
    #[must_use]
    pub fn attributed(self, to: Option<Attribution>) -> Self {
        Self {
            attribution: to.map(Box::new),
            ..self
        }
    }

    /// Whom the audit log enters it for.
    #[must_use]
    pub fn attribution(&self) -> Option<&Attribution> {
        self.attribution.as_deref()
    }

    /// What programs branch on.
    #[must_use]
    pub fn code(&self) -> ProblemCode {
        self.code
    }

    /// The status that the client gets.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What the reader can do about it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.detail
    }

    /// What was refused.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// What the log should know and the client should not.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn Error + Send + Sync)> {
        self.cause.as_deref()
    }

    /// The response, for one request.
    #[must_use]
    pub fn render(self, request_id: &str) -> Response {
        let (_, title, _) = describe(self.code);
        let problem = Problem {
            kind: format!("/problems/{}", code_name(self.code)),
            title: title.to_owned(),
            status: self.status.as_u16(),
            code: self.code,
            detail: self.detail.into_owned(),
            request_id: request_id.to_owned(),
            errors: self.errors,
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (
            self.status,
            [
                (header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON)),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ],
            body,
        )
            .into_response();
        let headers = response.headers_mut();
        if let Some(challenge) = self.challenge {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self {
                cause: Some(Arc::new(error)),
                ..Self::new(ProblemCode::Unavailable)
            },
            StoreError::BadCursor => Self::parameters(vec![FieldError {
                at: "cursor".to_owned(),
                detail: "is not a `next_cursor` of this list with these filters and this sort; start again without it".to_owned(),
            }]),
            StoreError::Stale => Self::new(ProblemCode::PreconditionFailed),
            StoreError::NotFound { .. } => Self::new(ProblemCode::NotFound),
            StoreError::Unknown { at } => Self::field(at, "is none of the tenant's"),
            StoreError::Conflict {
                what: "external id",
            } => Self::new(ProblemCode::Conflict)
                .detail("Choose another `external_id`; something else is called so already."),
            StoreError::InUse { by } => Self::new(ProblemCode::Conflict)
                .detail(format!("Remove what refers to it first; it has {by}.")),
            error => Self::internal(error),
        }
    }
}

/// Seconds after which the same request may well be answered. A stream that its
/// client has left is noticed at its next heartbeat.
fn retry_after(code: ProblemCode) -> Option<u16> {
    match code {
        ProblemCode::Unavailable => Some(1),
        ProblemCode::TooManyStreams => Some(15),
        ProblemCode::TooManyExports => Some(5),
        _ => None,
    }
}

/// `WWW-Authenticate` of each code. No `error=` where no credentials came
/// (RFC 6750 §3.1).
fn challenge(code: ProblemCode) -> Option<HeaderValue> {
    match code {
        ProblemCode::TokenMissing => Some(HeaderValue::from_static(r#"Bearer realm="oriel""#)),
        ProblemCode::TokenMalformed
        | ProblemCode::TokenInvalid
        | ProblemCode::TokenExpired
        | ProblemCode::SessionRevoked
        | ProblemCode::TokenRevoked => Some(HeaderValue::from_static(
            r#"Bearer realm="oriel", error="invalid_token""#,
        )),
        _ => None,
    }
}

fn proof_challenge(error: &str) -> Option<HeaderValue> {
    let challenge = format!(r#"DPoP realm="oriel", error="{error}", algs="ES256 EdDSA""#);
    HeaderValue::try_from(challenge).ok()
}

/// A code as the contract spells it.
#[must_use]
pub fn code_name(code: ProblemCode) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(name)) => name,
        _ => "internal".to_owned(),
    }
}

/// Status, title and usual detail of each code.
#[allow(clippy::too_many_lines, reason = "a table")]
fn describe(code: ProblemCode) -> (StatusCode, &'static str, &'static str) {
    use ProblemCode as C;
    use StatusCode as S;
    match code {
        C::TokenMissing => (
            S::UNAUTHORIZED,
            "No token",
            "Send a token in the Authorization header, as `Bearer` and the token.",
        ),
        C::TokenMalformed => (
            S::UNAUTHORIZED,
            "Not a token",
            "Send the token exactly as it was issued, as `Bearer` and the token.",
        ),
        C::TokenInvalid => (
            S::UNAUTHORIZED,
            "Token refused",
            "Get a new token of the kind that this endpoint takes, from this server.",
        ),
        C::TokenExpired => (
            S::UNAUTHORIZED,
            "Token expired",
            "Get a new token and try again.",
        ),
        C::SessionRevoked => (
            S::UNAUTHORIZED,
            "Session revoked",
            "Begin a new session, if its viewer may still see the dashboard.",
        ),
        C::TokenRevoked => (
            S::UNAUTHORIZED,
            "Token revoked",
            "Get a new access token, if the user still lets you.",
        ),
        C::InvalidDpopProof => (
            S::UNAUTHORIZED,
            "Proof refused",
            "Send a fresh DPoP proof with every request, signed with the key that the token is bound to; take its time from the Date header.",
        ),
        C::TenantSuspended => (
            S::FORBIDDEN,
            "Tenant suspended",
            "Ask the operator of this server why the tenant is suspended.",
        ),
        C::InsufficientScope => (
            S::FORBIDDEN,
            "Scope missing",
            "Get a token with the scope that this endpoint needs.",
        ),
        C::InvalidParameter => (
            S::BAD_REQUEST,
            "Parameter refused",
            "Correct the parameters that `errors` names.",
        ),
        C::InvalidBody => (
            S::BAD_REQUEST,
            "Body refused",
            "Send a body as the contract describes it.",
        ),
        C::NotFound => (
            S::NOT_FOUND,
            "Not found",
            "Check the path and the id; what is not yours is not found either.",
        ),
        C::Conflict => (
            S::CONFLICT,
            "In the way of something else",
            "Look at what is there already, and change that or this.",
        ),
        C::PreconditionFailed => (
            S::PRECONDITION_FAILED,
            "Changed meanwhile",
            "Read it again, make your change on what is there now, and send that with its ETag.",
        ),
        C::IdempotencyKeyReused => (
            S::UNPROCESSABLE_ENTITY,
            "Idempotency key used for another request",
            "Take a new key for a new request, or send the same body as the first time.",
        ),
        C::IdempotencyKeyInUse => (
            S::CONFLICT,
            "Idempotency key in use",
            "Wait for the first request with this key, then send it again for the same answer.",
        ),
        C::MethodNotAllowed => (
            S::METHOD_NOT_ALLOWED,
            "Method not allowed",
            "Use a method that the Allow header names.",
        ),
        C::NotAcceptable => (
            S::NOT_ACCEPTABLE,
            "Not acceptable",
            "Accept one of the types that this endpoint has.",
        ),
        C::UnsupportedMediaType => (
            S::UNSUPPORTED_MEDIA_TYPE,
            "Media type not supported",
            "Send `Content-Type: application/json`.",
        ),
        C::PayloadTooLarge => (
            S::PAYLOAD_TOO_LARGE,
            "Body too large",
            "Send a smaller body.",
        ),
        C::UriTooLong => (
            S::URI_TOO_LONG,
            "Address too long",
            "Use fewer or shorter parameters.",
        ),
        C::HeadersTooLarge => (
            S::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "Headers too large",
            "Send fewer or shorter headers.",
        ),
        C::Timeout => (
            S::REQUEST_TIMEOUT,
            "Too slow",
            "Send the whole request without pausing, or try again.",
        ),
        C::TooManyRequests => (
            S::TOO_MANY_REQUESTS,
            "Too many requests",
            "Send the request again after the seconds that Retry-After gives; RateLimit tells how many are left before it comes to that.",
        ),
        C::TooManyStreams => (
            S::TOO_MANY_REQUESTS,
            "Too many streams",
            "End a stream that is not needed any longer, or try again after the seconds that Retry-After gives.",
        ),
        C::TooManyExports => (
            S::TOO_MANY_REQUESTS,
            "Too many exports",
            "Wait for an export that is under way, or try again after the seconds that Retry-After gives.",
        ),
        C::TooManyReports => (
            S::TOO_MANY_REQUESTS,
            "Too many reports",
            "Send no more reports of this embed before the seconds have passed that Retry-After gives.",
        ),
        C::Unavailable => (
            S::SERVICE_UNAVAILABLE,
            "Not available now",
            "Try again after the seconds that Retry-After gives.",
        ),
        C::Internal => (
            S::INTERNAL_SERVER_ERROR,
            "Something broke",
            "Try again; if it stays, report it with the request id.",
        ),
    }
}
