//! Owns environments of Python with pinned packages.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{apt, paths, process, progress};

/// The interpreter of an environment that has what a file of requirements names.
pub fn ensure(name: &str, requirements: &str) -> Result<PathBuf> {
    let folder = paths::target().join(format!("{name}-venv"));
    let python = folder.join("bin/python");
    let wanted = fs::read_to_string(paths::root().join(requirements))
        .with_context(|| format!("cannot read {requirements}"))?;
    // What it was made for, noted when all of it was there.
    let note = folder.join("requirements.txt");
    if fs::read_to_string(&note).is_ok_and(|made_for| made_for == wanted) {
        return Ok(python);
    }
    progress::step(format_args!(
        "installing the Python packages of {requirements}"
    ));
    let make = || {
        process::run(
            process::command("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&folder),
        )
    };
    if !process::on_path("python3") || make().is_err() {
        apt::install(&["python3", "python3-venv"])?;
        make()?;
    }
    let mut install = process::command(&python);
    install.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    process::run(install.args(["--requirement", requirements]))?;
    fs::write(&note, wanted).context("cannot note what is installed")?;
    Ok(python)
}
