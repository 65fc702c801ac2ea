//! `cargo xtask build`: everything that runs, and everything that it serves.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

use crate::toolchain::{Choice, WasmToolchain};
use crate::{bundle, npm, paths, process, progress};

/// Builds the browser bundle, then the server and the example portal.
///
/// Gets the wasm target and the pinned npm packages when they are missing.
/// What is unchanged is not built again.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Build the programs as they are shipped, with the bundle inside.
    #[arg(long)]
    release: bool,
    #[command(flatten)]
    wasm: WasmArgs,
}

/// Shared by every command that builds.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct WasmArgs {
    /// The compiler for the widget: rustup's, or Debian's where rustup cannot fetch.
    #[arg(long, value_enum, default_value_t, env = "ORIEL_WASM_TOOLCHAIN")]
    wasm_toolchain: Choice,
}

/// The programs that a build leaves.
#[derive(Debug)]
pub struct Programs {
    pub oriel: PathBuf,
    pub portal: PathBuf,
}

pub fn run(args: &Args) -> Result<ExitCode> {
    let programs = all(args.release, args.wasm)?;
    progress::step(format_args!("done: {}", programs.oriel.display()));
    Ok(ExitCode::SUCCESS)
}

/// Builds everything.
pub fn all(release: bool, wasm: WasmArgs) -> Result<Programs> {
    wasm_and_bundle(wasm)?;
    programs(release)
}

/// Builds what browsers load, and gives the toolchain that did it.
pub fn wasm_and_bundle(args: WasmArgs) -> Result<WasmToolchain> {
    npm::ensure_packages()?;
    let toolchain = WasmToolchain::ensure(args.wasm_toolchain)?;
    bundle::ensure(&toolchain)?;
    Ok(toolchain)
}

/// Builds the server and the portal; a release carries the bundle of `dist`.
pub fn programs(release: bool) -> Result<Programs> {
    progress::step("compiling the server and the portal");
    let mut build = process::cargo();
    build.args(["build", "--package", "oriel", "--package", "portal-axum"]);
    if release {
        build.arg("--release");
    }
    process::run(&mut build)?;
    let dir = paths::target().join(if release { "release" } else { "debug" });
    Ok(Programs {
        oriel: dir.join("oriel"),
        portal: dir.join("portal-axum"),
    })
}
