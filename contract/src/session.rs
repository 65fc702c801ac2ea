//! Embed sessions and the minting of their tokens.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Deserializer, Serialize};

use crate::number::present_whole;
use crate::{DateField, EmbedId, ProjectId, RangePreset, SessionId, TaskStatus, UserId};

/// Body of `POST /v1/embed-tokens`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MintRequest {
    pub embed: EmbedId,
    /// Who looks, in the tenant's own words; 1 to 128 characters. Becomes `sub`.
    pub viewer: String,
    /// The embed session to go on with; a new one starts without it.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub session: Option<SessionId>,
    /// Space-separated; all that an embed token may have without it.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub scope: Option<String>,
    /// The only projects that the token may see, 1 to 50; all without it.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub projects: Option<Vec<ProjectId>>,
    #[serde(default, skip_serializing_if = "LockedFilters::is_empty")]
    pub locked: LockedFilters,
    /// The thumbprint (RFC 7638, SHA-256) of the key that the token is bound to; without
    /// it, whoever has the token may use it. The loader gives it to the host's backend.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub dpop_jkt: Option<String>,
    /// Seconds, 30 to 600; 300 without it.
    #[serde(
        default,
        deserialize_with = "present_whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub expires_in: Option<u32>,
}

/// Filters that a viewer cannot lift.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedFilters {
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub status: Option<Vec<TaskStatus>>,
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub assignee: Option<UserId>,
    /// Which date of a task `from` and `to` are about; `due_on` without it.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub date: Option<DateField>,
    /// The first day.
    #[serde(
        default,
        deserialize_with = "present_date",
        skip_serializing_if = "Option::is_none"
    )]
    pub from: Option<Date>,
    /// The last day.
    #[serde(
        default,
        deserialize_with = "present_date",
        skip_serializing_if = "Option::is_none"
    )]
    pub to: Option<Date>,
}

/// Reads a value that may be left out and may not be `null`: where absence means
/// "no limit", a null must not slip through as one.
pub fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// [`present`] for an RFC 3339 full date.
fn present_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    crate::time::date(deserializer).map(Some)
}

impl LockedFilters {
    /// Whether nothing is locked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Answer of `POST /v1/embed-tokens`.
#[derive(Clone, Serialize, Deserialize)]
pub struct MintedToken {
    pub token: String,
    /// `DPoP` where it is bound to a key, else `Bearer`.
    pub token_type: String,
    /// Seconds from receipt.
    pub expires_in: u32,
    pub expires_at: Timestamp,
    pub session: SessionId,
}

/// Answer of `GET /v1/embed/session`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    pub session: SessionId,
    pub viewer: String,
    pub tenant_name: String,
    pub embed: EmbedSettings,
    /// Space-separated.
    pub scope: String,
    pub as_of: Date,
    /// Whether `as_of` is pinned by the embed.
    pub pinned: bool,
    pub expires_at: Timestamp,
    /// `None` for all of the tenant's.
    pub projects: Option<Vec<ProjectId>>,
    pub locked: LockedFilters,
}

/// What the embed itself says about the dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbedSettings {
    pub id: EmbedId,
    pub title: String,
    pub default_range: RangePreset,
}
