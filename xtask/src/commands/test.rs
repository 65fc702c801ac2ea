//! `cargo xtask test`: everything that CI does, and one line that says how it went.

use std::process::ExitCode;

use anyhow::{Result, bail};

use super::build::WasmArgs;
use crate::lab::Lab;
use crate::suites::{self, Suite};
use crate::tally::Tally;
use crate::{process, progress};

/// Does everything that CI does, and closes with `N passed, N failed`.
///
/// It goes on after a failure and lists all failures in the end. What is
/// missing it gets: the wasm target, npm packages, Chromium, PostgreSQL.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Run these suites alone; `--only help` lists them.
    #[arg(long, value_name = "NAME", num_args = 1..)]
    only: Vec<String>,
    /// Take new pictures of the views, and nothing else of the browser suite; look at
    /// each before it is committed.
    #[arg(long)]
    update_pictures: bool,
    #[command(flatten)]
    wasm: WasmArgs,
}

pub fn run(args: &Args) -> Result<ExitCode> {
    let chosen = chosen(&args.only)?;
    let mut lab = Lab::new(args.wasm);
    lab.update_pictures = args.update_pictures;
    let mut total = Tally::default();
    let mut skipped = Vec::new();
    for suite in chosen {
        progress::step(format_args!("== {}: {}", suite.name, suite.about));
        let mut tally =
            (suite.run)(&mut lab).unwrap_or_else(|error| Tally::failure(format!("{error:#}")));
        if process::interrupted() {
            bail!("interrupted; nothing is left running");
        }
        progress::step(format_args!(
            "== {}: {} passed, {} failed",
            suite.name, tally.passed, tally.failed
        ));
        if tally.passed + tally.failed == 0 {
            skipped.push(suite.name);
        }
        tally.failures = named(suite, &tally);
        total.add(tally);
    }
    // The private database goes before the last word is said.
    drop(lab);
    for failure in &total.failures {
        println!("FAILED  {failure}");
    }
    for name in skipped {
        println!("SKIPPED {name}: what it needs is not on this machine");
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Each failure with its suite; a suite that names none is named itself.
fn named(suite: &Suite, tally: &Tally) -> Vec<String> {
    if tally.failed > 0 && tally.failures.is_empty() {
        return vec![format!("{}: see its output above", suite.name)];
    }
    tally
        .failures
        .iter()
        .map(|failure| format!("{}: {failure}", suite.name))
        .collect()
}

fn chosen(only: &[String]) -> Result<Vec<&'static Suite>> {
    static ALL: &[Suite] = &suites::ALL;
    let known = || {
        ALL.iter()
            .map(|suite| format!("  {:<12} {}", suite.name, suite.about))
    };
    if let Some(unknown) = only
        .iter()
        .find(|name| ALL.iter().all(|suite| suite.name != **name))
    {
        bail!(
            "there is no suite `{unknown}`; there are:\n{}",
            known().collect::<Vec<_>>().join("\n")
        );
    }
    Ok(ALL
        .iter()
        .filter(|suite| only.is_empty() || only.iter().any(|name| name == suite.name))
        .collect())
}
