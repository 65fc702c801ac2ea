//! CSV files of another system, and a mapping of what they mean, into one batch
//! for the store.
//!
//! ```text
//! source ─► decode ─► reader ─► table ─► fold ─► ImportBatch
//! which     bytes     text to   records   rows to
//! file is   to text   records   to typed  tasks
//! which                         rows
//! ```
//!
//! Nothing is dropped silently: a row that was read is taken or stands in the
//! [`report`] with its line and a reason. The room knows no database and no
//! terminal; `commands::import` has both.

mod decode;
mod dependencies;
mod directory;
mod draft;
pub mod field;
mod fold;
mod history;
#[cfg(test)]
mod label_tests;
pub mod mapping;
mod milestones;
mod notation;
#[cfg(test)]
mod people_tests;
#[cfg(test)]
mod plan_tests;
mod reader;
pub mod report;
mod source;
mod table;
#[cfg(test)]
mod tests;
mod value;

use std::collections::BTreeSet;

use oriel_store::ImportBatch;

use self::{fold::Fold, mapping::Mapping, report::Report};

/// A batch that is ready to be written, and what became of every row.
#[derive(Debug)]
pub struct Prepared {
    pub batch: ImportBatch,
    pub report: Report,
}

/// Files or a mapping that cannot be used, with everything that is wrong.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n  "))]
pub struct Unusable(pub Vec<String>);

/// Reads the files of an import. Each argument is a path, or `ROLE=PATH`.
/// `stored` are the external ids of the tasks that were imported before, where
/// that is known. `progress` hears the name of each file before it is read.
pub fn read(
    mapping: &Mapping,
    arguments: &[String],
    stored: Option<&BTreeSet<String>>,
    progress: &mut dyn FnMut(&str),
) -> Result<Prepared, Unusable> {
    let sources = source::assign(mapping, arguments).map_err(Unusable)?;
    let mut report = Report::default();
    let mut fold = Fold::new(mapping);
    let mut faults = Vec::new();
    for source in &sources {
        progress(&source.name());
        let file = &mapping.files[&source.role];
        let read = source
            .read()
            .map_err(|fault| vec![fault])
            .and_then(|bytes| {
                let each = |row, report: &mut Report| fold.add(row, report);
                table::read(mapping, file, &source.name(), &bytes, &mut report, each)
            });
        if let Err(more) = read {
            faults.extend(more);
        }
    }
    if !faults.is_empty() {
        return Err(Unusable(faults));
    }
    let roles: Vec<_> = sources.iter().map(|source| source.role.as_str()).collect();
    let batch = fold.finish(&roles, stored, &mut report);
    report.sort();
    report.count_taken();
    Ok(Prepared { batch, report })
}
