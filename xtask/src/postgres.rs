//! Owns a private PostgreSQL: a cluster in a temporary folder, on the loopback
//! address, gone when this is dropped. A system cluster is never touched.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::process::{self, Running};
use crate::{apt, progress, sandbox};

const READY_WITHIN: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(25);
/// Debian makes and starts a cluster of its own on installation unless told.
const NO_SYSTEM_CLUSTER: (&str, &str) = (
    "/etc/postgresql-common/createcluster.conf",
    "create_main_cluster = false\n",
);

const PROGRAMS: [&str; 3] = ["initdb", "postgres", "createdb"];

/// A running private cluster.
#[derive(Debug)]
pub struct Postgres {
    // Dropped in this order: first the server, then its folder.
    _server: Running,
    _folder: TempDir,
    programs: PathBuf,
    port: u16,
}

impl Postgres {
    /// Makes a cluster and waits until it takes connections.
    pub fn start() -> Result<Self> {
        let programs = ensure_programs()?;
        progress::step("starting a private PostgreSQL");
        let user = user()?;
        let folder = make_folder(user)?;
        let (data, socket) = (folder.path().join("data"), folder.path());
        let as_user = |program: &str| {
            let mut command = process::server(programs.join(program));
            command.current_dir(folder.path()).env("LC_ALL", "C");
            if let Some((uid, gid)) = user {
                command.uid(uid).gid(gid);
            }
            command
        };

        let log = folder.path().join("initdb.log");
        let mut initdb = as_user("initdb");
        initdb.args([
            "--username=oriel",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        ]);
        if !Running::start_logged(initdb.arg("-D").arg(&data), &log)?
            .wait()?
            .success()
        {
            bail!(
                "initdb failed:\n{}",
                fs::read_to_string(&log).unwrap_or_default()
            );
        }
        let port = sandbox::free_port()?;
        let mut postgres = as_user("postgres");
        postgres.arg("-D").arg(&data).arg("-k").arg(socket);
        postgres.args(["-h", "127.0.0.1", "-p", &port.to_string()]);
        // It lives for minutes: what a crash would lose does not matter.
        for setting in [
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "max_connections=300",
        ] {
            postgres.args(["-c", setting]);
        }
        let log = folder.path().join("server.log");
        let mut server = Running::start_logged(&mut postgres, &log)?;
        wait_until_ready(&mut server, &data, &log)?;
        Ok(Self {
            _server: server,
            _folder: folder,
            programs,
            port,
        })
    }

    /// The URL of its empty first database, as a user who may make others.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// Makes another empty database, for what must find nobody else's rows.
    pub fn database(&self, name: &str) -> Result<String> {
        let mut create = process::command(self.programs.join("createdb"));
        create.args(["-h", "127.0.0.1", "-U", "oriel", "-p"]);
        process::run(create.arg(self.port.to_string()).arg(name))?;
        Ok(self.url_of(name))
    }

    fn url_of(&self, database: &str) -> String {
        format!("postgres://oriel@127.0.0.1:{}/{database}", self.port)
    }
}

/// The server notes its state in the eighth line of its pid file.
fn wait_until_ready(server: &mut Running, data: &Path, log: &Path) -> Result<()> {
    let deadline = Instant::now() + READY_WITHIN;
    loop {
        let pid_file = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
        if pid_file
            .lines()
            .nth(7)
            .is_some_and(|state| state.trim() == "ready")
        {
            return Ok(());
        }
        let ended = server.ended()?.is_some();
        if ended || Instant::now() > deadline {
            bail!(
                "PostgreSQL does not start:\n{}",
                fs::read_to_string(log).unwrap_or_default()
            );
        }
        if process::interrupted() {
            bail!("interrupted");
        }
        thread::sleep(POLL);
    }
}

/// The folder of its [`PROGRAMS`], installed when there is none.
fn ensure_programs() -> Result<PathBuf> {
    if let Some(programs) = find_programs() {
        return Ok(programs);
    }
    let (file, setting) = NO_SYSTEM_CLUSTER;
    if rustix::process::getuid().is_root() && !Path::new(file).exists() {
        let folder = Path::new(file).parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(file, setting))
            .with_context(|| format!("cannot write {file}"))?;
    }
    apt::install(&["postgresql"])?;
    find_programs().context("PostgreSQL's server programs are not where they should be")
}

fn find_programs() -> Option<PathBuf> {
    let mut dirs: Vec<PathBuf> = process::probe(process::command("pg_config").arg("--bindir"))
        .map(PathBuf::from)
        .into_iter()
        .collect();
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .collect();
    versions.sort();
    dirs.extend(versions.into_iter().rev().map(|(_, dir)| dir));
    let path = std::env::var_os("PATH").unwrap_or_default();
    dirs.extend(std::env::split_paths(&path));
    dirs.into_iter()
        .find(|dir| PROGRAMS.iter().all(|name| dir.join(name).is_file()))
}

/// PostgreSQL refuses to run as root: then the user and group to run it as.
fn user() -> Result<Option<(u32, u32)>> {
    if !rustix::process::getuid().is_root() {
        return Ok(None);
    }
    let id = |flag: &str, user: &str| -> Option<u32> {
        process::probe(Command::new("id").args([flag, user]))?
            .parse()
            .ok()
    };
    ["postgres", "nobody"]
        .into_iter()
        .find_map(|name| Some((id("-u", name)?, id("-g", name)?)))
        .map(Some)
        .context(
            "root may not run PostgreSQL, and there is no user `postgres` or `nobody` to do it",
        )
}

/// Short, because the path of a socket must fit into a hundred bytes.
fn make_folder(user: Option<(u32, u32)>) -> Result<TempDir> {
    let folder = tempfile::Builder::new()
        .prefix("oriel-pg-")
        .permissions(fs::Permissions::from_mode(0o700))
        .tempdir()
        .context("cannot make a folder for PostgreSQL")?;
    if let Some((uid, gid)) = user {
        chown(folder.path(), Some(uid), Some(gid)).context("cannot give the folder away")?;
    }
    Ok(folder)
}
