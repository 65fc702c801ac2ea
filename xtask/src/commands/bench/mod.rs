//! `cargo xtask bench`: what the product does, next to yardsticks.

mod read;
mod verify;
mod widget;
mod write;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};

use self::read::ReadArgs;
use self::verify::VerifyArgs;
use self::widget::WidgetArgs;
use self::write::WriteArgs;
use crate::{paths, process, progress};

/// Measures the product: its read API under load, its gate by itself, its widget
/// in a browser, its management API writing.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Read(ReadArgs),
    Verify(VerifyArgs),
    Widget(WidgetArgs),
    Write(WriteArgs),
}

pub fn run(args: &Args) -> Result<ExitCode> {
    match &args.what {
        What::Read(args) => read::run(args),
        What::Verify(args) => verify::run(args),
        What::Widget(args) => widget::run(args),
        What::Write(args) => write::run(args),
    }
}

/// A data folder with that many tasks, kept for the next run. `more` are further
/// arguments of the sandbox.
fn prepare(oriel: &Path, tasks: u32, more: &[&str]) -> Result<PathBuf> {
    let dir = paths::state().join(format!("bench-{tasks}"));
    fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    if !dir.join("sandbox.json").exists() {
        progress::step(format_args!("generating {tasks} tasks"));
    }
    let mut prepare = process::server(oriel);
    prepare.arg("sandbox").arg("--data-dir").arg(&dir);
    prepare.args(["--prepare-only", "--tasks", &tasks.to_string()]);
    process::run(prepare.args(more))?;
    Ok(dir)
}

/// The folder of a peer with its pinned packages, `package` for one; `None` where
/// npm cannot install them.
fn peer_with_packages(name: &str, package: &str) -> Result<Option<PathBuf>> {
    let home = paths::root().join("benches").join(name);
    if !home.join("node_modules").join(package).is_dir() {
        progress::step(format_args!("installing the packages of {name}"));
        let mut install = process::command("npm");
        install
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(&home);
        if !process::status(&mut install)?.success() {
            return Ok(None);
        }
    }
    Ok(Some(home))
}
