//! What tasks wait for, looked at when all rows are known.
//!
//! A task that waits for itself, or for one that nobody has, is a mistake of its
//! row: the task is not taken. One that waits for a task whose own row is bad is
//! taken without that, so that one bad row does not pull a whole plan down.

use std::collections::{BTreeSet, HashSet};

use oriel_store::{DEPENDENCIES, ImportTask};

use super::{
    report::{Place, Report},
    value::shown,
};

/// Which tasks there are.
pub struct Files<'a> {
    /// Those that a file has a row of, taken or not.
    pub here: HashSet<String>,
    /// Those that were imported before, where that is known.
    pub stored: Option<&'a BTreeSet<String>>,
}

/// A task with its rows.
type Made = (ImportTask, Vec<Place>);

/// The tasks whose dependencies make sense; the others are rejected.
pub fn settle(made: Vec<Made>, files: &Files<'_>, report: &mut Report) -> Vec<ImportTask> {
    let mut sound: Vec<Made> = Vec::with_capacity(made.len());
    for (task, rows) in made {
        match fault(&task, files) {
            None => sound.push((task, rows)),
            Some(reason) => {
                for place in rows {
                    report.reject(place, &task.external_id, reason.clone());
                }
            }
        }
    }
    let keys = sound.iter().map(|(task, _)| task.external_id.clone());
    let taken: HashSet<String> = keys.collect();
    let tasks = sound.into_iter().map(|(mut task, rows)| {
        if let Some(&first) = rows.first() {
            leave_out(&mut task, first, &taken, files, report);
        }
        task
    });
    tasks.collect()
}

/// Why a task cannot be taken, if so.
fn fault(task: &ImportTask, files: &Files<'_>) -> Option<String> {
    let about = shown(&task.external_id);
    let count = task.depends_on.len();
    if task.depends_on.contains(&task.external_id) {
        return Some(format!(
            "task {about} depends on itself: take {about} out of its own dependencies"
        ));
    }
    if count > DEPENDENCIES {
        return Some(format!(
            "task {about} depends on {count} tasks, more than the {DEPENDENCIES} that are kept: \
             name only those that it waits for directly"
        ));
    }
    let stored = files.stored?;
    let unknown = (task.depends_on.iter())
        .find(|task| !files.here.contains(*task) && !stored.contains(*task))?;
    Some(format!(
        "task {about} depends on {}, which is not in these files and was not imported before: \
         correct it, or import that task too",
        shown(unknown)
    ))
}

/// Takes away what waits for tasks that are not taken, and warns of what cannot
/// be looked up.
fn leave_out(
    task: &mut ImportTask,
    first: Place,
    taken: &HashSet<String>,
    files: &Files<'_>,
    report: &mut Report,
) {
    let is_stored = |key: &String| files.stored.is_some_and(|stored| stored.contains(key));
    let about = shown(&task.external_id);
    let mut reasons = Vec::new();
    task.depends_on.retain(|key| {
        if taken.contains(key) || is_stored(key) {
            return true;
        }
        let is_here = files.here.contains(key);
        let on = shown(key);
        reasons.push(if is_here {
            format!(
                "task {about} depends on {on}, which was not taken: the dependency is left out \
                 until both are imported"
            )
        } else {
            format!(
                "task {about} depends on {on}, which is not in these files: it has to be imported \
                 before"
            )
        });
        !is_here
    });
    for reason in reasons {
        report.warn(first, &task.external_id, reason);
    }
}
