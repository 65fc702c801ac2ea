//! Taking embed tokens back before they expire.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{EmbedId, KeyId, SessionId, present};

/// Body of `POST /v1/revocations`. It names one of the first five.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevocationRequest {
    /// One embed session, for good.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub session: Option<SessionId>,
    /// All sessions of a viewer, as `viewer` was when their tokens were minted.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub viewer: Option<String>,
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub embed: Option<EmbedId>,
    /// What a signing key has signed.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub key: Option<KeyId>,
    /// All tokens of the tenant; only `true` names anything.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub all: Option<bool>,
    /// Tokens that were issued before this are refused; the present without it. Of a
    /// session all are, whenever they were issued.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub issued_before: Option<Timestamp>,
}

/// Answer of `POST /v1/revocations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevocationMade {
    pub issued_before: Timestamp,
}
