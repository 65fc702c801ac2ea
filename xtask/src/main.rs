//! `cargo xtask …`: everything that is done to this repository by machine.
//!
//! A file per command under `commands/`; the other modules are named by what
//! they own. Progress goes to stderr; stdout holds only what a script may read.

mod apt;
mod bundle;
mod chromium;
mod commands;
mod contract;
mod dirs;
mod fingerprint;
mod http;
mod lab;
mod load;
mod npm;
mod paths;
mod postgres;
mod process;
mod progress;
mod python;
mod sandbox;
mod schemathesis;
mod short_names;
mod suites;
mod tally;
mod toolchain;
mod wasm;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, runs, tests and measures Oriel.
///
/// `cargo xtask demo` shows the product in a browser; `cargo xtask test` does
/// everything that CI does. Each command gets what it needs by itself.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(commands::build::Args),
    Demo(commands::demo::Args),
    Test(commands::test::Args),
    Size(commands::size::Args),
    Bench(commands::bench::Args),
    Fuzz(commands::fuzz::Args),
    Contract(commands::contract::Args),
    #[command(hide = true)]
    WasmTestRunner(commands::wasm_test_runner::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = process::watch_signals().and_then(|()| match cli.command {
        Command::Build(args) => commands::build::run(&args),
        Command::Demo(args) => commands::demo::run(&args),
        Command::Test(args) => commands::test::run(&args),
        Command::Size(args) => commands::size::run(&args),
        Command::Bench(args) => commands::bench::run(&args),
        Command::Fuzz(args) => commands::fuzz::run(&args),
        Command::Contract(args) => commands::contract::run(&args),
        Command::WasmTestRunner(args) => commands::wasm_test_runner::run(&args),
    });
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
