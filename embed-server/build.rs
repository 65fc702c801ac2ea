//! Sees to it that a fresh bundle is embedded, and that a build without one works.

use std::{fs, path::Path};

fn main() -> std::io::Result<()> {
    let bundle = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist/bundle");
    fs::create_dir_all(&bundle)?;
    println!("cargo::rerun-if-changed={}", bundle.display());
    Ok(())
}
