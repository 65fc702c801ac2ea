//! Owns driving a server with wrk, and the table that comes of it.

use std::fs;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::process::Running;
use crate::{apt, http, paths, process};

pub const CONNECTIONS: u32 = 64;
/// The server has one core to itself, and the load another.
pub const SERVER_CORE: &str = "0";
const LOAD_CORE: &str = "1";

/// Whether an answer that was worked out before may serve again.
#[derive(Clone, Copy, Debug)]
pub enum Fresh {
    No,
    /// Every request asks for a list that was not asked for before.
    Lists,
    /// Every request looks for a text that was not looked for before.
    Searches,
}

/// One line of the table: what is asked, and how.
#[derive(Clone, Copy, Debug)]
pub struct Load<'a> {
    pub name: &'a str,
    /// Taken in turn.
    pub paths: &'a [&'a str],
    pub token: Option<&'a str>,
    pub fresh: Fresh,
    pub seconds: u32,
}

/// What wrk measured; see benches/read.lua.
#[derive(Debug, Deserialize)]
struct Measured {
    requests: f64,
    micros: f64,
    p50: f64,
    p99: f64,
    refused: u64,
    broken: u64,
}

pub fn ensure_wrk() -> Result<()> {
    if process::on_path("wrk") {
        return Ok(());
    }
    apt::install(&["wrk"])
}

pub fn print_head() {
    println!(
        "{:<38}{:>12}{:>10}{:>10}{:>10}{:>10}{:>12}",
        "", "requests/s", "p50 ms", "p99 ms", "own MB", "RSS MB", "of healthz"
    );
}

/// Drives the server, prints a line, and gives the requests per second. What is
/// asked again and again is asked once before, so that the line does not measure
/// the first answers: lines of fresh questions do.
pub fn drive(load: Load<'_>, server: &Running, port: u16, healthz: Option<f64>) -> Result<f64> {
    if let Fresh::No = load.fresh {
        for path in load.paths {
            http::get_with(port, path, load.token)?;
        }
    }
    let mut wrk = process::command("taskset");
    wrk.args(["-c", LOAD_CORE, "wrk", "--threads", "1"])
        .args(["--connections", &CONNECTIONS.to_string()])
        .args(["--duration", &load.seconds.to_string(), "--timeout", "30"])
        .arg("--script")
        .arg(paths::root().join("benches/read.lua"))
        .arg(format!("http://127.0.0.1:{port}"))
        .env("BENCH_PATHS", load.paths.join(" "));
    if let Some(token) = load.token {
        wrk.env("BENCH_TOKEN", token);
    }
    match load.fresh {
        Fresh::No => {}
        Fresh::Lists => {
            wrk.env("BENCH_FRESH", "lists");
        }
        Fresh::Searches => {
            wrk.env("BENCH_FRESH", "searches");
        }
    }
    let (status, text) = process::output(&mut wrk)?;
    let line = text.lines().last().unwrap_or_default();
    let measured: Measured = serde_json::from_str(line)
        .with_context(|| format!("wrk measured nothing ({status}):\n{text}"))?;
    if measured.refused + measured.broken > 0 {
        bail!(
            "{}: {} answers were no success and {} connections broke: these are no figures",
            load.name,
            measured.refused,
            measured.broken
        );
    }
    let rate = measured.requests / measured.micros * 1e6;
    let share = healthz.map_or_else(String::new, |healthz| format!("{:.3}", rate / healthz));
    let [own, resident] = memory_megabytes(server)?;
    println!(
        "{:<38}{:>12.0}{:>10.2}{:>10.2}{own:>10.0}{resident:>10.0}{:>12}",
        load.name,
        rate,
        measured.p50 / 1e3,
        measured.p99 / 1e3,
        share
    );
    Ok(rate)
}

/// What the server's process holds in memory now, in 10^6 bytes: what is its own,
/// and all of it, with the pages of files that the system can take back.
fn memory_megabytes(server: &Running) -> Result<[f64; 2]> {
    let file = format!("/proc/{}/status", server.id());
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {file}"))?;
    let megabytes = |name: &str| -> Option<f64> {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        let kibibytes: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kibibytes * 1024.0 / 1e6)
    };
    megabytes("RssAnon:")
        .zip(megabytes("VmRSS:"))
        .map(<[f64; 2]>::from)
        .with_context(|| format!("{file} does not say how much memory is used"))
}
