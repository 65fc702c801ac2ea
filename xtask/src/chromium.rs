//! Owns finding a Chromium: the machine's own, Playwright's, or Debian's.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::{apt, npm, paths, process, progress};

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// The path of a Chromium, fetched when there is none that is new enough.
pub fn ensure() -> Result<PathBuf> {
    if let Some(chromium) = named() {
        return Ok(chromium);
    }
    npm::ensure_packages()?;
    let oldest = of_playwright();
    let find = || found().find(|file| version(file) >= oldest);
    if let Some(chromium) = find() {
        return Ok(chromium);
    }
    progress::step(format_args!("fetching a Chromium {oldest} with Playwright"));
    // Whether it worked shows in what is there afterwards.
    let _ = process::status(npm::tool("playwright").args(["install", "chromium"]))?;
    if let Some(chromium) = find() {
        return Ok(chromium);
    }
    let installed = apt::install(&["chromium"]);
    if let Some(chromium) = find() {
        return Ok(chromium);
    }
    match found().next() {
        Some(old) => {
            progress::step(format_args!(
                "no Chromium is as new as Playwright's {oldest}: some tests may not pass with {}",
                old.display()
            ));
            Ok(old)
        }
        None => installed
            .and_then(|()| bail!("no Chromium is to be had: install one and name it in CHROMIUM")),
    }
}

/// The major version that Playwright is made for. It drives older ones, too, but for
/// what they do in another way: taps in a frame miss in 150.
fn of_playwright() -> u32 {
    let list = paths::root().join("node_modules/playwright-core/browsers.json");
    let list = std::fs::read(list).unwrap_or_default();
    let list: serde_json::Value = serde_json::from_slice(&list).unwrap_or_default();
    let browsers = list["browsers"].as_array().into_iter().flatten();
    let chromium = browsers.filter(|browser| browser["name"] == "chromium");
    let mut versions = chromium.filter_map(|browser| browser["browserVersion"].as_str());
    versions.find_map(major).unwrap_or(0)
}

/// The major version of a Chromium; 0 where it tells none.
fn version(chromium: &Path) -> u32 {
    let said = process::probe(process::command(chromium).arg("--version"));
    let said = said.unwrap_or_default();
    said.split(' ').find_map(major).unwrap_or(0)
}

fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

fn found() -> impl Iterator<Item = PathBuf> {
    on_path().into_iter().chain(in_playwrights_cache())
}

fn named() -> Option<PathBuf> {
    std::env::var_os("CHROMIUM")
        .map(PathBuf::from)
        .filter(|file| file.is_file())
}

fn on_path() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .flat_map(|dir| NAMES.map(|name| dir.join(name)))
        .filter(|file| file.is_file())
        .collect()
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
