//! Problem details (RFC 9457).

use serde::{Deserialize, Serialize};

/// What went wrong, as every endpoint but those of `/oauth` for clients says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A URI reference, `/problems/{code}`.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    pub code: ProblemCode,
    /// What the reader can do about it.
    pub detail: String,
    pub request_id: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// One field or parameter that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// A JSON pointer into the body (RFC 6901), or a parameter's name.
    pub at: String,
    pub detail: String,
}

/// Stable codes that programs may branch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    TokenMissing,
    TokenMalformed,
    TokenInvalid,
    TokenExpired,
    SessionRevoked,
    TokenRevoked,
    InvalidDpopProof,
    TenantSuspended,
    InsufficientScope,
    InvalidParameter,
    InvalidBody,
    NotFound,
    Conflict,
    PreconditionFailed,
    IdempotencyKeyReused,
    IdempotencyKeyInUse,
    MethodNotAllowed,
    NotAcceptable,
    UnsupportedMediaType,
    PayloadTooLarge,
    UriTooLong,
    HeadersTooLarge,
    Timeout,
    TooManyRequests,
    TooManyStreams,
    TooManyExports,
    TooManyReports,
    Unavailable,
    Internal,
}
