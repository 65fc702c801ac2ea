//! Owns what reaches a browser: the widget's wasm, the scripts and the style,
//! optimised, named by content, compressed, with their integrity noted.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha384};
use wasm_bindgen_cli_support::Bindgen;

use crate::fingerprint::{self, Fingerprint, hex};
use crate::toolchain::WasmToolchain;
use crate::{npm, paths, process, progress, short_names};

/// Features are named one by one: with `--all-features` Binaryen emits what
/// browsers refuse. Large functions are not merged into their only caller: that
/// saves raw bytes but compresses worse, by 5 % when it was measured.
///
/// The lowest kilobyte of memory is the very end of the stack: nothing that works
/// comes near it.
const WASM_OPT: [&str; 13] = [
    "-Oz",
    "--converge",
    "--low-memory-unused",
    "--one-caller-inline-max-function-size=20",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-producers",
    "--strip-target-features",
];
/// Names of properties that only the loader's own files know, and that need not
/// be spelled out in what a browser loads. None may be a name of the platform's,
/// of a message's, of the host API's, or one that two scripts share; one that is
/// missing here costs bytes.
const LOADER_NAMES: &str =
    "^(ask|failed|forget|frame|gaveUp|grant|granted|keeper|lost|passing|received|unanswered|wake)$";

/// A change of the recipe is a change of the outputs.
const RECIPE: &str = concat!(include_str!("bundle.rs"), include_str!("short_names.rs"));

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
    /// By language.
    messages: BTreeMap<String, Asset>,
}

/// Brings `dist/bundle` up to date with its sources; steps whose inputs are
/// unchanged are skipped.
pub fn ensure(toolchain: &WasmToolchain) -> Result<()> {
    let compiled = compile_widget(toolchain)?;
    bind_widget(&compiled)?;
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

fn compile_widget(toolchain: &WasmToolchain) -> Result<PathBuf> {
    progress::step("compiling the widget to wasm, and the standard library for it");
    let what = ["--package", "oriel-widget", "--profile", "wasm"];
    let small = process::run(toolchain.cargo_for_size("build").args(what));
    if let Err(error) = small {
        if !toolchain.has_source() {
            return Err(error);
        }
        // Flags that this compiler does not know, or a standard library whose own
        // dependencies cannot be fetched; a mistake in the widget fails again.
        anyhow::ensure!(!process::interrupted(), "interrupted");
        progress::step(format_args!(
            "{error:#}; compiling without the flags for size"
        ));
        process::run(toolchain.cargo("build").args(what))?;
    }
    Ok(toolchain.output_dir("wasm").join("oriel_widget.wasm"))
}

/// Makes `dist/wasm/oriel_widget.js` and the optimised `oriel_widget.wasm`.
fn bind_widget(compiled: &Path) -> Result<()> {
    let out = paths::wasm();
    let stamp = paths::root().join("dist/wasm.stamp");
    let fingerprint = Fingerprint::default()
        .text(RECIPE)
        .path(&paths::root().join("package-lock.json"))?
        .path(compiled)?
        .finish();
    if fingerprint::is_done(&stamp, &fingerprint) && out.is_dir() {
        return Ok(());
    }
    progress::step("binding and optimising the wasm");
    let work = fresh_dir("wasm.new")?;
    let mut output = Bindgen::new()
        .input_path(compiled)
        .web(true)
        .and_then(|bindgen| {
            bindgen
                .out_name("oriel_widget")
                .typescript(false)
                .remove_name_section(true)
                .remove_producers_section(true)
                .omit_default_module_path(true)
                .generate_output()
        })
        .context("wasm-bindgen cannot bind the widget")?;
    let glue = short_names::shorten(&mut output)?;
    let bound = work.join("oriel_widget_bg.wasm");
    fs::write(&bound, output.wasm_mut().emit_wasm()).context("cannot write the bound wasm")?;
    fs::write(work.join("oriel_widget.js"), glue).context("cannot write the glue")?;
    let optimised = work.join("oriel_widget.wasm");
    process::run(
        npm::tool("wasm-opt")
            .args(WASM_OPT)
            .arg(&bound)
            .arg("-o")
            .arg(&optimised),
    )?;
    fs::remove_file(&bound).context("cannot remove the unoptimised wasm")?;
    swap_in(&work, &out)?;
    fingerprint::mark_done(&stamp, &fingerprint)
}

fn write_bundle() -> Result<()> {
    let work = fresh_dir("bundle.new")?;
    let assets = work.join("assets");
    fs::create_dir(&assets).context("cannot make the assets folder")?;

    let trouble = assets.join("trouble.js");
    process::run(&mut host_script("loader-js/src/trouble/index.ts", &trouble))?;
    let trouble = name_by_content(&trouble)?;
    let loader = work.join("loader.js");
    process::run(
        host_script("loader-js/src/loader/index.ts", &loader).arg(format!(
            "--define:TROUBLE=\"/assets/{}\"",
            describe(&trouble)?.file
        )),
    )?;
    let boot = assets.join("boot.js");
    let glue = paths::wasm().join("oriel_widget.js");
    process::run(
        esbuild("loader-js/src/frame/boot.ts", &boot)
            .arg("--format=esm")
            .arg(format!("--alias:widget-glue={}", glue.display())),
    )?;
    let style = assets.join("frame.css");
    process::run(&mut esbuild("widget/styles/index.css", &style))?;
    let widget = assets.join("widget.wasm");
    fs::copy(paths::wasm().join("oriel_widget.wasm"), &widget).context("cannot copy the wasm")?;

    let messages = write_messages(&assets)?;
    let shipped = [
        loader.clone(),
        name_by_content(&boot)?,
        name_by_content(&style)?,
        name_by_content(&widget)?,
    ];
    let compressor = paths::root().join("xtask/compress.mjs");
    process::run(
        process::command("node")
            .arg(compressor)
            .args(&shipped)
            .args(messages.values())
            .arg(&trouble),
    )?;
    let [loader, boot, style, widget] = shipped.each_ref().map(|file| describe(file));
    let manifest = Manifest {
        loader: loader?,
        boot: boot?,
        style: style?,
        widget: widget?,
        messages: messages
            .into_iter()
            .map(|(language, file)| Ok((language, describe(&file)?)))
            .collect::<Result<_>>()?,
    };
    let text = serde_json::to_string_pretty(&manifest).context("cannot write the manifest")?;
    fs::write(work.join("manifest.json"), text + "\n").context("cannot write the manifest")?;
    swap_in(&work, &paths::bundle())
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

fn digest(file: &Path) -> Result<Vec<u8>> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Sha384::digest(bytes).to_vec())
}

/// An empty folder `dist/<name>` to work in.
fn fresh_dir(name: &str) -> Result<PathBuf> {
    let dir = paths::root().join("dist").join(name);
    remove_dir(&dir)?;
    fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    Ok(dir)
}

/// Puts the complete folder in the place of the old one, so that nobody ever
/// reads a half-written bundle.
fn swap_in(work: &Path, place: &Path) -> Result<()> {
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
