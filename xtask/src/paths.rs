//! Owns where things lie: the repository, its outputs and cargo's target folder.

use std::path::{Path, PathBuf};

/// The root of the repository that this program was built from.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Cargo's target folder, absolute, because children run in other folders.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .and_then(|dir| std::path::absolute(dir).ok())
        .unwrap_or_else(|| root().join("target"))
}

/// What wasm-bindgen and wasm-opt made of the widget.
pub fn wasm() -> PathBuf {
    root().join("dist/wasm")
}

/// What the server embeds and ships.
pub fn bundle() -> PathBuf {
    root().join("dist/bundle")
}

/// What crosses the network.
pub fn contract() -> PathBuf {
    root().join("contract/openapi.yaml")
}

/// The contracts that clients were built on.
pub fn released_contracts() -> PathBuf {
    root().join("contract/released")
}

/// Data and logs of the demo, and caches of the measurements.
pub fn state() -> PathBuf {
    root().join(".oriel")
}
