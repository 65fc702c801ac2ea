//! Owns the pinned npm packages: esbuild, binaryen, TypeScript, Playwright.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use crate::{paths, process, progress};

/// Makes `node_modules` what package-lock.json says.
///
/// # Errors
/// Where Node is missing or too old, or the packages cannot be fetched.
pub fn ensure_packages() -> Result<()> {
    ensure_node()?;
    if installed_matches_lock(paths::root()) {
        return Ok(());
    }
    progress::step("installing the pinned npm packages");
    process::run(process::command("npm").args(["ci", "--no-audit", "--no-fund"]))
}

/// A program of an installed package.
pub fn tool(name: &str) -> Command {
    process::command(paths::root().join("node_modules/.bin").join(name))
}

fn ensure_node() -> Result<()> {
    let version = process::probe(process::command("node").arg("--version"))
        .context("Node.js is missing: install version 20 or newer, with npm")?;
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|n| n.parse().ok());
    if major.is_none_or(|major: u32| major < 20) {
        bail!("Node.js {version} is too old: install version 20 or newer");
    }
    Ok(())
}

/// npm notes what it installed in a lock file of its own; the two agree when
/// each has the same versions. Only optional packages may be absent: those of
/// other platforms.
fn installed_matches_lock(root: &Path) -> bool {
    let wanted = packages(&root.join("package-lock.json"));
    let installed = packages(&root.join("node_modules/.package-lock.json"));
    let (Some(wanted), Some(installed)) = (wanted, installed) else {
        return false;
    };
    let same = |name: &String, package: &Value| match installed.get(name) {
        Some(found) => found["version"] == package["version"],
        None => package["optional"] == true,
    };
    wanted
        .iter()
        .filter(|(name, _)| name.contains("node_modules/"))
        .all(|(name, package)| same(name, package))
}

fn packages(lock: &Path) -> Option<Map<String, Value>> {
    let text = fs::read_to_string(lock).ok()?;
    let mut lock: Value = serde_json::from_str(&text).ok()?;
    match lock["packages"].take() {
        Value::Object(packages) => Some(packages),
        _ => None,
    }
}
