//! `cargo xtask contract`: what is done to the contract by machine.

use std::process::ExitCode;

use anyhow::Result;

use crate::{contract, progress};

/// Checks the contract, or keeps it as a released one.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Lints it, and holds it to the last released one.
    Check,
    /// Copies it to contract/released, to be held to from now on.
    Release,
}

pub fn run(args: &Args) -> Result<ExitCode> {
    let tally = contract::check()?;
    for failure in &tally.failures {
        println!("{failure}");
    }
    if tally.failed > 0 {
        return Ok(ExitCode::FAILURE);
    }
    if matches!(args.what, What::Release) {
        let file = contract::release()?;
        progress::step(format_args!("released as {}", file.display()));
    }
    Ok(ExitCode::SUCCESS)
}
