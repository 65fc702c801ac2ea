//! `cargo xtask bench write`: how fast the management API writes.

use std::process::ExitCode;

use anyhow::Result;

use crate::{paths, process};

/// Creates tasks over HTTP, one by one and in bulk, each durable when it is answered.
///
/// Prints tasks per second on SQLite, and on PostgreSQL where `ORIEL_TEST_POSTGRES_URL`
/// names a throw-away cluster, next to bare inserts into the same database.
#[derive(Debug, clap::Args)]
pub struct WriteArgs {}

pub fn run(_: &WriteArgs) -> Result<ExitCode> {
    let mut bench = process::command("cargo");
    bench
        .args(["bench", "--quiet", "--package", "oriel", "--bench", "write"])
        .current_dir(paths::root());
    process::run(&mut bench)?;
    Ok(ExitCode::SUCCESS)
}
