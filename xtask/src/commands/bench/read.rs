//! `cargo xtask bench read`: what the product does under load, next to a yardstick.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{peer_with_packages, prepare};
use crate::commands::build::{self, WasmArgs};
use crate::http;
use crate::load::{self, Fresh, Load};
use crate::process;
use crate::sandbox::{self, Facts, Server};

/// Lists that viewers ask for: the default one, and filters with other orders.
const TASKS: [&str; 8] = [
    "/v1/embed/tasks?limit=50",
    "/v1/embed/tasks?limit=50&sort=due_on&status=todo",
    "/v1/embed/tasks?limit=50&sort=due_on&overdue=true",
    "/v1/embed/tasks?limit=50&sort=priority&status=in_progress,blocked",
    "/v1/embed/tasks?limit=50&sort=-completed_at&status=done",
    "/v1/embed/tasks?limit=50&sort=-created_at",
    "/v1/embed/tasks?limit=50&sort=title",
    "/v1/embed/tasks?limit=50&sort=-updated_at&assignee=none",
];
const DASHBOARD: [&str; 1] = ["/v1/embed/dashboard?range=12w"];
/// Long enough for every line of the table; the longest life that is minted.
const TOKEN_SECONDS: u32 = 600;
/// The most that a limit can be.
const UNLIMITED: &str = "4294967295";

/// Drives the read API with wrk, the server on one core and the load on another.
///
/// Prints requests per second, p50, p99 and the server's memory, next to
/// /healthz and to a Fastify server on the same data in the same run.
#[derive(Debug, clap::Args)]
pub struct ReadArgs {
    /// How many tasks to generate.
    #[arg(long, default_value_t = 100_000)]
    tasks: u32,
    /// How long each line is measured.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=60))]
    seconds: u32,
    #[command(flatten)]
    wasm: WasmArgs,
}

pub fn run(args: &ReadArgs) -> Result<ExitCode> {
    load::ensure_wrk()?;
    build::wasm_and_bundle(args.wasm)?;
    let oriel = build::programs(true)?.oriel;
    let dir = prepare(&oriel, args.tasks, &[])?;

    let port = sandbox::free_port()?;
    let mut command = on_one_core(&oriel);
    command.arg("sandbox").arg("--data-dir").arg(&dir);
    command
        .args(["--listen", &format!("127.0.0.1:{port}")])
        .env("ORIEL_LOG", "warn")
        // What is measured is far beyond what a session may do.
        .env("ORIEL_LIMITS__READS_PER_MINUTE_SESSION", UNLIMITED)
        .env("ORIEL_LIMITS__READS_PER_MINUTE_TENANT", UNLIMITED);
    let server = Server::start(
        "the server",
        &mut command,
        dir.join("server.log"),
        port,
        "/readyz",
    )?;
    let facts = Facts::read(&dir)?;
    let access = facts.access_token(port)?;
    let token = facts.embed_token(port, &access, TOKEN_SECONDS)?;

    println!(
        "{} tasks, {} connections, {} s each",
        args.tasks,
        load::CONNECTIONS,
        args.seconds
    );
    load::print_head();
    let line = |name, paths, token, fresh| Load {
        name,
        paths,
        token,
        fresh,
        seconds: args.seconds,
    };
    let lists = |name, fresh| line(name, &TASKS, Some(token.as_str()), fresh);
    let drive = |load, healthz| load::drive(load, &server.running, port, healthz);
    let healthz = drive(line("/healthz", &["/healthz"], None, Fresh::No), None)?;
    let tasks = drive(lists("tasks, 8 lists", Fresh::No), Some(healthz))?;
    let dashboard = line("dashboard", &DASHBOARD, Some(&token), Fresh::No);
    drive(dashboard, Some(healthz))?;
    let fresh = drive(lists("tasks, each list new", Fresh::Lists), Some(healthz))?;
    drive(
        lists("tasks, each search new", Fresh::Searches),
        Some(healthz),
    )?;
    let jwk = jwk(port)?;
    drop(server);

    let Some(peer) = peer(&dir, &jwk, port)? else {
        println!("Fastify: not measured, its packages cannot be installed");
        return Ok(ExitCode::SUCCESS);
    };
    let drive = |load| load::drive(load, &peer.running, port, None);
    let peer_tasks = drive(lists("Fastify: tasks, 8 lists", Fresh::No))?;
    let peer_fresh = drive(lists("Fastify: tasks, each list new", Fresh::Lists))?;
    drive(lists("Fastify: tasks, each search new", Fresh::Searches))?;
    println!(
        "Oriel to Fastify: 8 lists {:.1}, each list new {:.1}",
        tasks / peer_tasks,
        fresh / peer_fresh
    );
    Ok(ExitCode::SUCCESS)
}

fn on_one_core(program: &Path) -> Command {
    let mut command = process::server("taskset");
    command.args(["-c", load::SERVER_CORE]).arg(program);
    command
}

/// The key that the tokens of this server are checked with.
fn jwk(port: u16) -> Result<String> {
    let set: Value = serde_json::from_slice(&http::get(port, "/.well-known/jwks.json")?.body)
        .context("the JWKS is no JSON")?;
    Ok(set["keys"][0].to_string())
}

/// The Fastify server on the same data and port, since the port is the issuer
/// of the token; `None` where npm cannot install its packages.
fn peer(dir: &Path, jwk: &str, port: u16) -> Result<Option<Server>> {
    let Some(home) = peer_with_packages("peer-fastify", "fastify")? else {
        return Ok(None);
    };
    let mut node = on_one_core(Path::new("node"));
    node.arg(home.join("server.mjs"))
        .env("PEER_DATABASE", dir.join("oriel.db"))
        .env("PEER_JWK", jwk)
        .env("PEER_ISSUER", format!("http://127.0.0.1:{port}"))
        .env("PEER_PORT", port.to_string());
    Server::start("Fastify", &mut node, dir.join("peer.log"), port, "/healthz").map(Some)
}
