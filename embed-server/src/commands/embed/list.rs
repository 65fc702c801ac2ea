//! `oriel embed list`

use clap::Args;
use oriel_contract::TenantId;

use super::Operator;

#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only those of this tenant.
    #[arg(long)]
    tenant: Option<TenantId>,
}

pub async fn run(operator: Operator, args: ListArgs) -> anyhow::Result<()> {
    let embeds = operator.store.list_embeds().await?;
    let wanted = |tenant: &TenantId| args.tenant.as_ref().is_none_or(|only| only == tenant);
    for embed in embeds.iter().filter(|embed| wanted(&embed.tenant)) {
        let origins = embed.allowed_origins.join(" ");
        // A title is anybody's text: a tab in it would make another column.
        let title = embed.title.escape_debug();
        println!("{}\t{}\t{title}\t{origins}", embed.id, embed.tenant);
    }
    Ok(())
}
