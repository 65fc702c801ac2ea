//! Owns what reaches a browser: the widget's wasm, the scripts and the style,
//! optimised, named by content, compressed, with their integrity noted.

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
const WASM_OPT: [&str; 12] = [
    "-Oz",
    "--converge",
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
}

/// Brings `dist/bundle` up to date with its sources; steps whose inputs are
/// unchanged are skipped.
pub fn ensure(toolchain: &WasmToolchain) -> Result<()> {
    let compiled = compile_widget(toolchain)?;
    bind_widget(&compiled)?;
    let fingerprint = Fingerprint::default()
        .text(RECIPE)
        .path(&paths::root().join("xtask/compress.mjs"))?
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
    progress::step("compiling the widget to wasm");
    let mut build = toolchain.cargo("build");
    process::run(build.args(["--package", "oriel-widget", "--profile", "wasm"]))?;
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

    let loader = work.join("loader.js");
    process::run(esbuild("loader-js/src/loader/index.ts", &loader).arg("--format=iife"))?;
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

    let shipped = [
        loader.clone(),
        name_by_content(&boot)?,
        name_by_content(&style)?,
        name_by_content(&widget)?,
    ];
    let compressor = paths::root().join("xtask/compress.mjs");
    process::run(process::command("node").arg(compressor).args(&shipped))?;
    let [loader, boot, style, widget] = shipped.each_ref().map(|file| describe(file));
    let manifest = Manifest {
        loader: loader?,
        boot: boot?,
        style: style?,
        widget: widget?,
    };
    let text = serde_json::to_string_pretty(&manifest).context("cannot write the manifest")?;
    fs::write(work.join("manifest.json"), text + "\n").context("cannot write the manifest")?;
    swap_in(&work, &paths::bundle())
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
