//! `cargo xtask size`: how many bytes a viewer waits for, and whether they are
//! within the budget.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};

use super::build::{self, WasmArgs};
use crate::sandbox::{self, Facts, Server};
use crate::{http, paths, process, progress};

/// Everything that a first view transfers, data aside. A KB is 1000 bytes, the
/// stricter reading.
const VIEW_BUDGET: u64 = 110_000;
const LOADER_BUDGET: u64 = 4_000;
/// What a viewer waits for when they first do something: the second file of the widget.
const LATER_BUDGET: u64 = 40_000;

/// Prints each shipped file raw, gzip and brotli, and fails over the budget.
///
/// The budget: 110 KB brotli for all that a first view needs, data aside, and
/// 4 KB of it for the loader. A KB is 1000 bytes. What is loaded later has a budget
/// of its own.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    wasm: WasmArgs,
}

/// One shipped file.
struct Shipped {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

pub fn run(args: &Args) -> Result<ExitCode> {
    let toolchain = build::wasm_and_bundle(args.wasm)?;
    let within = report(&build::programs(false)?.oriel)?;
    if !within && !toolchain.has_source() {
        println!("the source of the standard library is missing, which costs some 14 KB");
    }
    Ok(if within {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Prints the table, and says whether the budget holds.
pub fn report(oriel: &Path) -> Result<bool> {
    let mut files = vec![frame_document(oriel)?];
    for file in bundled_files()? {
        files.push(Shipped::of(&file)?);
    }
    let is_later = |file: &mut Shipped| file.name.starts_with("later.");
    let later: Vec<Shipped> = files.extract_if(.., is_later).collect();
    // A viewer loads the messages of one language; the largest counts.
    let is_messages = |file: &Shipped| file.name.starts_with("messages-");
    let largest = files.iter().filter(|file| is_messages(file));
    let largest = largest.map(|file| file.brotli).max();
    files.retain(|file| !is_messages(file) || Some(file.brotli) == largest);
    let line = |name: &str, raw: u64, gzip: u64, brotli: u64| {
        println!("{name:<32}{raw:>10}{gzip:>10}{brotli:>10}");
    };
    println!("{:<32}{:>10}{:>10}{:>10}", "bytes", "raw", "gzip", "brotli");
    for file in &files {
        line(&file.name, file.raw, file.gzip, file.brotli);
    }
    let sum = |size: fn(&Shipped) -> u64| files.iter().map(size).sum();
    let view = sum(|file| file.brotli);
    line(
        "first view",
        sum(|file| file.raw),
        sum(|file| file.gzip),
        view,
    );
    for file in &later {
        line(&file.name, file.raw, file.gzip, file.brotli);
    }
    let later = later.iter().map(|file| file.brotli).sum();
    let loader = files
        .iter()
        .find(|file| file.name.starts_with("loader."))
        .map_or(u64::MAX, |file| file.brotli);
    let fits = within("first view", view, VIEW_BUDGET) & within("later", later, LATER_BUDGET);
    Ok(within("loader.js", loader, LOADER_BUDGET) && fits)
}

fn within(what: &str, size: u64, budget: u64) -> bool {
    let verdict = if size <= budget { "within" } else { "OVER" };
    println!("{what}: {size} of {budget} bytes brotli, {verdict} the budget");
    size <= budget
}

impl Shipped {
    /// A file and the two compressed twins next to it.
    fn of(file: &Path) -> Result<Self> {
        let size = |suffix: &str| -> Result<u64> {
            let mut name = file.as_os_str().to_owned();
            name.push(suffix);
            let twin = PathBuf::from(name);
            Ok(fs::metadata(&twin)
                .with_context(|| format!("{} is missing", twin.display()))?
                .len())
        };
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        Ok(Self {
            name,
            raw: size("")?,
            gzip: size(".gz")?,
            brotli: size(".br")?,
        })
    }
}

/// The loader, the wasm and the messages, without their compressed twins. The boot
/// script and the style stand in the document.
fn bundled_files() -> Result<Vec<PathBuf>> {
    let assets = paths::bundle().join("assets");
    let mut files: Vec<PathBuf> = fs::read_dir(&assets)
        .with_context(|| format!("cannot list {}", assets.display()))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|file| !matches!(file.extension().and_then(|e| e.to_str()), Some("br" | "gz")))
        .filter(|file| !is_rare(file))
        .collect();
    files.sort();
    Ok(files)
}

/// Whether a first view goes without this: it is for when something went wrong, or
/// for hands on the table.
fn is_rare(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    ["trouble.", "table."]
        .iter()
        .any(|rare| name.starts_with(rare))
}

/// The frame's HTML as a server sends it, in each coding.
fn frame_document(oriel: &Path) -> Result<Shipped> {
    progress::step("asking a server for the frame document");
    let dir = paths::target().join("size");
    if dir.exists() {
        fs::remove_dir_all(&dir).context("cannot empty the folder for the server's data")?;
    }
    fs::create_dir_all(&dir).context("cannot make a folder for the server's data")?;
    let port = sandbox::free_port()?;
    let mut command = process::server(oriel);
    command.args([
        "sandbox",
        "--empty",
        "--portal-origin",
        "http://localhost:4400",
    ]);
    command
        .arg("--data-dir")
        .arg(&dir)
        .args(["--listen", &format!("127.0.0.1:{port}")]);
    let _server = Server::start(
        "the embed server",
        &mut command,
        dir.join("embed.log"),
        port,
        "/readyz",
    )?;
    let embed = Facts::read(&dir)?.embed;
    let path = format!("/v1/frame/{embed}");
    let sent = |coding: &str| -> Result<u64> {
        let answer = http::get_coded(port, &path, coding)?;
        anyhow::ensure!(answer.status == 200, "{path} answers {}", answer.status);
        Ok(answer.body.len() as u64)
    };
    Ok(Shipped {
        name: "frame.html".to_owned(),
        raw: sent("identity")?,
        gzip: sent("gzip")?,
        brotli: sent("br")?,
    })
}
