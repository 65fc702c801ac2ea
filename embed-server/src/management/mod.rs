//! The management API: what a tenant's backend calls, with access tokens only.

pub mod answer;
pub mod audit_entries;
pub mod authorizations;
pub mod bulk;
pub mod embed_tokens;
pub mod embeds;
pub mod front;
mod listing;
pub mod projects;
pub mod revocations;
pub mod tasks;
pub mod tenant_keys;
pub mod users;

use oriel_contract::{EmbedId, ProblemCode, TenantId};
use oriel_store::Embed;

use crate::{app::App, problem::Failure};

/// The embed of that id, if it is the tenant's own.
async fn own_embed(app: &App, tenant: &TenantId, id: &EmbedId) -> Result<Embed, Failure> {
    let embed = app.store.find_embed(id).await?;
    embed
        .filter(|embed| embed.tenant == *tenant)
        .ok_or_else(|| {
            Failure::new(ProblemCode::NotFound).detail("Check `embed`; it is not one of yours.")
        })
}
