//! `oriel sandbox`: a server with a tenant to try things on, from nothing.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use oriel_store::{Context, OPERATOR, Store};

use super::Globals;
use crate::{
    clock::{Clock, Entropy, SystemClock},
    config::Config,
    sandbox::{self, Contents, Settings},
    serve,
};

/// How many tasks the demo data has.
const TASKS: usize = 520;

/// Serve a sandbox tenant with demo data.
///
/// The first start makes everything in --data-dir: the configuration with a
/// fresh master key, the database, the tenant with its data, and sandbox.json
/// with what a portal needs. Later starts find it again.
#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// The sandbox's folder; made if it is not there.
    #[arg(long, value_name = "DIR")]
    data_dir: PathBuf,
    /// Where to listen; 127.0.0.1:8080 at first, then as before.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// The origin of a page that may show the embed; may come more than once.
    /// <http://localhost:8081> at first, then as before.
    #[arg(long = "portal-origin", value_name = "ORIGIN")]
    portal_origins: Vec<String>,
    /// Use this database instead of one in the folder.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// How many tasks to generate at the first start.
    #[arg(long, value_name = "N", default_value_t = TASKS, conflicts_with = "empty")]
    tasks: usize,
    /// Start without any task, for an import.
    #[arg(long)]
    empty: bool,
    /// Make everything and stop before serving.
    #[arg(long)]
    prepare_only: bool,
}

/// Runs the command.
pub async fn run(globals: &Globals, args: SandboxArgs) -> anyhow::Result<()> {
    if globals.config.is_some() {
        anyhow::bail!(
            "a sandbox keeps its configuration in --data-dir: leave out --config (and ORIEL_CONFIG)"
        );
    }
    let mut rng = Entropy::from_system().fork();
    let settings = Settings {
        listen: args.listen,
        database_url: args.database_url,
    };
    let file = sandbox::configure(&args.data_dir, &settings, &mut rng)?;
    let config = Config::load(Some(&file))?;
    let store = Store::connect(config.database_url.reveal()).await?;
    store.migrate().await?;
    let contents = Contents {
        tasks: if args.empty { 0 } else { args.tasks },
    };
    let cx = &mut Context {
        now: SystemClock.now(),
        rng: &mut rng,
        actor: OPERATOR,
    };
    let access = sandbox::prepare(
        &args.data_dir,
        &config,
        &store,
        cx,
        contents,
        &args.portal_origins,
    )
    .await?;
    eprintln!(
        "Sandbox tenant {} with embed {} at {}",
        access.tenant, access.embed, access.embed_url
    );
    eprintln!(
        "Configuration and credentials are in {}",
        args.data_dir.display()
    );
    if args.prepare_only {
        return Ok(());
    }
    serve::run(config, false).await
}
