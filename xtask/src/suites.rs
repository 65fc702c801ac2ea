//! Owns the list of what is tested, in the order of the run, and how each is
//! started and counted.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::commands::{fuzz as fuzzing, size};
use crate::lab::Lab;
use crate::process::{self, cargo, command};
use crate::tally::Tally;
use crate::{apt, contract, npm, paths, progress, python, schemathesis};

/// One entry of the run.
pub struct Suite {
    pub name: &'static str,
    pub about: &'static str,
    pub run: fn(&mut Lab) -> Result<Tally>,
}

const fn suite(
    name: &'static str,
    about: &'static str,
    run: fn(&mut Lab) -> Result<Tally>,
) -> Suite {
    Suite { name, about, run }
}

/// Cheap ones first; what later ones need is built on the way.
pub const ALL: [Suite; 17] = [
    suite("fmt", "the format of the Rust code", fmt),
    suite(
        "contract",
        "the contract's lints, and the last released one",
        contract_check,
    ),
    suite("build", "the browser bundle and the programs", build),
    suite("clippy", "lints of all packages", clippy),
    suite(
        "clippy-wasm",
        "lints of the widget as browsers get it",
        clippy_wasm,
    ),
    suite("doc", "the Rust documentation", doc),
    suite(
        "rust",
        "Rust tests, the store's on SQLite and PostgreSQL",
        rust,
    ),
    suite("doctest", "examples in the Rust documentation", doctest),
    suite(
        "fuzz",
        "the parsers of tokens, proofs and origins, for a moment",
        fuzz,
    ),
    suite("wasm", "the widget's tests as wasm in Node", wasm),
    suite("ts-check", "the types of the TypeScript code", ts_check),
    suite("ts", "TypeScript tests", ts),
    suite("oauth", "OAuth clients that others wrote", oauth),
    suite("browser", "the whole system in Chromium", browser),
    suite("sip", "the import of the real data, on both databases", sip),
    suite(
        "schemathesis",
        "a server under requests that are made from the contract",
        schemathesis_run,
    ),
    suite("size", "the byte budget", size_budget),
];

fn check(command: &mut Command) -> Result<Tally> {
    Ok(Tally::one(process::status(command)?.success()))
}

fn fmt(_: &mut Lab) -> Result<Tally> {
    check(cargo().args(["fmt", "--all", "--check"]))
}

fn contract_check(_: &mut Lab) -> Result<Tally> {
    contract::check()
}

fn build(lab: &mut Lab) -> Result<Tally> {
    lab.programs()?;
    Ok(Tally::one(true))
}

fn clippy(_: &mut Lab) -> Result<Tally> {
    check(cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))
}

fn clippy_wasm(lab: &mut Lab) -> Result<Tally> {
    let mut clippy = lab.toolchain()?.cargo("clippy");
    check(clippy.args(["--package", "oriel-widget", "--", "-D", "warnings"]))
}

fn doc(_: &mut Lab) -> Result<Tally> {
    check(
        cargo()
            .args(["doc", "--no-deps", "--workspace"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )
}

fn rust(lab: &mut Lab) -> Result<Tally> {
    let url = lab.postgres()?.url();
    // The server's tests start the program and look at what it serves.
    lab.programs()?;
    if !ensure_nextest()? {
        progress::step("cargo-nextest is not to be had: taking cargo test");
        let mut test = cargo();
        test.args([
            "test",
            "--workspace",
            "--lib",
            "--bins",
            "--tests",
            "--no-fail-fast",
        ]);
        test.args(["--", "--include-ignored"])
            .env("ORIEL_TEST_POSTGRES_URL", url);
        let (status, said) = process::output_shown(&mut test)?;
        return Ok(Tally::of_libtest(&said).judged(status));
    }
    let mut nextest = cargo();
    nextest
        .args([
            "nextest",
            "run",
            "--workspace",
            "--run-ignored",
            "all",
            "--no-fail-fast",
        ])
        .args([
            "--status-level",
            "fail",
            "--final-status-level",
            "fail",
            "--message-format",
            "libtest-json",
        ])
        .env("NEXTEST_EXPERIMENTAL_LIBTEST_JSON", "1")
        .env("ORIEL_TEST_POSTGRES_URL", url);
    let (status, events) = process::output(&mut nextest)?;
    Ok(Tally::of_nextest(&events).judged(status))
}

/// Its output is read through an interface that is still an experiment.
const NEXTEST: &str = "0.9.143";

/// Long enough to notice that a parser breaks on what is near at hand; `cargo xtask fuzz`
/// looks longer.
fn fuzz(_: &mut Lab) -> Result<Tally> {
    fuzzing::all(10)
}

fn ensure_nextest() -> Result<bool> {
    let there = || process::probe(cargo().args(["nextest", "--version"])).is_some();
    if there() {
        return Ok(true);
    }
    progress::step("installing cargo-nextest");
    let _ = process::status(
        cargo()
            .args(["install", "cargo-nextest", "--locked"])
            .args(["--version", NEXTEST]),
    )?;
    Ok(there())
}

fn doctest(_: &mut Lab) -> Result<Tally> {
    let (status, said) =
        process::output_shown(cargo().args(["test", "--doc", "--workspace", "--no-fail-fast"]))?;
    Ok(Tally::of_libtest(&said).judged(status))
}

fn wasm(lab: &mut Lab) -> Result<Tally> {
    let runner = std::env::current_exe().context("this program does not know its own path")?;
    let mut test = lab.toolchain()?.cargo("test");
    test.args(["--package", "oriel-widget", "--no-fail-fast"]);
    test.env(
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
        format!("{} wasm-test-runner", runner.display()),
    );
    let (status, said) = process::output_shown(&mut test)?;
    Ok(Tally::of_libtest(&said).judged(status))
}

fn ts_check(_: &mut Lab) -> Result<Tally> {
    npm::ensure_packages()?;
    check(command("npm").args(["run", "check", "--silent"]))
}

fn ts(_: &mut Lab) -> Result<Tally> {
    npm::ensure_packages()?;
    let mut test = command("npm");
    test.args([
        "run",
        "test",
        "--silent",
        "--workspace",
        "loader-js",
        "--",
        "--test-reporter=tap",
    ]);
    let (status, said) = process::output(&mut test)?;
    let tally = Tally::of_tap(&said).judged(status);
    if tally.failed > 0 {
        eprintln!("{said}");
    }
    Ok(tally)
}

/// Clients of npm and, in an environment of their own, of `PyPI`; the script of the latter
/// is started by a test of the former.
fn oauth(lab: &mut Lab) -> Result<Tally> {
    npm::ensure_packages()?;
    let python = python::ensure("oauth", "tests/oauth/requirements.txt")?;
    let programs = lab.programs()?;
    let mut test = command("node");
    test.args(["--test", "--test-reporter=tap", "tests/oauth/"])
        .env("ORIEL_BIN", &programs.oriel)
        .env("PYTHON", python);
    let (status, said) = process::output(&mut test)?;
    let tally = Tally::of_tap(&said).judged(status);
    if tally.failed > 0 {
        eprintln!("{said}");
    }
    Ok(tally)
}

fn browser(lab: &mut Lab) -> Result<Tally> {
    let chromium = lab.chromium()?.to_owned();
    let programs = lab.programs()?;
    let report = paths::target().join("playwright.json");
    // An old report must not speak for a run that made none.
    let _ = fs::remove_file(&report);
    let mut test = command("npx");
    test.args([
        "playwright",
        "test",
        "-c",
        "tests/browser/playwright.config.ts",
        "--reporter=line,json",
    ])
    .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
    .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report)
    .env("ORIEL_BIN", &programs.oriel)
    .env("PORTAL_BIN", &programs.portal)
    .env("CHROMIUM", chromium);
    if lab.update_pictures {
        test.args(["--update-snapshots", "pictures.spec"]);
    }
    let status = process::status(&mut test)?;
    let written = fs::read_to_string(&report).context("Playwright left no report")?;
    Ok(Tally::of_playwright(&written)?.judged(status))
}

fn sip(lab: &mut Lab) -> Result<Tally> {
    let Some(data) = Lab::sip_data() else {
        progress::step(
            "skipped: the SiP data is not on this machine (ORIEL_SIP_DATA names its folder)",
        );
        return Ok(Tally::default());
    };
    if !process::on_path("python3") {
        apt::install(&["python3"])?;
    }
    let postgres = lab.postgres()?.database("sip")?;
    let oriel = lab.programs()?.oriel.clone();
    let dir = paths::target().join("sip");
    if dir.exists() {
        fs::remove_dir_all(&dir).context("cannot empty the folder of the SiP check")?;
    }
    fs::create_dir_all(&dir).context("cannot make a folder for the SiP check")?;
    let sqlite = format!("sqlite:{}", dir.join("sip.db").display());
    let mut tally = Tally::default();
    for url in [sqlite, postgres] {
        let mut script = command("python3");
        script
            .arg("tests/sip/run.py")
            .arg("--oriel")
            .arg(&oriel)
            .arg("--data")
            .arg(&data);
        let (status, said) = process::output_shown(script.args(["--database-url", &url]))?;
        tally.add(Tally::of_last_line(&said).judged(status));
    }
    Ok(tally)
}

/// On PostgreSQL, which takes less: no NUL in a text, no number that is too large.
fn schemathesis_run(lab: &mut Lab) -> Result<Tally> {
    let database = lab.postgres()?.database("schemathesis")?;
    let oriel = lab.programs()?.oriel.clone();
    schemathesis::run(&oriel, &database)
}

fn size_budget(lab: &mut Lab) -> Result<Tally> {
    let oriel = lab.programs()?.oriel.clone();
    size::report(&oriel).map(Tally::one)
}
