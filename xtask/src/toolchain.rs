//! Owns the compiler for wasm32-unknown-unknown: rustup's, or Debian's where
//! rustup cannot fetch.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;

use crate::{apt, paths, process, progress};

const TARGET: &str = "wasm32-unknown-unknown";
/// What makes the standard library small: it is built with the widget's own
/// settings, a panic ends the program without a text that nobody in a browser
/// would read, and so nothing has to be able to write one. All but the first are
/// unstable, which `RUSTC_BOOTSTRAP` allows; docs/adr/0008 has what each saves.
const BUILD_STD: &str = "-Zbuild-std=std,panic_abort";
const FOR_SIZE: &str = "-Zbuild-std-features=optimize_for_size";
const WITHOUT_PANIC_TEXTS: [&str; 4] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
];
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
    /// Rustup's with the source of the standard library, else Debian's, else
    /// rustup's without that source.
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
    /// Rustup's, perhaps with the source of the standard library.
    Rustup {
        has_source: bool,
    },
    Debian,
}

impl WasmToolchain {
    /// Finds the chosen toolchain, or gets it.
    pub fn ensure(choice: Choice) -> Result<Self> {
        match choice {
            Choice::Rustup => ensure_rustup(),
            Choice::Debian => ensure_debian().map(|()| Self::Debian),
            Choice::Auto => match ensure_rustup() {
                Err(_) if process::interrupted() => bail!("interrupted"),
                Err(error) => {
                    progress::step(format_args!("{error:#}; taking Debian's compiler instead"));
                    ensure_debian().map(|()| Self::Debian)
                }
                Ok(rustup) if rustup.has_source() => Ok(rustup),
                // Debian's compiler has the source that makes the widget small.
                Ok(rustup) => Ok(ensure_debian().map_or(rustup, |()| Self::Debian)),
            },
        }
    }

    /// Whether the standard library can be built with the widget, for its size.
    pub fn has_source(&self) -> bool {
        !matches!(self, Self::Rustup { has_source: false })
    }

    /// `cargo <subcommand> --target wasm32-unknown-unknown`, set up.
    pub fn cargo(&self, subcommand: &str) -> Command {
        let mut command = self.bare_cargo(subcommand);
        command.env("CARGO_ENCODED_RUSTFLAGS", remapped());
        if matches!(self, Self::Debian) {
            command.arg(BUILD_STD);
        }
        command
    }

    /// The same as [`Self::cargo`], for what is shipped: as small as it gets.
    pub fn cargo_for_size(&self, subcommand: &str) -> Command {
        if !self.has_source() {
            return self.cargo(subcommand);
        }
        let mut flags = vec![remapped()];
        flags.extend(WITHOUT_PANIC_TEXTS.map(str::to_owned));
        let mut command = self.bare_cargo(subcommand);
        command
            .args([BUILD_STD, FOR_SIZE])
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
        command
    }

    fn bare_cargo(&self, subcommand: &str) -> Command {
        let mut command = match self {
            Self::Rustup { .. } => process::cargo(),
            Self::Debian => debian_cargo(),
        };
        command.args([subcommand, "--target", TARGET]);
        command
    }

    /// Where a build with this profile leaves its files.
    pub fn output_dir(&self, profile: &str) -> PathBuf {
        self.target_dir().join(TARGET).join(profile)
    }

    fn target_dir(&self) -> PathBuf {
        match self {
            Self::Rustup { .. } => paths::target(),
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

fn ensure_rustup() -> Result<WasmToolchain> {
    let libraries = ask_rustc(&["--print", "target-libdir", "--target", TARGET]);
    if !libraries.is_some_and(|dir| dir.is_dir()) {
        if !process::on_path("rustup") {
            bail!("there is no rustup to get the wasm target with");
        }
        progress::step(format_args!("rustup target add {TARGET}"));
        process::run(process::command("rustup").args(["target", "add", TARGET]))
            .context("rustup cannot fetch the wasm target")?;
    }
    let has_source = ensure_source();
    if !has_source {
        progress::step(
            "rustup has no rust-src: the widget takes the standard library as it was compiled \
             for everybody, and is some 14 KB larger, compressed, than it should be",
        );
    }
    Ok(WasmToolchain::Rustup { has_source })
}

/// Whether the source of the standard library is there, or could be fetched.
///
/// Asked once for each run: what could not be fetched is not tried for again.
fn ensure_source() -> bool {
    static FOUND: OnceLock<bool> = OnceLock::new();
    *FOUND.get_or_init(find_source)
}

fn find_source() -> bool {
    let is_there = || {
        ask_rustc(&["--print", "sysroot"]).is_some_and(|root| {
            root.join("lib/rustlib/src/rust/library/Cargo.lock")
                .exists()
        })
    };
    if is_there() || !process::on_path("rustup") {
        return is_there();
    }
    progress::step("rustup component add rust-src");
    let fetched = process::run(process::command("rustup").args(["component", "add", "rust-src"]));
    fetched.is_ok() && is_there()
}

/// A path that the compiler tells.
fn ask_rustc(question: &[&str]) -> Option<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    process::probe(process::command(rustc).args(question)).map(PathBuf::from)
}

fn ensure_debian() -> Result<()> {
    if DEBIAN_FILES.iter().all(|file| Path::new(file).exists()) {
        return Ok(());
    }
    apt::install(&DEBIAN_PACKAGES)
}
