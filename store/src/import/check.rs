//! What a batch must be before anything is written. Pure.
//!
//! The limits keep every key within what an index of either database takes,
//! and refuse what only one of them would store.

use std::collections::HashSet;

use super::{BatchError, ImportBatch, ImportTask};

/// Most characters of an external id, a name or an e-mail address.
pub const NAME_CHARS: usize = 200;
/// Most characters of a task's title.
pub const TITLE_CHARS: usize = 500;
/// Most tasks that one task may depend on.
pub const DEPENDENCIES: usize = 50;

pub(super) fn check(batch: &ImportBatch) -> Result<(), BatchError> {
    let users = batch.users.iter().map(|user| user.external_id.as_str());
    once("user", users)?;
    let projects = batch.projects.iter();
    once(
        "project",
        projects.map(|project| project.external_id.as_str()),
    )?;
    let tasks = batch.tasks.iter().map(|task| task.external_id.as_str());
    once("task", tasks)?;
    let milestones = batch.milestones.iter();
    once(
        "milestone",
        milestones.map(|milestone| milestone.external_id.as_str()),
    )?;
    for user in &batch.users {
        let it = Thing("user", &user.external_id);
        it.text("name", &user.name, NAME_CHARS)?;
        it.text("email", user.email.as_deref().unwrap_or("-"), NAME_CHARS)?;
    }
    for project in &batch.projects {
        Thing("project", &project.external_id).text("name", &project.name, NAME_CHARS)?;
    }
    for milestone in &batch.milestones {
        let it = Thing("milestone", &milestone.external_id);
        it.text("name", &milestone.name, NAME_CHARS)?;
    }
    batch.tasks.iter().try_for_each(check_task)
}

fn check_task(task: &ImportTask) -> Result<(), BatchError> {
    let it = Thing("task", &task.external_id);
    it.text("title", &task.title, TITLE_CHARS)?;
    task.labels
        .iter()
        .try_for_each(|label| it.text("label", label, NAME_CHARS))?;
    if task.depends_on.contains(&task.external_id) {
        let task = task.external_id.clone();
        return Err(BatchError::DependsOnItself { task });
    }
    if task.depends_on.len() > DEPENDENCIES {
        return Err(it.unusable("list of dependencies", "it is too long"));
    }
    it.amount("estimate", task.estimate_hours)?;
    task.contributors
        .iter()
        .try_for_each(|part| it.amount("number of hours", part.hours))
}

/// Every external id is usable, and there once.
fn once<'a>(
    what: &'static str,
    external_ids: impl Iterator<Item = &'a str>,
) -> Result<(), BatchError> {
    let mut seen = HashSet::new();
    for external_id in external_ids {
        Thing(what, external_id).text("external id", external_id, NAME_CHARS)?;
        if !seen.insert(external_id) {
            return Err(BatchError::Twice {
                what,
                external_id: external_id.to_owned(),
            });
        }
    }
    Ok(())
}

/// What is checked, by kind and external id.
struct Thing<'a>(&'static str, &'a str);

impl Thing<'_> {
    fn text(&self, field: &'static str, text: &str, chars: usize) -> Result<(), BatchError> {
        if text.is_empty() {
            Err(self.unusable(field, "it is empty"))
        } else if text.contains('\0') {
            Err(self.unusable(field, "it has a NUL character"))
        } else if text.chars().count() > chars {
            Err(self.unusable(field, "it is too long"))
        } else {
            Ok(())
        }
    }

    fn amount(&self, field: &'static str, amount: Option<f64>) -> Result<(), BatchError> {
        match amount {
            Some(amount) if !amount.is_finite() || amount < 0.0 => {
                Err(self.unusable(field, "it is not a number from 0 up"))
            }
            _ => Ok(()),
        }
    }

    fn unusable(&self, field: &'static str, reason: &'static str) -> BatchError {
        BatchError::Unusable {
            what: self.0,
            external_id: self.1.to_owned(),
            field,
            reason,
        }
    }
}
