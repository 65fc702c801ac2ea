//! `cargo xtask wasm-test-runner`: what cargo runs a wasm test program with.
//! It binds the program for Node and calls its tests there.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::paths;
use crate::process::{self, Running};

/// Runs the `#[wasm_bindgen_test]` cases of a wasm test program in Node.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The wasm file that cargo built.
    file: PathBuf,
    /// What cargo passes to a test program; none of it applies here.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    rest: Vec<String>,
}

pub fn run(args: &Args) -> Result<ExitCode> {
    let name = args.file.file_stem().context("the wasm file has no name")?;
    // Cargo starts this in the package's folder.
    let file = std::path::absolute(&args.file).context("the wasm file has no usable path")?;
    let out = paths::target().join("wasm-tests").join(name);
    fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    // Else the repository's own package.json would say what kind of script it is.
    fs::write(out.join("package.json"), r#"{"type":"commonjs"}"#)
        .context("cannot write beside the test program")?;
    Bindgen::new()
        .input_path(&file)
        .nodejs(true)
        .and_then(|bindgen| {
            bindgen
                .out_name("program")
                .debug(true)
                .export_wasm(true)
                .emit_start(false)
                .generate(&out)
        })
        .context("wasm-bindgen cannot bind the test program")?;
    let script = paths::root().join("xtask/wasm-tests.cjs");
    let mut node = process::command("node");
    let ended = Running::start(node.arg(script).arg(&out))?.wait()?;
    Ok(if ended.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
