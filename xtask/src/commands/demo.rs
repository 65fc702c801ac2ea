//! `cargo xtask demo`: the product in a browser, over two origins.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::build::{self, Programs, WasmArgs};
use crate::fingerprint::Fingerprint;
use crate::sandbox::{self, Facts, Server};
use crate::{paths, process, progress};

const POLL: Duration = Duration::from_millis(50);
/// `oriel import` ends so when it took the files but not every row of them.
const SOME_ROWS_REJECTED: i32 = 3;

/// Builds all, then runs the server with a sandbox tenant and a partner portal.
///
/// Open the printed portal address in a browser. Ctrl-C stops both. Data and
/// logs stay under .oriel/ for the next start.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The port of the partner portal.
    #[arg(long, value_name = "PORT", default_value_t = 4400)]
    portal_port: u16,
    /// The port of the embed server.
    #[arg(long, value_name = "PORT", default_value_t = 4401)]
    embed_port: u16,
    /// Import and show real data instead: a folder with Sip-task-info.csv and
    /// est-act-dates.csv.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(flatten)]
    wasm: WasmArgs,
}

/// One demo: its programs, its folder and its addresses.
struct Demo {
    programs: Programs,
    dir: PathBuf,
    portal_port: u16,
    embed_port: u16,
}

/// What an earlier start imported, so that the next one need not.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Imported {
    files: String,
    portal_origin: String,
    embed: String,
}

pub fn run(args: &Args) -> Result<ExitCode> {
    check_ports(args)?;
    let csv = args.data.as_deref().map(csv_files).transpose()?;
    let programs = build::all(false, args.wasm)?;
    let name = if csv.is_some() {
        "demo-imported"
    } else {
        "demo"
    };
    let dir = paths::state().join(name);
    fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let demo = Demo {
        programs,
        dir,
        portal_port: args.portal_port,
        embed_port: args.embed_port,
    };

    progress::step("starting the embed server and the portal");
    let (mut server, facts, embed) = match csv {
        None => demo.serve_sandbox()?,
        Some(csv) => demo.serve_imported(&csv)?,
    };
    let ports = (demo.portal_port, demo.embed_port);
    let log = demo.dir.join("portal.log");
    let mut portal = sandbox::start_portal(&demo.programs.portal, &facts, &embed, ports, log)?;
    println!("portal  {}", demo.portal_origin());
    println!("embed   http://{}", demo.listen());
    progress::step(format_args!(
        "ready; logs in {}; Ctrl-C stops both",
        demo.dir.display()
    ));
    while !process::interrupted() {
        server.check()?;
        portal.check()?;
        thread::sleep(POLL);
    }
    progress::step("stopping");
    Ok(ExitCode::SUCCESS)
}

/// Before anything is built, because a build is a long wait for bad news.
fn check_ports(args: &Args) -> Result<()> {
    if args.portal_port == args.embed_port {
        bail!("portal and embed server need two ports: choose another with --embed-port");
    }
    for (port, flag) in [
        (args.portal_port, "--portal-port"),
        (args.embed_port, "--embed-port"),
    ] {
        if port == 0 {
            bail!("0 is no port to open in a browser: choose another with {flag}");
        }
        if !sandbox::is_free(port) {
            bail!("port {port} is in use: choose another with {flag}");
        }
    }
    Ok(())
}

/// The two files, absolute: the programs run in the repository's root.
fn csv_files(dir: &Path) -> Result<[PathBuf; 2]> {
    let dir = std::path::absolute(dir).context("--data is no usable path")?;
    let files = ["Sip-task-info.csv", "est-act-dates.csv"].map(|name| dir.join(name));
    for file in &files {
        if !file.is_file() {
            bail!(
                "--data needs a folder with Sip-task-info.csv and est-act-dates.csv: {} is missing",
                file.display()
            );
        }
    }
    Ok(files)
}

impl Demo {
    fn portal_origin(&self) -> String {
        format!("http://localhost:{}", self.portal_port)
    }

    fn listen(&self) -> String {
        format!("127.0.0.1:{}", self.embed_port)
    }

    fn sandbox_command(&self) -> Command {
        let mut command = process::server(&self.programs.oriel);
        command.arg("sandbox").arg("--data-dir").arg(&self.dir);
        command.args([
            "--portal-origin",
            &self.portal_origin(),
            "--listen",
            &self.listen(),
        ]);
        command
    }

    /// A command on the data of this demo.
    fn oriel(&self, arguments: &[&str]) -> Command {
        let mut command = process::server(&self.programs.oriel);
        command
            .arg("--config")
            .arg(self.dir.join("oriel.toml"))
            .args(arguments);
        command
    }

    fn start(&self, command: &mut Command) -> Result<Server> {
        let log = self.dir.join("embed.log");
        Server::start("the embed server", command, log, self.embed_port, "/readyz")
    }

    fn serve_sandbox(&self) -> Result<(Server, Facts, String)> {
        let server = self.start(&mut self.sandbox_command())?;
        let facts = Facts::read(&self.dir)?;
        let embed = facts.embed.clone();
        Ok((server, facts, embed))
    }

    fn serve_imported(&self, csv: &[PathBuf; 2]) -> Result<(Server, Facts, String)> {
        process::run(self.sandbox_command().args(["--empty", "--prepare-only"]))?;
        let facts = Facts::read(&self.dir)?;
        let embed = self.import(csv, &facts.tenant)?;
        let mut serve = self.oriel(&["serve"]);
        serve
            .env("ORIEL_LISTEN", self.listen())
            .env("ORIEL_PUBLIC_URL", format!("http://{}", self.listen()));
        Ok((self.start(&mut serve)?, facts, embed))
    }

    /// Imports the files unless these very files are imported already, and
    /// gives an embed for the portal's origin.
    fn import(&self, csv: &[PathBuf; 2], tenant: &str) -> Result<String> {
        let map = paths::root().join("examples/import-sip/map.toml");
        let files = Fingerprint::default()
            .path(&map)?
            .path(&csv[0])?
            .path(&csv[1])?
            .finish();
        let note = self.dir.join("imported.json");
        let earlier: Option<Imported> = fs::read_to_string(&note)
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok());
        let same_files = earlier
            .as_ref()
            .is_some_and(|earlier| earlier.files == files);
        if !same_files {
            progress::step("importing the SiP data");
            let mut import = self.oriel(&["import", "--tenant", tenant]);
            import.arg("--report").arg(self.dir.join("not-taken.csv"));
            let status = process::status(import.arg("--map").arg(&map).args(csv))?;
            match status.code() {
                Some(0) => {}
                Some(SOME_ROWS_REJECTED) => {
                    progress::step("some rows were not taken; they are listed above");
                }
                _ => bail!("the import failed ({status}); its output is above"),
            }
        }
        let portal_origin = self.portal_origin();
        let embed = match earlier {
            Some(earlier) if same_files && earlier.portal_origin == portal_origin => earlier.embed,
            _ => self.create_embed(tenant)?,
        };
        let imported = Imported {
            files,
            portal_origin,
            embed,
        };
        let text = serde_json::to_string(&imported).context("cannot note the import")?;
        fs::write(&note, text).with_context(|| format!("cannot write {}", note.display()))?;
        Ok(imported.embed)
    }

    fn create_embed(&self, tenant: &str) -> Result<String> {
        let mut create = self.oriel(&["embed", "create", "--tenant", tenant]);
        create.args(["--title", "SiP", "--as-of", "latest", "--range", "all"]);
        let (status, id) = process::output(create.args(["--origin", &self.portal_origin()]))?;
        if !status.success() {
            bail!("the embed could not be made ({status}); the reason is above");
        }
        Ok(id.trim().to_owned())
    }
}
