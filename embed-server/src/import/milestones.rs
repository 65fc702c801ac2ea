//! Milestones: a row each, in a file of their own.

use std::collections::{BTreeMap, btree_map::Entry};

use oriel_store::ImportMilestone;

use super::{
    directory::Directory,
    field::Field,
    report::{Place, Report},
    table::Row,
    value::{Value, shown},
};

/// The milestones that were met, by external id.
#[derive(Debug, Default)]
pub struct Milestones(BTreeMap<String, (ImportMilestone, Place)>);

impl Milestones {
    /// Takes a row, and tells `projects` of the project that it names.
    pub fn add(&mut self, row: Row, projects: &mut Directory, report: &mut Report) {
        let place = row.place;
        let (key, values) = (row.key, row.values.into_iter().collect());
        let (milestone, project_name) = match milestone(&key, values) {
            Ok(read) => read,
            Err(missing) => {
                let reason = format!("{missing} is empty: a milestone needs one");
                return report.reject(place, &key, reason);
            }
        };
        match self.0.entry(key) {
            Entry::Occupied(known) => {
                let reason = format!(
                    "milestone {} is in {} already: keep one of the two",
                    shown(known.key()),
                    report.locate(known.get().1)
                );
                report.reject(place, known.key(), reason);
            }
            Entry::Vacant(free) => {
                projects.meet(milestone.project.clone(), project_name, None, place, report);
                free.insert((milestone, place));
            }
        }
    }

    /// The milestones without those that `fault` finds something wrong with.
    pub fn into_batch(
        self,
        fault: impl Fn(&ImportMilestone) -> Option<String>,
        report: &mut Report,
    ) -> Vec<ImportMilestone> {
        let mut sound = Vec::with_capacity(self.0.len());
        for (milestone, place) in self.0.into_values() {
            match fault(&milestone) {
                None => sound.push(milestone),
                Some(reason) => report.reject(place, &milestone.external_id, reason),
            }
        }
        sound
    }
}

/// The milestone of a row and its project's name, or the field that is missing.
fn milestone(
    key: &str,
    mut values: BTreeMap<Field, Value>,
) -> Result<(ImportMilestone, Option<String>), Field> {
    let mut text = |field| match values.remove(&field) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    };
    let name = text(Field::Name).ok_or(Field::Name)?;
    let project = text(Field::Project).ok_or(Field::Project)?;
    let project_name = text(Field::ProjectName);
    let mut day = |field| match values.remove(&field) {
        Some(Value::Day(day)) => Some(day),
        _ => None,
    };
    let milestone = ImportMilestone {
        external_id: key.to_owned(),
        name,
        project,
        due_on: day(Field::DueOn).ok_or(Field::DueOn)?,
        reached_on: day(Field::ReachedOn),
    };
    Ok((milestone, project_name))
}
