//! `oriel serve`

use clap::Args;

use super::Globals;
use crate::{config::Config, serve};

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Leave the database's tables as they are.
    #[arg(long)]
    no_migrate: bool,
}

/// Runs the command.
pub async fn run(globals: &Globals, args: ServeArgs) -> anyhow::Result<()> {
    let config = Config::load(globals.config.as_deref())?;
    serve::run(config, !args.no_migrate).await
}
