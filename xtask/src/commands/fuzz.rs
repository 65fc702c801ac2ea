//! `cargo xtask fuzz`: the parsers that stand before any check, fed with what nobody
//! thought of.

use std::process::ExitCode;

use anyhow::Result;

use crate::tally::Tally;
use crate::{apt, paths, process, progress};

/// One for each file in `fuzz/fuzz_targets/`.
const TARGETS: [&str; 3] = ["token", "proof", "origin"];

/// The version of cargo-fuzz that is installed where there is none.
const CARGO_FUZZ: &str = "0.13.2";

/// Feeds the parsers of tokens, proofs and origins with made-up input.
///
/// What it finds lies in fuzz/artifacts, and what it learned on the way in fuzz/corpus,
/// for the next run to go on from. It gets cargo-fuzz and a C++ compiler where they are
/// missing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// How long each parser is fed.
    #[arg(long, default_value_t = 600)]
    seconds: u32,
    /// This parser alone.
    #[arg(long, value_parser = TARGETS)]
    only: Option<String>,
}

pub fn run(args: &Args) -> Result<ExitCode> {
    ensure_tools()?;
    let all = TARGETS.iter().copied();
    let chosen = all.filter(|target| args.only.as_deref().is_none_or(|only| only == *target));
    let mut found = false;
    for target in chosen {
        found |= !feed(target, args.seconds)?;
    }
    Ok(ExitCode::from(u8::from(found)))
}

/// Feeds each parser for as long; a case each.
pub fn all(seconds: u32) -> Result<Tally> {
    ensure_tools()?;
    let mut tally = Tally::default();
    for target in TARGETS {
        tally.add(Tally::one(feed(target, seconds)?));
    }
    Ok(tally)
}

/// Whether nothing was found.
fn feed(target: &str, seconds: u32) -> Result<bool> {
    progress::step(format_args!(
        "feeding the parser of the {target} for {seconds} s"
    ));
    let mut fuzz = process::cargo();
    // Without a sanitizer the stable compiler will do: there is no unsafe code to watch.
    fuzz.args(["fuzz", "run", "--dev", "--sanitizer", "none", target, "--"])
        .arg(format!("-max_total_time={seconds}"))
        .args([
            "-timeout=10",
            "-max_len=8192",
            "-print_final_stats=1",
            "-verbosity=0",
        ])
        .current_dir(paths::root());
    Ok(process::status(&mut fuzz)?.success())
}

fn ensure_tools() -> Result<()> {
    if !process::on_path("c++") && !process::on_path("clang++") {
        apt::install(&["g++"])?;
    }
    let there = process::probe(process::cargo().args(["fuzz", "--version"]));
    if there.is_some() {
        return Ok(());
    }
    progress::step("installing cargo-fuzz");
    let mut install = process::cargo();
    install.args(["install", "cargo-fuzz", "--version", CARGO_FUZZ]);
    process::run(&mut install)
}
