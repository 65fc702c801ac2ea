//! `oriel import`: CSV files of another system into a tenant.
//!
//! Owns the terminal side: arguments, progress, the summary and the exit code.
//! What rows mean is `crate::import`.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    fs::{self, File},
    io::{IsTerminal, Write as _, stderr, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use oriel_contract::TenantId;
use oriel_store::{ImportBatch, ImportOutcome, TenantScope};

use super::{Globals, Operator};
use crate::import::{
    self, Prepared, Unusable,
    field::Field,
    mapping::Mapping,
    report::{Kind, Report, grouped},
};

/// Where the report goes without `--report`.
const REPORT: &str = "oriel-import-report.csv";
/// Exit code when something is imported and some rows are not. 1 and 2 (wrong
/// usage) mean that nothing is.
const SOME_NOT_TAKEN: u8 = 3;
/// How many findings of a kind the summary shows; the report has them all.
const EXCERPT: usize = 10;

/// Import tasks from CSV files.
///
/// Tasks that were imported before are updated by their external id; nothing
/// is removed. Everything is written at once, or nothing.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes:
  0  every row was taken
  1  nothing was written: the mapping, a file or the database cannot be used,
     or --strict met a row that cannot be taken
  2  nothing was written: the command line is wrong
  3  imported, but some rows were not taken: the summary and the report name them")]
pub struct ImportArgs {
    /// The tenant to import into (`tnt_…`).
    #[arg(long, value_name = "ID")]
    tenant: TenantId,
    /// What the columns mean (TOML).
    #[arg(long, value_name = "MAP.toml")]
    map: PathBuf,
    /// Where to write every row that was not taken, and every warning, as CSV;
    /// `oriel-import-report.csv` without it, if there are any.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Read and check everything, and write nothing to the database.
    #[arg(long)]
    dry_run: bool,
    /// Write nothing if any row cannot be taken.
    #[arg(long)]
    strict: bool,
    /// The files that the mapping names: a path, or `ROLE=PATH` where the file
    /// has another name.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
}

/// Runs the command.
pub async fn run(globals: &Globals, args: ImportArgs) -> anyhow::Result<ExitCode> {
    let mapping = read_mapping(&args.map)?;
    let progress = Progress::new();
    let stored = stored_tasks(globals, &args, &mapping).await?;
    let prepared = import::read(&mapping, &args.files, stored.as_ref(), &mut |name| {
        progress.reading(name);
    })
    .context("nothing was written")?;
    let Prepared { batch, report } = prepared;
    let rejected = report.count(Kind::Rejected);
    // Before anything is written to the database, so that a path that cannot be
    // written does not cost the list of what is missing.
    let listed_in = write_report(&report, args.report.as_deref())?;

    let refused = args.strict && rejected > 0;
    let outcome = if args.dry_run || refused || batch.tasks.is_empty() {
        None
    } else {
        Some(write(globals, &args.tenant, batch.clone(), &progress).await?)
    };
    progress.finish();
    let said = summary(&report, &batch, outcome.as_ref(), listed_in.as_deref());
    // Nobody reads on where the pipe is closed; the import stands.
    let _ = stdout().write_all(said.as_bytes());
    match outcome {
        None if refused => bail!("nothing was written: --strict refuses rows that cannot be taken"),
        None if !args.dry_run => bail!("nothing was written: no task could be taken"),
        _ if rejected > 0 => Ok(ExitCode::from(SOME_NOT_TAKEN)),
        _ => Ok(ExitCode::SUCCESS),
    }
}

fn read_mapping(path: &Path) -> anyhow::Result<Mapping> {
    let shown = path.display();
    let text =
        fs::read_to_string(path).with_context(|| format!("the mapping {shown} cannot be read"))?;
    Mapping::parse(&text)
        .map_err(Unusable)
        .with_context(|| format!("the mapping {shown} cannot be used"))
}

/// The tasks that were imported before, where a column refers to them. A dry run
/// leaves the database alone, and so does not know.
async fn stored_tasks(
    globals: &Globals,
    args: &ImportArgs,
    mapping: &Mapping,
) -> anyhow::Result<Option<BTreeSet<String>>> {
    if args.dry_run || mapping.column_of(Field::DependsOn).is_none() {
        return Ok(None);
    }
    let store = open(globals, &args.tenant).await?.store;
    let scope = TenantScope::whole(args.tenant.clone());
    let tasks = store.within(scope).imported_tasks().await;
    tasks.map(Some).context("nothing was written")
}

/// Opens the database, unless the tenant is not in it.
async fn open(globals: &Globals, tenant: &TenantId) -> anyhow::Result<Operator> {
    let operator = Operator::open(globals).await?;
    if operator.store.find_tenant(tenant).await?.is_none() {
        bail!("there is no tenant {tenant}: `oriel tenant create` makes one and prints its id");
    }
    Ok(operator)
}

async fn write(
    globals: &Globals,
    tenant: &TenantId,
    batch: ImportBatch,
    progress: &Progress,
) -> anyhow::Result<ImportOutcome> {
    let mut operator = open(globals, tenant).await?;
    let store = operator.store.clone();
    progress.writing(batch.tasks.len());
    let scope = TenantScope::whole(tenant.clone());
    store
        .within(scope)
        .import(&mut operator.context(), batch, &mut |done| {
            progress.written(done);
        })
        .await
        .context("nothing was written")
}

/// Writes the findings where they were asked for, or by default if there are
/// any. Returns the file.
fn write_report(report: &Report, asked: Option<&Path>) -> anyhow::Result<Option<PathBuf>> {
    let path = match asked {
        Some(path) => path,
        None if report.findings.is_empty() => return Ok(None),
        None => Path::new(REPORT),
    };
    File::create(path)
        .and_then(|file| report.write_csv(file))
        .with_context(|| {
            format!(
                "nothing was written: the report {} cannot be; choose another with --report",
                path.display()
            )
        })?;
    Ok(Some(path.to_owned()))
}

fn summary(
    report: &Report,
    batch: &ImportBatch,
    outcome: Option<&ImportOutcome>,
    listed_in: Option<&Path>,
) -> String {
    let mut text = report.tallies();
    let tasks = grouped(batch.tasks.len() as u64);
    let mut around = format!(
        "in {} projects, with {} people",
        grouped(batch.projects.len() as u64),
        grouped(batch.users.len() as u64)
    );
    if !batch.milestones.is_empty() {
        let milestones = grouped(batch.milestones.len() as u64);
        let _ = write!(around, " and {milestones} milestones");
    }
    let _ = match outcome {
        None => writeln!(text, "{tasks} tasks found {around}; nothing was written"),
        Some(outcome) => writeln!(
            text,
            "{} tasks made, {} updated, {} unchanged {around}",
            grouped(outcome.tasks_created),
            grouped(outcome.tasks_updated),
            grouped(outcome.tasks_unchanged),
        ),
    };
    for (kind, what) in [
        (Kind::Rejected, "rows not taken"),
        (Kind::Warning, "warnings"),
    ] {
        let count = report.count(kind) as u64;
        if count > 0 {
            let excerpt = report.excerpt(kind, EXCERPT);
            let _ = write!(text, "\n{} {what}:\n{excerpt}", grouped(count));
        }
    }
    if let Some(path) = listed_in {
        let _ = writeln!(text, "\nThe report is in {}", path.display());
    }
    text
}

/// A bar on a terminal, lines in a log.
struct Progress(ProgressBar);

impl Progress {
    fn new() -> Self {
        let bar = if stderr().is_terminal() {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        Self(bar)
    }

    fn say(&self, line: String) {
        if self.0.is_hidden() {
            eprintln!("{line}");
        } else {
            self.0.set_message(line);
        }
    }

    fn reading(&self, name: &str) {
        self.say(format!("Reading {name}"));
        self.0.tick();
    }

    fn writing(&self, tasks: usize) {
        self.0.set_length(tasks as u64);
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len}")
        {
            self.0.set_style(style);
        }
        self.say(format!("Writing {} tasks", grouped(tasks as u64)));
    }

    fn written(&self, tasks: u64) {
        self.0.set_position(tasks);
    }

    fn finish(&self) {
        self.0.finish_and_clear();
    }
}
