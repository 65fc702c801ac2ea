//! `GET /v1/audit-entries`

use axum::{Json, extract::State, http::Uri};
use oriel_contract::{AuditEntry, Page};
use oriel_store::Chain;
use serde_json::Value;

use crate::{
    app::App,
    problem::Failure,
    request::parameters::Parameters,
    token::access::{ManagementAccess, ReadAudit},
};

/// Longest name of a kind, in characters.
const LONGEST_KIND: usize = 64;

/// A page of the tenant's audit log, the newest entries first.
pub async fn list_audit_entries(
    access: ManagementAccess<ReadAudit>,
    State(app): State<App>,
    uri: Uri,
) -> Result<Json<Page<AuditEntry<Value>>>, Failure> {
    let mut query = Parameters::of(&uri);
    let kind = query.read("kind", |text| match text.chars().count() {
        1..=LONGEST_KIND => Ok(text.to_owned()),
        _ => Err("takes the `kind` of an entry".to_owned()),
    });
    let before = query.read("cursor", place);
    let limit = query.limit();
    query.finish()?;
    let chain = Chain::Tenant(access.claims.tid.clone());
    let found = app
        .store
        .audit_entries(&chain, kind.as_deref(), before, limit + 1);
    let mut found = found.await?;
    let has_more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let last = found.last().filter(|_| has_more);
    let page = Page {
        next_cursor: last.map(|entry| entry.seq.to_string()),
        items: found.into_iter().map(wire).collect::<Result<Vec<_>, _>>()?,
    };
    Ok(Json(page))
}

/// A place in the log, of the digits that the contract allows. One that is larger than any
/// number of ours is behind all entries.
fn place(text: &str) -> Result<u64, String> {
    let is_written_so = (1..=20).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit());
    if is_written_so {
        Ok(text.parse().unwrap_or(u64::MAX))
    } else {
        Err("takes a `next_cursor`".to_owned())
    }
}

fn wire(entry: oriel_store::AuditEntry) -> Result<AuditEntry<Value>, Failure> {
    Ok(AuditEntry {
        seq: entry.seq,
        at: entry.at,
        kind: entry.kind,
        actor: entry.actor,
        subject: entry.subject,
        outcome: entry.outcome,
        detail: serde_json::from_str(&entry.detail).map_err(Failure::internal)?,
        hash: entry.hash,
    })
}
