//! Owns the folders of `dist`: each is made whole elsewhere, then put in its place.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::paths;

/// An empty folder `dist/<name>` to work in.
pub fn fresh(name: &str) -> Result<PathBuf> {
    let dir = paths::root().join("dist").join(name);
    remove_dir(&dir)?;
    fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    Ok(dir)
}

/// Puts the complete folder in the place of the old one, so that nobody ever
/// reads a half-written bundle.
pub fn swap_in(work: &Path, place: &Path) -> Result<()> {
    let old = place.with_extension("old");
    remove_dir(&old)?;
    if place.exists() {
        fs::rename(place, &old).with_context(|| format!("cannot move {}", place.display()))?;
    }
    fs::rename(work, place).with_context(|| format!("cannot write {}", place.display()))?;
    remove_dir(&old)
}

fn remove_dir(dir: &Path) -> Result<()> {
    if !dir.exists() {
        return Ok(());
    }
    fs::remove_dir_all(dir).with_context(|| format!("cannot remove {}", dir.display()))
}
