//! The audit log, as its tenant reads it.

use jiff::Timestamp;
use serde::Serialize;

/// An entry of a tenant's audit log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditEntry<D> {
    /// Its place, from 1 without gaps.
    pub seq: u64,
    pub at: Timestamp,
    /// What happened, as `noun.verb`.
    pub kind: String,
    /// Who did it: the id of a client or a session, `operator`, or nothing.
    pub actor: String,
    pub subject: String,
    /// `ok`, or the code of why not.
    pub outcome: String,
    /// An object.
    pub detail: D,
    /// SHA-256, hexadecimal, over the entry and the hash of the one before.
    pub hash: String,
}
