//! Owns child processes: every one runs in a process group of its own, and
//! none outlives this program, however it ends.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

use crate::paths;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
const POLL: Duration = Duration::from_millis(20);
const GRACE: Duration = Duration::from_secs(10);

/// Turns SIGINT, SIGTERM and SIGHUP into a flag that every wait looks at.
pub fn watch_signals() -> Result<()> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst))
        .context("cannot watch for signals")
}

/// Whether somebody asked this program to stop.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// A command that starts in the repository's root with the target folder that
/// this program looks into.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(paths::root());
    command.env("CARGO_TARGET_DIR", paths::target());
    command.stdin(Stdio::null());
    command
}

/// A command for a program that runs on: where the machine can do it, the
/// kernel ends it even when this program is killed outright.
pub fn server(program: impl AsRef<OsStr>) -> Command {
    if !on_path("setpriv") {
        return command(program);
    }
    let mut command = command("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).arg(program);
    command
}

/// The cargo that runs this program.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Whether `program` is on the search path.
pub fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir| dir.join(program).is_file())
}

/// Runs to the end with all output on stderr; anything but success is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    if !status.success() {
        bail!(
            "`{}` failed ({status}); its output is above",
            shown(command)
        );
    }
    Ok(())
}

/// Runs to the end with all output on stderr.
pub fn status(command: &mut Command) -> Result<ExitStatus> {
    command.stdout(std::io::stderr());
    Running::start(command)?.wait()
}

/// Runs to the end and gives stdout as text; stderr passes through. The status
/// is the caller's to judge.
pub fn output(command: &mut Command) -> Result<(ExitStatus, String)> {
    collect(command, |_| ())
}

/// The same, with stdout also shown on stderr as it comes.
pub fn output_shown(command: &mut Command) -> Result<(ExitStatus, String)> {
    collect(command, |line| eprintln!("{line}"))
}

fn collect(command: &mut Command, each_line: fn(&str)) -> Result<(ExitStatus, String)> {
    command.stdout(Stdio::piped());
    let mut running = Running::start(command)?;
    let pipe = running.child.stdout.take();
    let reader = thread::spawn(move || {
        let mut text = String::new();
        for line in pipe
            .into_iter()
            .flat_map(|pipe| BufReader::new(pipe).split(b'\n'))
        {
            let Ok(line) = line else { break };
            let line = String::from_utf8_lossy(&line);
            each_line(&line);
            text.push_str(&line);
            text.push('\n');
        }
        text
    });
    let status = running.wait()?;
    match reader.join() {
        Ok(text) => Ok((status, text)),
        Err(_) => bail!("reading from `{}` panicked", shown(command)),
    }
}

/// Runs quietly and gives stdout without the line end, or nothing at all when
/// the program is missing or fails: for asking what a machine has.
pub fn probe(command: &mut Command) -> Option<String> {
    let Output { status, stdout, .. } = command.stderr(Stdio::null()).output().ok()?;
    status
        .success()
        .then(|| String::from_utf8_lossy(&stdout).trim_end().to_owned())
}

/// A child that is stopped when this is dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    name: String,
}

impl Running {
    pub fn start(command: &mut Command) -> Result<Self> {
        let name = shown(command);
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start `{name}`"))?;
        Ok(Self { child, name })
    }

    /// Starts with stdout and stderr in the file `log`, which begins empty.
    pub fn start_logged(command: &mut Command, log: &Path) -> Result<Self> {
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let twin = file.try_clone().context("cannot share the log file")?;
        Self::start(command.stdout(file).stderr(twin))
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, or `None` while it runs.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child
            .try_wait()
            .with_context(|| format!("cannot wait for `{}`", self.name))
    }

    /// Waits for the end; an interrupt stops the child and is an error.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            if interrupted() {
                self.stop();
                bail!("interrupted during `{}`", self.name);
            }
            thread::sleep(POLL);
        }
    }

    /// Asks the whole group to end, waits for that, and insists after a while.
    pub fn stop(&mut self) {
        let group = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        let Some(group) = group else { return };
        let deadline = Instant::now() + GRACE;
        // A group that is gone answers with an error, which is what we want.
        let _ = kill_process_group(group, Signal::TERM);
        while Instant::now() < deadline {
            let ended = !matches!(self.child.try_wait(), Ok(None));
            if ended && test_kill_process_group(group).is_err() {
                return;
            }
            thread::sleep(POLL);
        }
        let _ = kill_process_group(group, Signal::KILL);
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A command as one would type it, without its environment.
fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}
