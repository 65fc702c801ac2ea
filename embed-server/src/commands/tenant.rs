//! `oriel tenant`

use clap::Subcommand;

use super::{Globals, Operator};
use crate::provision;

#[derive(Debug, Subcommand)]
pub enum TenantCommand {
    /// Make a tenant and its first signing key. Prints the tenant's id.
    Create {
        /// The tenant's name, as its viewers may see it.
        name: String,
    },
}

/// Runs the command.
pub async fn run(globals: &Globals, command: TenantCommand) -> anyhow::Result<()> {
    let TenantCommand::Create { name } = command;
    let mut operator = Operator::open(globals).await?;
    let (store, master) = (
        operator.store.clone(),
        operator.config.require_master_key()?.clone(),
    );
    let tenant = provision::tenant(&store, &mut operator.context(), &master, &name).await?;
    println!("{}", tenant.id);
    eprintln!(
        "Made the tenant \"{name}\". Next: `oriel client create --tenant {}`.",
        tenant.id
    );
    Ok(())
}
