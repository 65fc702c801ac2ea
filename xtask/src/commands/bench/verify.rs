//! `cargo xtask bench verify`: what the gate costs each request.

use std::process::ExitCode;

use anyhow::Result;

use crate::{paths, process};

/// Times the check of a token, cold and warm, plain and with a proof, next to the bare
/// signature check of the same libraries.
///
/// Prints microseconds for each, and their ratio to the bare check.
#[derive(Debug, clap::Args)]
pub struct VerifyArgs {}

pub fn run(_: &VerifyArgs) -> Result<ExitCode> {
    let mut bench = process::command("cargo");
    bench
        .args([
            "bench",
            "--quiet",
            "--package",
            "oriel",
            "--bench",
            "verify",
        ])
        .current_dir(paths::root());
    process::run(&mut bench)?;
    Ok(ExitCode::SUCCESS)
}
