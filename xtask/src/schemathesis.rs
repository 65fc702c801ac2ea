//! Owns running Schemathesis, which makes requests from the contract, the right ones and
//! the wrong ones, and looks whether a real server answers as it says.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::http;
use crate::process::{self, command};
use crate::sandbox::{self, Facts, Server};
use crate::tally::Tally;
use crate::{paths, python};

/// What is beside the program in the folder that it runs in.
const FILES: [&str; 2] = ["schemathesis.toml", "hooks.py"];

/// Takes away what the other operations are called with, and so comes last, alone.
const REVOKING: &str = "revoke_embed_tokens";

/// Longer than a part takes; the longest life that is minted.
const TOKEN_SECONDS: u32 = 600;

/// A server on a database, and what it can be asked with.
struct Target {
    _server: Server,
    port: u16,
    facts: Facts,
    dir: PathBuf,
}

/// Holds the program to the contract, on a database of its own; a case for each operation.
pub fn run(oriel: &Path, database_url: &str) -> Result<Tally> {
    let python = python::ensure("schemathesis", "tests/schemathesis/requirements.txt")?;
    let program = python.with_file_name("schemathesis");
    let target = Target::start(oriel, database_url)?;
    let all = ["--exclude-operation-id", REVOKING];
    let mut tally = target.part(&program, "everything", &all)?;
    // There is nothing to go on to from one operation, and so no stateful phase.
    let one = [
        "--include-operation-id",
        REVOKING,
        "--phases",
        "examples,coverage,fuzzing",
    ];
    tally.add(target.part(&program, "revocations", &one)?);
    Ok(tally)
}

impl Target {
    fn start(oriel: &Path, database_url: &str) -> Result<Self> {
        let dir = paths::target().join("schemathesis");
        if dir.exists() {
            fs::remove_dir_all(&dir).context("cannot empty the folder of Schemathesis")?;
        }
        fs::create_dir_all(&dir).context("cannot make a folder for Schemathesis")?;
        let port = sandbox::free_port()?;
        let data = dir.join("data");
        let mut serve = process::server(oriel);
        serve
            .args(["sandbox", "--database-url", database_url, "--data-dir"])
            .arg(&data)
            .args(["--listen", &format!("127.0.0.1:{port}")])
            // A stream that waits says so at once, and so counts as answered.
            .env("ORIEL_LIMITS__HEARTBEAT_MS", "100");
        for kind in [
            "REQUESTS_PER_MINUTE",
            "READS_PER_MINUTE_SESSION",
            "READS_PER_MINUTE_TENANT",
        ] {
            serve.env(format!("ORIEL_LIMITS__{kind}"), "1000000");
        }
        let log = dir.join("serve.log");
        let server = Server::start("the server", &mut serve, log, port, "/readyz")?;
        let facts = Facts::read(&data)?;
        let target = Self {
            _server: server,
            port,
            facts,
            dir,
        };
        target.lay_files()?;
        Ok(target)
    }

    /// Runs it over some of the operations. Each part has tokens of its own: they live for
    /// minutes.
    fn part(&self, program: &Path, name: &str, chosen: &[&str]) -> Result<Tally> {
        let mut run = command(program);
        run.current_dir(&self.dir)
            .arg("run")
            .arg(paths::contract())
            .args(["--url", &format!("http://127.0.0.1:{}", self.port)])
            .arg(format!("--report-json-path={name}.json"))
            .args(chosen)
            .envs(self.tokens()?);
        let status = process::status(&mut run)?;
        let report = fs::read_to_string(self.dir.join(format!("{name}.json")))
            .context("Schemathesis left no report")?;
        Ok(Tally::of_schemathesis(&report)?.judged(status))
    }

    /// The configuration, and ids of what is there.
    fn lay_files(&self) -> Result<()> {
        for file in FILES {
            let from = paths::root().join("tests/schemathesis").join(file);
            fs::copy(&from, self.dir.join(file))
                .with_context(|| format!("cannot copy {}", from.display()))?;
        }
        let token = &self.tokens()?[1].1;
        let ids = |path: &str| -> Result<Vec<String>> {
            let answer = http::get_with(self.port, path, Some(token))?;
            let page: Value = serde_json::from_slice(&answer.body)?;
            let items = page["items"].as_array().into_iter().flatten();
            Ok(items
                .filter_map(|item| Some(item["id"].as_str()?.to_owned()))
                .collect())
        };
        self.lay_words("projects", &ids("/v1/embed/projects")?)?;
        self.lay_words("tasks", &ids("/v1/embed/tasks?limit=5")?)?;
        self.lay_words("embeds", std::slice::from_ref(&self.facts.embed))?;
        self.lay_words("assets", &assets()?)
    }

    fn lay_words(&self, name: &str, words: &[String]) -> Result<()> {
        if words.is_empty() {
            bail!("the sandbox has no {name}");
        }
        let lines: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
        let file = self.dir.join(format!("{name}.dict"));
        fs::write(&file, lines.join("\n"))
            .with_context(|| format!("cannot write {}", file.display()))
    }

    /// What the configuration takes from the environment.
    fn tokens(&self) -> Result<[(&'static str, String); 5]> {
        let Facts {
            client_id,
            client_secret,
            ..
        } = &self.facts;
        let access = self.facts.access_token(self.port)?;
        let embed = self.facts.embed_token(self.port, &access, TOKEN_SECONDS)?;
        Ok([
            ("ACCESS_TOKEN", access),
            ("EMBED_TOKEN", embed),
            ("EMBED", self.facts.embed.clone()),
            ("CLIENT_ID", client_id.clone()),
            ("CLIENT_SECRET", client_secret.clone()),
        ])
    }
}

/// Files of the bundle.
fn assets() -> Result<Vec<String>> {
    let dir = paths::bundle().join("assets");
    let mut names = Vec::new();
    for entry in fs::read_dir(&dir).with_context(|| format!("cannot read {}", dir.display()))? {
        let name = entry.context("cannot list the bundle")?.file_name();
        let name = name.to_string_lossy().into_owned();
        if Path::new(&name)
            .extension()
            .is_some_and(|kind| kind == "json")
        {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
