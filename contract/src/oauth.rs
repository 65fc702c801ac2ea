//! OAuth 2.0 messages.

use serde::{Deserialize, Serialize};

use crate::present;

/// Answer of `POST /oauth/token` (RFC 6749 §5.1).
#[derive(Clone, Serialize, Deserialize)]
pub struct AccessTokenResponse {
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds.
    pub expires_in: u32,
    /// Space-separated.
    pub scope: String,
}

/// Error of `POST /oauth/token` (RFC 6749 §5.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OAuthError {
    pub error: OAuthErrorCode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
}

/// Codes of RFC 6749 §5.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OAuthErrorCode {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    UnauthorizedClient,
    UnsupportedGrantType,
    InvalidScope,
}

/// Authorization server metadata (RFC 8414 §2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationServerMetadata {
    pub issuer: String,
    pub token_endpoint: String,
    pub jwks_uri: String,
    pub grant_types_supported: Vec<String>,
    pub response_types_supported: Vec<String>,
    pub scopes_supported: Vec<String>,
    pub token_endpoint_auth_methods_supported: Vec<String>,
}

/// A public key and nothing else: the members that its thumbprint is made of (RFC 7638
/// §3.2). Any other member is refused, first of all a private one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicJwk {
    /// `OKP` (RFC 8037) or `EC` (RFC 7518 §6.2).
    pub kty: String,
    /// `Ed25519` or `P-256`.
    pub crv: String,
    /// Base64url without padding, as is `y`.
    pub x: String,
    /// Of `EC` keys only.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub y: Option<String>,
}

/// A set of public keys (RFC 7517 §5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Jwks {
    pub keys: Vec<Jwk>,
}

/// A public key that tokens are signed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Jwk {
    #[serde(flatten)]
    pub public: PublicJwk,
    pub kid: String,
    pub alg: String,
    #[serde(rename = "use")]
    pub usage: String,
}
