//! `oriel client`

use clap::Subcommand;
use oriel_contract::TenantId;
use serde_json::json;

use super::{Globals, Operator};
use crate::provision;

#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Make an OAuth client for a tenant's backend. Prints its id and secret as
    /// JSON, once.
    Create {
        /// Whose client it is.
        #[arg(long)]
        tenant: TenantId,
        /// What the client is called, for people.
        #[arg(long, default_value = "backend")]
        name: String,
    },
}

/// Runs the command.
pub async fn run(globals: &Globals, command: ClientCommand) -> anyhow::Result<()> {
    let ClientCommand::Create { tenant, name } = command;
    let mut operator = Operator::open(globals).await?;
    let store = operator.store.clone();
    let cx = &mut operator.context();
    let (client, secret) = provision::client(&store, cx, &tenant, &name).await?;
    println!(
        "{}",
        json!({ "client_id": client.id, "client_secret": secret })
    );
    eprintln!("Keep the secret where your backend finds it; it is not shown again.");
    Ok(())
}
