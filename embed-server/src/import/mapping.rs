//! The mapping file: what the columns of a customer's own export mean.
//!
//! Owns its TOML shape and every rule that can be checked before a CSV file is
//! opened. It knows nothing of rows.

use std::collections::{BTreeMap, BTreeSet};

use oriel_contract::{TaskPriority, TaskStatus};
use serde::Deserialize;

use super::{
    field::{Field, Holds},
    notation::{Delimiter, FileEncoding, NameTemplate, Separator},
    value::DateFormat,
};

/// A whole mapping file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Where the tasks come from, for the event log; `csv` without it.
    #[serde(default = "default_source")]
    pub source: String,
    /// Words that stand for "no value". An empty field always does.
    #[serde(default)]
    pub null: BTreeSet<String>,
    /// The shapes that dates come in, tried in order.
    pub dates: Vec<DateFormat>,
    /// Names for people and projects that the files know only by id.
    #[serde(default)]
    pub names: Names,
    /// The file's word for a status, and ours.
    #[serde(default = "own_statuses")]
    pub statuses: BTreeMap<String, TaskStatus>,
    /// The file's word for a priority, and ours.
    #[serde(default = "own_priorities")]
    pub priorities: BTreeMap<String, TaskPriority>,
    /// What stands between two labels of a task; a comma by default.
    #[serde(default)]
    pub label_separator: Separator,
    /// What stands between two tasks that one task waits for; a comma by default.
    #[serde(default)]
    pub dependency_separator: Separator,
    /// Each file under a short role, such as `tasks`.
    pub files: BTreeMap<String, FileMapping>,
}

/// How to read one file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileMapping {
    /// The file's usual name, without folders.
    pub name: String,
    /// What its rows are; tasks by default.
    #[serde(default)]
    pub holds: Holds,
    #[serde(default)]
    pub encoding: FileEncoding,
    #[serde(default)]
    pub delimiter: Delimiter,
    /// The column that holds the external id; files of tasks are joined by it.
    pub key: String,
    /// Our fields, and the column that each comes from.
    pub columns: BTreeMap<Field, String>,
}

/// Templates for the names of what has none.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    #[serde(default)]
    pub person: NameTemplate,
    #[serde(default)]
    pub project: NameTemplate,
}

impl Mapping {
    /// Reads a mapping, or says everything that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let mapping: Self = toml::from_str(text).map_err(|error| vec![error.to_string()])?;
        let faults = mapping.faults();
        if faults.is_empty() {
            Ok(mapping)
        } else {
            Err(faults)
        }
    }

    /// The file that a field of tasks comes from, by role, and its column there.
    pub fn column_of(&self, field: Field) -> Option<(&str, &str)> {
        self.files_of(Holds::Tasks).find_map(|(role, file)| {
            let column = file.columns.get(&field)?;
            Some((role.as_str(), column.as_str()))
        })
    }

    fn files_of(&self, rows: Holds) -> impl Iterator<Item = (&String, &FileMapping)> {
        self.files
            .iter()
            .filter(move |(_, file)| file.holds == rows)
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.files.is_empty() {
            faults.push("`files` names no file: add a `[files.tasks]` table".to_owned());
        }
        if self.dates.is_empty() {
            faults.push("`dates` is empty: give a format such as \"%Y-%m-%d\"".to_owned());
        }
        for field in Field::REQUIRED {
            if self.column_of(field).is_none() {
                faults.push(format!(
                    "no file has a column for `{field}`: add it to `[files.….columns]`"
                ));
            }
        }
        self.find_strange_fields(&mut faults);
        self.find_missing_fields(&mut faults);
        self.find_shared_fields(&mut faults);
        self.find_lone_fields(&mut faults);
        self.find_shared_names(&mut faults);
        faults
    }

    /// A field of tasks in a file of milestones, or the other way round.
    fn find_strange_fields(&self, faults: &mut Vec<String>) {
        for (role, file) in &self.files {
            for field in file.columns.keys().filter(|field| !field.is_of(file.holds)) {
                faults.push(match file.holds {
                    Holds::Milestones => format!(
                        "`files.{role}.columns.{field}` is of tasks: a file of milestones takes \
                         `name`, `project`, `project_name`, `due_on` and `reached_on`"
                    ),
                    Holds::Tasks => format!(
                        "`files.{role}.columns.{field}` is of milestones: put it into a file \
                         with `holds = \"milestones\"`"
                    ),
                });
            }
        }
    }

    /// A milestone has all of its fields from one file.
    fn find_missing_fields(&self, faults: &mut Vec<String>) {
        for (role, file) in self.files_of(Holds::Milestones) {
            for field in Field::OF_MILESTONES {
                if !file.columns.contains_key(&field) {
                    faults.push(format!(
                        "`files.{role}.columns` has no `{field}`: a milestone needs one"
                    ));
                }
            }
        }
    }

    /// A field of two files would leave open which of them is right.
    fn find_shared_fields(&self, faults: &mut Vec<String>) {
        let mut owners = BTreeMap::new();
        for (role, file) in self.files_of(Holds::Tasks) {
            for field in file.columns.keys() {
                if let Some(owner) = owners.insert(*field, role) {
                    faults.push(format!(
                        "`{field}` is in `files.{owner}.columns` and in \
                         `files.{role}.columns`: keep one"
                    ));
                }
            }
        }
    }

    fn find_lone_fields(&self, faults: &mut Vec<String>) {
        for (role, file) in &self.files {
            for field in file.columns.keys() {
                if let Some(base) = field.base()
                    && !file.columns.contains_key(&base)
                {
                    faults.push(format!(
                        "`files.{role}.columns.{field}` needs `{base}` beside it"
                    ));
                }
            }
        }
    }

    fn find_shared_names(&self, faults: &mut Vec<String>) {
        let mut owners = BTreeMap::new();
        for (role, file) in &self.files {
            if let Some(owner) = owners.insert(&file.name, role) {
                faults.push(format!(
                    "`files.{owner}.name` and `files.{role}.name` are both `{}`",
                    file.name
                ));
            }
        }
    }
}

fn default_source() -> String {
    "csv".to_owned()
}

fn own_statuses() -> BTreeMap<String, TaskStatus> {
    let spelled = |status: TaskStatus| (status.as_str().to_owned(), status);
    TaskStatus::ALL.into_iter().map(spelled).collect()
}

fn own_priorities() -> BTreeMap<String, TaskPriority> {
    let spelled = |priority: TaskPriority| (priority.as_str().to_owned(), priority);
    TaskPriority::ALL.into_iter().map(spelled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = r#"
        dates = ["%Y-%m-%d"]
        [files.tasks]
        name = "tasks.csv"
        key = "ID"
        [files.tasks.columns]
        title = "Title"
        project = "Project"
        status = "Status"
        created_at = "Created"
    "#;

    #[test]
    fn a_small_mapping_gets_the_defaults() {
        let mapping = Mapping::parse(SMALL).unwrap();
        let file = &mapping.files["tasks"];
        assert_eq!(file.encoding.0, encoding_rs::UTF_8);
        assert_eq!(file.delimiter.0, b',');
        assert_eq!(mapping.statuses["in_progress"], TaskStatus::InProgress);
        assert_eq!(mapping.names.person.fill("7"), "7");
        assert_eq!(mapping.source, "csv");
    }

    #[test]
    fn a_fault_names_its_key() {
        for (from, to, expected) in [
            ("dates", "datez", "unknown field `datez`"),
            ("title = ", "titel = ", "unknown variant `titel`"),
            ("key = \"ID\"", "", "missing field `key`"),
            ("title = \"Title\"", "", "no file has a column for `title`"),
            (
                "name = ",
                "encoding = \"utf-9\"\nname = ",
                "`utf-9` is not an encoding",
            ),
            (
                "name = ",
                "delimiter = \";;\"\nname = ",
                "`;;` is not a delimiter",
            ),
            ("%Y-%m-%d", "%Y-%m", "does not give a whole date"),
            ("%Y-%m-%d", "%Q!", "`%Q!`"),
            ("[\"%Y-%m-%d\"]", "[]", "`dates` is empty"),
            (
                "[files.tasks]",
                "label_separator = \"\"\n[files.tasks]",
                "a separator is empty",
            ),
            (
                "title = ",
                "contributor_hours = \"H\"\ntitle = ",
                "needs `contributor` beside it",
            ),
            (
                "[files.tasks]",
                "[statuses]\nOPEN = \"opened\"\n[files.tasks]",
                "unknown variant `opened`",
            ),
            (
                "[files.tasks]",
                "[names]\nperson = \"Somebody\"\n[files.tasks]",
                "put `{value}`",
            ),
        ] {
            let text = SMALL.replacen(from, to, 1);
            let faults = Mapping::parse(&text).unwrap_err().join("\n");
            assert!(faults.contains(expected), "{to}: {faults}");
        }
    }

    #[test]
    fn a_field_of_two_files_is_refused() {
        let text = format!(
            "{SMALL}\n[files.more]\nname = \"more.csv\"\nkey = \"ID\"\ncolumns = {{ title = \"T\" }}"
        );
        assert_eq!(
            Mapping::parse(&text).unwrap_err(),
            ["`title` is in `files.more.columns` and in `files.tasks.columns`: keep one"]
        );
    }
}
