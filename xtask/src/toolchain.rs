//! Owns the compiler for wasm32-unknown-unknown: rustup's, or Debian's where
//! rustup cannot fetch.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::{apt, paths, process, progress};

const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
/// Files that those packages bring, one each.
const DEBIAN_FILES: [&str; 4] = [
    "/usr/bin/rustc",
    "/usr/bin/cargo",
    "/usr/lib/rustlib/src/rust/library",
    "/usr/bin/lld-22",
];

/// Which toolchain compiles the widget.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Choice {
    /// The installed target, else rustup's, else Debian's.
    #[default]
    Auto,
    /// `rustup target add wasm32-unknown-unknown`.
    Rustup,
    /// Debian's compiler, which builds the standard library from its source.
    Debian,
}

/// A toolchain that can compile for the browser.
#[derive(Debug)]
pub enum WasmToolchain {
    Rustup,
    Debian,
}

impl WasmToolchain {
    /// Finds the chosen toolchain, or gets it.
    pub fn ensure(choice: Choice) -> Result<Self> {
        match choice {
            Choice::Rustup => ensure_rustup().map(|()| Self::Rustup),
            Choice::Debian => ensure_debian().map(|()| Self::Debian),
            Choice::Auto => match ensure_rustup() {
                Ok(()) => Ok(Self::Rustup),
                Err(_) if process::interrupted() => bail!("interrupted"),
                Err(error) => {
                    progress::step(format_args!("{error:#}; taking Debian's compiler instead"));
                    ensure_debian().map(|()| Self::Debian)
                }
            },
        }
    }

    /// `cargo <subcommand> --target wasm32-unknown-unknown`, set up.
    pub fn cargo(&self, subcommand: &str) -> Command {
        let mut command = match self {
            Self::Rustup => process::cargo(),
            Self::Debian => debian_cargo(),
        };
        command
            .args([subcommand, "--target", TARGET])
            .env("CARGO_ENCODED_RUSTFLAGS", remapped());
        if matches!(self, Self::Debian) {
            command.arg("-Zbuild-std=std,panic_abort");
        }
        command
    }

    /// Where a build with this profile leaves its files.
    pub fn output_dir(&self, profile: &str) -> PathBuf {
        self.target_dir().join(TARGET).join(profile)
    }

    fn target_dir(&self) -> PathBuf {
        match self {
            Self::Rustup => paths::target(),
            Self::Debian => paths::target().join("wasm-debian"),
        }
    }
}

/// Flags that keep this machine's paths out of what is shipped: the same
/// sources give the same file, and so the same name, wherever they lie.
fn remapped() -> String {
    let home = std::env::var_os("CARGO_HOME").map_or_else(
        || Path::new(&std::env::var_os("HOME").unwrap_or_default()).join(".cargo"),
        PathBuf::from,
    );
    format!(
        "--remap-path-prefix={}=cargo\u{1f}--remap-path-prefix={}=oriel",
        home.display(),
        paths::root().display()
    )
}

/// Debian's cargo with Debian's rustc. It offers no std for the target, so
/// `-Z` is needed, and it looks for a linker by a name that Debian does not use.
fn debian_cargo() -> Command {
    let mut command = process::command("/usr/bin/cargo");
    command
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTDOC", "/usr/bin/rustdoc")
        .env("CARGO", "/usr/bin/cargo")
        .env("CARGO_TARGET_DIR", WasmToolchain::Debian.target_dir())
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER",
            "/usr/bin/lld-22",
        )
        // cargo run points this at the other compiler's libraries.
        .env_remove("LD_LIBRARY_PATH")
        .env_remove("RUSTUP_TOOLCHAIN");
    command
}

fn ensure_rustup() -> Result<()> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let libraries = process::probe(process::command(rustc).args([
        "--print",
        "target-libdir",
        "--target",
        TARGET,
    ]));
    if libraries.is_some_and(|dir| Path::new(&dir).is_dir()) {
        return Ok(());
    }
    if !process::on_path("rustup") {
        bail!("there is no rustup to get the wasm target with");
    }
    progress::step(format_args!("rustup target add {TARGET}"));
    process::run(process::command("rustup").args(["target", "add", TARGET]))
        .context("rustup cannot fetch the wasm target")
}

fn ensure_debian() -> Result<()> {
    if DEBIAN_FILES.iter().all(|file| Path::new(file).exists()) {
        return Ok(());
    }
    apt::install(&DEBIAN_PACKAGES)
}
