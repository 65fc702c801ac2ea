//! `cargo xtask bench widget`: how soon a viewer sees everything, next to pages that
//! a team might have built itself.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::{peer_with_packages, prepare};
use crate::commands::build::{self, WasmArgs};
use crate::sandbox::{self, Facts, Server};
use crate::{chromium, paths, process, progress};

/// How many tasks there are to show.
const TASKS: [u32; 2] = [500, 10_000];
/// The peers, each with a package that it cannot be built without.
const PEERS: [(&str, &str); 2] = [("peer-react", "vite"), ("peer-preact", "esbuild")];

/// Times a cold first view in Chromium, with 500 and with 10,000 tasks, unthrottled
/// and on a slow line with a slow processor.
///
/// Prints the medians of that, of sorting, of filtering and of the memory, next to a
/// React and a Preact page on the same data in the same run, and the ratios.
#[derive(Debug, clap::Args)]
pub struct WidgetArgs {
    /// How often each page is visited for each figure.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=100))]
    runs: u32,
    #[command(flatten)]
    wasm: WasmArgs,
}

pub fn run(args: &WidgetArgs) -> Result<ExitCode> {
    let chromium = chromium::ensure()?;
    build::wasm_and_bundle(args.wasm)?;
    let oriel = build::programs(true)?.oriel;
    for (peer, package) in PEERS {
        build_peer(peer, package)?;
    }
    for tasks in TASKS {
        measure(&oriel, &chromium, tasks, args.runs)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Leaves the files of a peer in `dist`, or none where it cannot be built: such a
/// peer is not measured, and the table says so.
fn build_peer(peer: &str, package: &str) -> Result<()> {
    let files = paths::root().join("dist").join(peer);
    if files.exists() {
        fs::remove_dir_all(&files).with_context(|| format!("cannot empty {}", files.display()))?;
    }
    let Some(home) = peer_with_packages(peer, package)? else {
        return Ok(());
    };
    progress::step(format_args!("building {peer}"));
    process::run(
        process::command("npm")
            .args(["run", "build"])
            .current_dir(home),
    )
}

/// Serves that many tasks and has Node visit them. Browsers reach the server through
/// a small one in front of it, which serves the peers' files on the same origin.
fn measure(oriel: &Path, chromium: &Path, tasks: u32, runs: u32) -> Result<()> {
    let (server_port, front, host) = (
        sandbox::free_port()?,
        sandbox::free_port()?,
        sandbox::free_port()?,
    );
    let portal_origin = format!("http://localhost:{host}");
    let dir = prepare(oriel, tasks, &["--portal-origin", &portal_origin])?;
    let facts = Facts::read(&dir)?;

    let mut serve = process::server(oriel);
    serve
        .arg("--config")
        .arg(dir.join("oriel.toml"))
        .arg("serve")
        .env("ORIEL_LISTEN", format!("127.0.0.1:{server_port}"))
        .env("ORIEL_PUBLIC_URL", format!("http://127.0.0.1:{front}"))
        .env("ORIEL_LOG", "warn")
        // Each visit mints.
        .env("ORIEL_LIMITS__REQUESTS_PER_MINUTE", "100000");
    let log = dir.join("server.log");
    let _server = Server::start("the server", &mut serve, log, server_port, "/readyz")?;

    progress::step(format_args!("measuring with {tasks} tasks"));
    let mut node = process::command("node");
    node.arg("benches/widget/main.mjs")
        .arg("--chromium")
        .arg(chromium)
        .args(["--embed", &facts.embed])
        .args(["--front", &front.to_string()])
        .args(["--host", &host.to_string()])
        .args(["--upstream", &server_port.to_string()])
        .args(["--tasks", &tasks.to_string()])
        .args(["--runs", &runs.to_string()])
        .env("BENCH_CLIENT_ID", &facts.client_id)
        .env("BENCH_CLIENT_SECRET", &facts.client_secret);
    let (status, table) = process::output(&mut node)?;
    print!("{table}");
    anyhow::ensure!(
        status.success(),
        "the measurement failed ({status}); the reason is above"
    );
    Ok(())
}
