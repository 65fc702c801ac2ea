//! `oriel key`

use clap::Subcommand;
use oriel_contract::TenantId;

use super::{Globals, Operator};
use crate::provision;

#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a new signing key for a tenant and retire the old ones. Prints its id.
    Rotate {
        /// Whose key it is.
        #[arg(long)]
        tenant: TenantId,
        /// How long the old keys go on verifying. Left out, until the last token
        /// that they signed has expired; 0 drops those tokens within seconds.
        #[arg(long, value_name = "SECONDS")]
        overlap: Option<u32>,
    },
}

/// Runs the command.
pub async fn run(globals: &Globals, command: KeyCommand) -> anyhow::Result<()> {
    let KeyCommand::Rotate { tenant, overlap } = command;
    let mut operator = Operator::open(globals).await?;
    let (store, master) = (
        operator.store.clone(),
        operator.config.require_master_key()?.clone(),
    );
    let cx = &mut operator.context();
    let id = provision::rotate_key(&store, cx, &master, &tenant, overlap).await?;
    println!("{id}");
    eprintln!("Running servers notice the new key by themselves.");
    Ok(())
}
