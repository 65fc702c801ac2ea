//! Owns what reaches a browser: the widget's wasm, the scripts and the style,
//! optimised, with their integrity noted. All but what stands in the document is named
//! by content and compressed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha384};

use crate::fingerprint::{self, Fingerprint, hex};
use crate::toolchain::WasmToolchain;
use crate::{dirs, npm, paths, process, progress, wasm};

/// Names of properties that only the loader's own files know, and that need not
/// be spelled out in what a browser loads. None may be a name of the platform's,
/// of a message's, of the host API's, or one that two scripts share; one that is
/// missing here costs bytes.
const LOADER_NAMES: &str = "^(ask|begin|chance|clock|failed|forget|frame|gaveUp|granted|lost|passing|received|reject|send|unanswered|wake)$";

/// A change of the recipe is a change of the outputs.
const RECIPE: &str = include_str!("bundle.rs");

/// One shipped file, as the server needs to know it.
#[derive(Debug, Serialize)]
struct Asset {
    file: String,
    integrity: String,
}

#[derive(Debug, Serialize)]
struct Manifest {
    loader: Asset,
    boot: Asset,
    style: Asset,
    widget: Asset,
    /// What of the widget is loaded when somebody needs it.
    later: Asset,
    /// A module that the document imports when somebody needs it, whose hash its policy names.
    table: Asset,
    /// By language.
    messages: BTreeMap<String, Asset>,
}

/// Brings `dist/bundle` up to date with its sources; steps whose inputs are
/// unchanged are skipped.
pub fn ensure(toolchain: &WasmToolchain) -> Result<()> {
    wasm::ensure(toolchain)?;
    let fingerprint = Fingerprint::default()
        .text(RECIPE)
        .path(&paths::root().join("xtask/compress.mjs"))?
        .path(&paths::root().join("xtask/messages.mjs"))?
        .path(&paths::root().join("widget/messages"))?
        .path(&paths::root().join("package-lock.json"))?
        .path(&paths::root().join("loader-js/src"))?
        .path(&paths::root().join("widget/styles"))?
        .path(&paths::wasm())?
        .finish();
    let stamp = paths::root().join("dist/bundle.stamp");
    if fingerprint::is_done(&stamp, &fingerprint) && paths::bundle().is_dir() {
        return Ok(());
    }
    progress::step("bundling and compressing what browsers load");
    write_bundle()?;
    fingerprint::mark_done(&stamp, &fingerprint)
}

fn write_bundle() -> Result<()> {
    let work = dirs::fresh("bundle.new")?;
    let assets = work.join("assets");
    fs::create_dir(&assets).context("cannot make the assets folder")?;

    let trouble = assets.join("trouble.js");
    process::run(&mut host_script("loader-js/src/trouble/index.ts", &trouble))?;
    let trouble = name_by_content(&trouble)?;
    let loader = assets.join("loader.js");
    process::run(
        host_script("loader-js/src/loader/index.ts", &loader).arg(format!(
            "--define:TROUBLE=\"/assets/{}\"",
            describe(&trouble)?.file
        )),
    )?;
    let loader = name_by_content(&loader)?;
    let table = assets.join("table.js");
    process::run(esbuild("loader-js/src/frame/table/index.ts", &table).arg("--format=esm"))?;
    let table = name_by_content(&table)?;
    let built = describe(&table)?;
    let built = serde_json::json!({
        "href": format!("/assets/{}", built.file),
        "integrity": built.integrity,
    });
    // These two stand in the document.
    let boot = work.join("boot.js");
    let glue = paths::wasm().join("oriel_widget.js");
    process::run(
        esbuild("loader-js/src/frame/boot.ts", &boot)
            .arg("--format=iife")
            .arg(format!("--define:TABLE={built}"))
            .arg(format!("--alias:widget-glue={}", glue.display()))
            .arg(format!(
                "--alias:{}=./loader-js/src/frame/later.ts",
                wasm::LINK
            )),
    )?;
    let style = work.join("frame.css");
    process::run(&mut esbuild("widget/styles/index.css", &style))?;
    let wasm = |name: &str| {
        let file = assets.join(name);
        fs::copy(paths::wasm().join(name), &file).context("cannot copy the wasm")?;
        name_by_content(&file)
    };

    let messages = write_messages(&assets)?;
    let shipped = [loader.clone(), wasm("widget.wasm")?, wasm("later.wasm")?];
    let compressor = paths::root().join("xtask/compress.mjs");
    process::run(
        process::command("node")
            .arg(compressor)
            .args(&shipped)
            .args(messages.values())
            .args([&trouble, &table]),
    )?;
    for file in [&boot, &style] {
        can_stand_in_html(file)?;
    }
    let [loader, widget, later] = shipped.each_ref().map(|file| describe(file));
    let manifest = Manifest {
        loader: loader?,
        boot: describe(&boot)?,
        style: describe(&style)?,
        widget: widget?,
        later: later?,
        table: describe(&table)?,
        messages: messages
            .into_iter()
            .map(|(language, file)| Ok((language, describe(&file)?)))
            .collect::<Result<_>>()?,
    };
    let text = serde_json::to_string_pretty(&manifest).context("cannot write the manifest")?;
    fs::write(work.join("manifest.json"), text + "\n").context("cannot write the manifest")?;
    dirs::swap_in(&work, &paths::bundle())
}

/// The messages of each language, by that language.
fn write_messages(assets: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let sources = paths::root().join("widget/messages");
    let compiler = paths::root().join("xtask/messages.mjs");
    process::run(
        process::command("node")
            .arg(compiler)
            .arg(&sources)
            .arg(assets),
    )?;
    let mut messages = BTreeMap::new();
    for source in fs::read_dir(&sources).context("cannot list the messages")? {
        let source = source.context("cannot list the messages")?.path();
        let language = source.file_stem().unwrap_or_default().to_string_lossy();
        let file = assets.join(format!("messages-{language}.json"));
        if file.exists() {
            messages.insert(language.into_owned(), name_by_content(&file)?);
        }
    }
    Ok(messages)
}

/// Bundles a script of the host page. Classes are strict without being told, and
/// the fields of a class are there once they are set.
fn host_script(entry: &str, out: &Path) -> Command {
    let mut command = esbuild(entry, out);
    command
        .arg("--format=iife")
        .arg(format!("--mangle-props={LOADER_NAMES}"))
        .arg(r#"--tsconfig-raw={"compilerOptions":{"useDefineForClassFields":false}}"#);
    command
}

fn esbuild(entry: &str, out: &Path) -> Command {
    let mut command = npm::tool("esbuild");
    command
        .arg(entry)
        .args(["--bundle", "--minify", "--target=es2022", "--charset=utf8"])
        .args(["--legal-comments=none", "--log-level=warning"])
        .arg(format!("--outfile={}", out.display()));
    command
}

/// Puts a hash of the content before the extension, so that the file may be
/// cached for ever.
fn name_by_content(file: &Path) -> Result<PathBuf> {
    let hash = hex(&digest(file)?);
    let extension = file.extension().unwrap_or_default().to_string_lossy();
    let named = file.with_extension(format!("{}.{extension}", &hash[..12]));
    fs::rename(file, &named).with_context(|| format!("cannot name {}", named.display()))?;
    Ok(named)
}

fn describe(file: &Path) -> Result<Asset> {
    let name = file
        .file_name()
        .ok_or_else(|| anyhow!("{} has no name", file.display()))?;
    Ok(Asset {
        file: name.to_string_lossy().into_owned(),
        integrity: format!("sha384-{}", BASE64_STANDARD.encode(digest(file)?)),
    })
}

/// HTML would end these early, or hand them over changed, so that their hash no longer
/// held.
fn can_stand_in_html(file: &Path) -> Result<()> {
    let text =
        fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let lower = text.to_ascii_lowercase();
    let bad = ["</script", "</style", "<!--", "\r", "\0"];
    match bad.iter().find(|bad| lower.contains(**bad)) {
        Some(bad) => Err(anyhow!(
            "{} cannot stand in HTML: it has {bad:?}",
            file.display()
        )),
        None => Ok(()),
    }
}

fn digest(file: &Path) -> Result<Vec<u8>> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Sha384::digest(bytes).to_vec())
}
