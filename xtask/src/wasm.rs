//! Owns the widget's wasm: compiled, split in two, bound to JavaScript, optimised.
//!
//! The second part holds what no first view needs; `widget/src/later.rs` says what
//! that is. The two are told apart before wasm-bindgen runs, which knows of the
//! first alone: whatever the second asks of the browser goes through the first.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use crate::fingerprint::{self, Fingerprint};
use crate::toolchain::WasmToolchain;
use crate::{dirs, npm, paths, process, progress, short_names};

/// The module from which the wasm imports the function that loads the second part.
pub const LINK: &str = "widget-later";

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
/// A change of the recipe is a change of the outputs.
const RECIPE: &str = concat!(include_str!("wasm.rs"), include_str!("short_names.rs"));

/// Brings `dist/wasm` up to date: `oriel_widget.js`, `widget.wasm` and `later.wasm`.
pub fn ensure(toolchain: &WasmToolchain) -> Result<()> {
    let compiled = compile(toolchain)?;
    let out = paths::wasm();
    let stamp = paths::root().join("dist/wasm.stamp");
    let fingerprint = Fingerprint::default()
        .text(RECIPE)
        .path(&paths::root().join("package-lock.json"))?
        .path(&compiled)?
        .finish();
    if fingerprint::is_done(&stamp, &fingerprint) && out.is_dir() {
        return Ok(());
    }
    progress::step("splitting, binding and optimising the wasm");
    let work = dirs::fresh("wasm.new")?;
    let [main, later] = split(&compiled, &work)?;
    bind(&main, &work)?;
    optimise(&main, &work.join("widget.wasm"))?;
    optimise(&later, &work.join("later.wasm"))?;
    dirs::swap_in(&work, &out)?;
    fingerprint::mark_done(&stamp, &fingerprint)
}

fn compile(toolchain: &WasmToolchain) -> Result<PathBuf> {
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

/// Takes out what only the split point reaches; gives the main part and that one.
///
/// The linker's relocations, which `widget/build.rs` asks for, say what reaches what.
fn split(compiled: &Path, work: &Path) -> Result<[PathBuf; 2]> {
    let whole = fs::read(compiled).context("cannot read the compiled wasm")?;
    let main = work.join("main.split.wasm");
    let mut options = wasm_split_cli_support::Options::new(&whole);
    options.output_dir = work;
    options.main_out_path = &main;
    options.link_name = LINK;
    let parts = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("cannot split the wasm: {error:#}"))?
        .split_modules;
    // The splitter's own loader knows neither hashed names nor integrity; ours is
    // `loader-js/src/frame/later.ts`.
    fs::remove_file(work.join(LINK)).context("cannot remove the splitter's loader")?;
    let [later] = <[PathBuf; 1]>::try_from(parts)
        .map_err(|parts| anyhow!("the wasm has {} parts to load later, not one", parts.len()))?;
    Ok([main, later])
}

/// Binds the main part, in place, and writes `oriel_widget.js` beside it.
fn bind(main: &Path, work: &Path) -> Result<()> {
    let mut output = Bindgen::new()
        .input_path(main)
        .web(true)
        .and_then(|bindgen| {
            bindgen
                .out_name("oriel_widget")
                .typescript(false)
                .remove_name_section(true)
                .remove_producers_section(true)
                .omit_default_module_path(true)
                // The table of functions, by which the two parts call each other.
                .keep_lld_exports(true)
                .generate_output()
        })
        .context("wasm-bindgen cannot bind the widget")?;
    let glue = short_names::shorten(&mut output, LINK)?;
    fs::write(main, output.wasm_mut().emit_wasm()).context("cannot write the bound wasm")?;
    fs::write(work.join("oriel_widget.js"), glue).context("cannot write the glue")
}

/// Writes the optimised wasm, and removes what it is made of.
fn optimise(from: &Path, to: &Path) -> Result<()> {
    let mut optimise = npm::tool("wasm-opt");
    process::run(optimise.args(WASM_OPT).arg(from).arg("-o").arg(to))?;
    fs::remove_file(from).with_context(|| format!("cannot remove {}", from.display()))
}
