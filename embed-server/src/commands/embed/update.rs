//! `oriel embed update`

use clap::Args;
use oriel_contract::EmbedId;

use super::{Operator, origins};
use crate::provision;

#[derive(Debug, Args)]
pub struct UpdateArgs {
    /// The embed.
    #[arg(long)]
    embed: EmbedId,
    /// The origin of a page that may show it; all that are named replace all that were.
    #[arg(
        long = "origin",
        value_name = "ORIGIN",
        required_unless_present = "no_origin"
    )]
    origins: Vec<String>,
    /// Let no page show it.
    #[arg(long, conflicts_with = "origins")]
    no_origin: bool,
    /// Take origins of Electron and Capacitor, such as `capacitor://localhost`.
    #[arg(long)]
    allow_custom_scheme: bool,
}

pub async fn run(mut operator: Operator, args: UpdateArgs) -> anyhow::Result<()> {
    let allowed = origins::read(&args.origins, args.allow_custom_scheme)?;
    let (store, public_url) = (operator.store.clone(), operator.config.public_url.clone());
    let cx = &mut operator.context();
    provision::change_origins(&store, cx, &public_url, &args.embed, allowed.clone()).await?;
    origins::explain(&args.origins, &allowed);
    eprintln!(
        "Frames go by this from their next load. To end those that are open: \
         `oriel revoke --tenant … --embed {}`.",
        args.embed
    );
    Ok(())
}
