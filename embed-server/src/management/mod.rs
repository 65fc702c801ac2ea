//! The management API: what a tenant's backend calls, with access tokens only.

pub mod audit_entries;
pub mod embed_tokens;
pub mod revocations;
pub mod tenant_keys;
