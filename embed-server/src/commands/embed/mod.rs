//! `oriel embed`

mod create;
mod list;
mod origins;
mod show;
mod update;

use clap::Subcommand;

use super::{Globals, Operator};

#[derive(Debug, Subcommand)]
pub enum EmbedCommand {
    /// Make an embed: a place where a dashboard may appear. Prints its id.
    Create(create::CreateArgs),
    /// List embeds, a line each: id, tenant, title and origins, with tabs between.
    List(list::ListArgs),
    /// Show an embed: the tags for its page, and what browsers have reported of it.
    Show(show::ShowArgs),
    /// Let pages of other origins show an embed from now on.
    Update(update::UpdateArgs),
}

/// Runs the command.
pub async fn run(globals: &Globals, command: EmbedCommand) -> anyhow::Result<()> {
    let operator = Operator::open(globals).await?;
    match command {
        EmbedCommand::Create(args) => create::run(operator, args).await,
        EmbedCommand::List(args) => list::run(operator, args).await,
        EmbedCommand::Show(args) => show::run(operator, args).await,
        EmbedCommand::Update(args) => update::run(operator, args).await,
    }
}
