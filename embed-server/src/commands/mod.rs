//! The command line: what an operator types. A file per command.
//!
//! What a script wants (an id, credentials) goes to standard output alone;
//! everything that is said to a person goes to standard error.

mod app;
mod audit;
mod client;
mod embed;
mod import;
mod key;
mod revoke;
mod sandbox;
mod serve;
mod tenant;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use oriel_store::{Context, OPERATOR, Store};
use rand_chacha::ChaCha20Rng;

use crate::{
    clock::{Clock, Entropy, SystemClock},
    config::Config,
};

/// Live project and task dashboards inside other people's portals.
#[derive(Debug, Parser)]
#[command(name = "oriel", version, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
pub struct Globals {
    /// Configuration file (TOML); `ORIEL_…` variables go over it.
    #[arg(long, global = true, env = "ORIEL_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve embeds.
    Serve(serve::ServeArgs),
    /// Serve a sandbox tenant with demo data.
    Sandbox(sandbox::SandboxArgs),
    /// Manage tenants.
    #[command(subcommand)]
    Tenant(tenant::TenantCommand),
    /// Manage the OAuth clients of tenants.
    #[command(subcommand)]
    Client(client::ClientCommand),
    /// Manage apps that act for users of tenants.
    #[command(subcommand)]
    App(app::AppCommand),
    /// Manage embeds.
    #[command(subcommand)]
    Embed(embed::EmbedCommand),
    /// Manage signing keys.
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Take embed tokens back before they expire.
    Revoke(revoke::RevokeArgs),
    /// Read the audit log, and see that nobody changed it.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Import tasks from CSV files.
    Import(import::ImportArgs),
}

/// Runs the program.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    match runtime.block_on(dispatch(cli)) {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

async fn dispatch(cli: Cli) -> anyhow::Result<ExitCode> {
    let globals = &cli.globals;
    match cli.command {
        Command::Serve(args) => serve::run(globals, args).await,
        Command::Sandbox(args) => sandbox::run(globals, args).await,
        Command::Tenant(command) => tenant::run(globals, command).await,
        Command::Client(command) => client::run(globals, command).await,
        Command::App(command) => app::run(globals, command).await,
        Command::Embed(command) => embed::run(globals, command).await,
        Command::Key(command) => key::run(globals, command).await,
        Command::Revoke(args) => revoke::run(globals, args).await,
        Command::Audit(command) => audit::run(globals, command).await,
        Command::Import(args) => return import::run(globals, args).await,
    }?;
    Ok(ExitCode::SUCCESS)
}

fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {error:#}");
    ExitCode::FAILURE
}

/// What a command that works on the database needs.
pub struct Operator {
    pub config: Config,
    pub store: Store,
    rng: ChaCha20Rng,
}

impl Operator {
    /// Reads the configuration and opens the database, with its tables up to date.
    pub async fn open(globals: &Globals) -> anyhow::Result<Self> {
        let config = Config::load(globals.config.as_deref())?;
        let store = Store::connect(config.database_url.reveal()).await?;
        store.migrate().await?;
        Ok(Self {
            config,
            store,
            rng: Entropy::from_system().fork(),
        })
    }

    /// The time and randomness of a write that happens now.
    pub fn context(&mut self) -> Context<'_> {
        Context {
            now: SystemClock.now(),
            rng: &mut self.rng,
            actor: OPERATOR,
        }
    }
}
