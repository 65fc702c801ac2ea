//! Keys that tenants hold themselves.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{KeyId, PublicJwk, present};

/// Body of `POST /v1/tenant-keys`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantKeyRequest {
    pub jwk: PublicJwk,
    /// For people; 1 to 128 characters, `backend` without it.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub name: Option<String>,
}

/// A public key that a tenant has registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantKey {
    /// Also the `kid` of what it signs.
    pub id: KeyId,
    pub name: String,
    /// The only algorithm that it verifies: `EdDSA` or `ES256`.
    pub alg: String,
    pub jwk: PublicJwk,
    pub created_at: Timestamp,
    /// From when on it verifies nothing.
    pub retires_at: Option<Timestamp>,
}

/// Answer of `GET /v1/tenant-keys`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantKeyList {
    pub items: Vec<TenantKey>,
}
