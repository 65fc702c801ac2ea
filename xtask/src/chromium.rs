//! Owns finding a Chromium: the machine's own, Playwright's, or Debian's.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::{apt, process, progress};

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// The path of a Chromium, fetched when there is none.
pub fn ensure() -> Result<PathBuf> {
    if let Some(chromium) = find() {
        return Ok(chromium);
    }
    progress::step("fetching a Chromium with Playwright");
    let mut install = process::command("npx");
    // Whether it worked shows in what is there afterwards.
    let _ = process::status(install.args(["playwright", "install", "chromium"]))?;
    if let Some(chromium) = find() {
        return Ok(chromium);
    }
    apt::install(&["chromium"])?;
    match find() {
        Some(chromium) => Ok(chromium),
        None => bail!("no Chromium is to be had: install one and name it in CHROMIUM"),
    }
}

fn find() -> Option<PathBuf> {
    named().or_else(on_path).or_else(in_playwrights_cache)
}

fn named() -> Option<PathBuf> {
    std::env::var_os("CHROMIUM")
        .map(PathBuf::from)
        .filter(|file| file.is_file())
}

fn on_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|dir| NAMES.map(|name| dir.join(name)))
        .find(|file| file.is_file())
}

/// `chromium-<build>/chrome-linux*/chrome`, the newest build.
fn in_playwrights_cache() -> Option<PathBuf> {
    let cache = std::env::var_os("PLAYWRIGHT_BROWSERS_PATH")
        .map(PathBuf::from)
        .or_else(|| {
            std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/ms-playwright"))
        })?;
    let below = |dir: &PathBuf, prefix: &str| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
        let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
        named.map(|entry| entry.path()).collect()
    };
    let mut builds = below(&cache, "chromium-");
    builds.sort();
    builds
        .iter()
        .rev()
        .flat_map(|build| below(build, "chrome-linux"))
        .map(|dir| dir.join("chrome"))
        .find(|file| file.is_file())
}
