//! Owns `contract/released/`: the contracts that clients were built on, a file for each
//! version, none of which is ever changed.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::document::Document;
use crate::paths;

/// The last released contract with its version.
pub fn last() -> Result<Option<(String, Document)>> {
    let dir = paths::released_contracts();
    let mut newest: Option<(Version, PathBuf)> = None;
    for entry in fs::read_dir(&dir).with_context(|| format!("cannot read {}", dir.display()))? {
        let file = entry.context("cannot list the released contracts")?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let Some(version) = name.strip_suffix(".yaml").and_then(version) else {
            bail!("{} is not called after a version", file.display());
        };
        if newest.as_ref().is_none_or(|(newest, _)| version > *newest) {
            newest = Some((version, file));
        }
    }
    let Some(((major, minor, patch), file)) = newest else {
        return Ok(None);
    };
    let document = Document::read(&file)?;
    Ok(Some((format!("{major}.{minor}.{patch}"), document)))
}

/// Keeps the contract as the one of its version.
pub fn release() -> Result<PathBuf> {
    let contract = paths::contract();
    let document = Document::read(&contract)?;
    let name = document.version()?;
    let this = version(name).with_context(|| format!("{name} is no version"))?;
    if let Some((last, _)) = last()?
        && version(&last).is_some_and(|last| this <= last)
    {
        bail!("{last} was released already: raise info.version in contract/openapi.yaml");
    }
    let file = paths::released_contracts().join(format!("{name}.yaml"));
    fs::copy(&contract, &file).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}

type Version = (u32, u32, u32);

fn version(text: &str) -> Option<Version> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    let version = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(version)
}
