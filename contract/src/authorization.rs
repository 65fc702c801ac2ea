//! What apps ask users for, as the tenant's backend sees it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{AuthorizationId, ClientId, UserId, present};

/// Answer of `GET /v1/authorizations/{authorization}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    pub id: AuthorizationId,
    pub app: AppRef,
    /// What it asks for, separated by spaces.
    pub scope: String,
    /// Where the user is sent back to.
    pub redirect_uri: String,
    pub created_at: Timestamp,
    /// From when on nobody can answer it any longer.
    pub expires_at: Timestamp,
}

/// An app, as its users know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppRef {
    pub id: ClientId,
    pub name: String,
}

/// Body of `POST /v1/authorizations/{authorization}/approval`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRequest {
    /// Whom the app may act for; whom the tenant has just authenticated.
    pub user: UserId,
    /// What the user lets it do: all that it asks for, or less.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub scope: Option<String>,
}

/// What the tenant's backend does next.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationDecided {
    /// Where to send the user's browser; it holds the code, and is for that browser alone.
    pub redirect_to: String,
}
