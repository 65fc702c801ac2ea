//! Which file on the command line is which of the mapping, and its bytes.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::mapping::Mapping;

/// A file to read.
#[derive(Debug)]
pub struct Source {
    /// Its key in `files` of the mapping.
    pub role: String,
    pub path: PathBuf,
}

impl Source {
    /// The file's name, as messages give it.
    pub fn name(&self) -> String {
        file_name(&self.path)
    }

    /// Reads the whole file.
    pub fn read(&self) -> Result<Vec<u8>, String> {
        let shown = self.path.display();
        if self.path.is_dir() {
            return Err(format!("{shown}: is a folder, not a CSV file"));
        }
        fs::read(&self.path).map_err(|error| format!("{shown}: cannot be read: {error}"))
    }
}

/// Gives each argument its role: `ROLE=PATH` says it, else the file's name does.
/// Every file of the mapping is needed, once.
pub fn assign(mapping: &Mapping, arguments: &[String]) -> Result<Vec<Source>, Vec<String>> {
    let mut faults = Vec::new();
    let mut by_role = BTreeMap::<&str, PathBuf>::new();
    for argument in arguments {
        let Some((role, path)) = role_of(mapping, argument) else {
            faults.push(format!(
                "{argument}: the mapping has no file of this name (it has {}): rename it, or \
                 pass it as ROLE=PATH",
                known(mapping)
            ));
            continue;
        };
        if let Some(earlier) = by_role.get(role) {
            faults.push(format!(
                "{} and {} are both `files.{role}`: pass one of them",
                earlier.display(),
                path.display()
            ));
            continue;
        }
        by_role.insert(role, path);
    }
    for (role, file) in &mapping.files {
        if !by_role.contains_key(role.as_str()) {
            faults.push(format!(
                "`files.{role}` ({}) is missing: pass it too",
                file.name
            ));
        }
    }
    faults.extend(shared_paths(&by_role));
    if faults.is_empty() {
        Ok(by_role
            .into_iter()
            .map(|(role, path)| Source {
                role: role.to_owned(),
                path,
            })
            .collect())
    } else {
        Err(faults)
    }
}

fn role_of<'m>(mapping: &'m Mapping, argument: &str) -> Option<(&'m str, PathBuf)> {
    if let Some((role, path)) = argument.split_once('=')
        && let Some((role, _)) = mapping.files.get_key_value(role)
    {
        return Some((role, PathBuf::from(path)));
    }
    let path = PathBuf::from(argument);
    let name = file_name(&path);
    let (role, _) = mapping.files.iter().find(|(_, file)| file.name == name)?;
    Some((role, path))
}

/// One file in two roles would join with itself.
fn shared_paths(by_role: &BTreeMap<&str, PathBuf>) -> Vec<String> {
    let mut seen = BTreeMap::<PathBuf, &str>::new();
    let mut faults = Vec::new();
    for (role, path) in by_role {
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        if let Some(other) = seen.insert(real, role) {
            faults.push(format!(
                "{} is given as `files.{other}` and as `files.{role}`",
                path.display()
            ));
        }
    }
    faults
}

fn known(mapping: &Mapping) -> String {
    let files = mapping
        .files
        .iter()
        .map(|(role, file)| format!("{role}={}", file.name));
    files.collect::<Vec<_>>().join(", ")
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping() -> Mapping {
        Mapping::parse(
            r#"
            dates = ["%Y-%m-%d"]
            [files.tasks]
            name = "tasks.csv"
            key = "ID"
            columns = { title = "T", project = "P", status = "S" }
            [files.dates]
            name = "dates.csv"
            key = "ID"
            columns = { created_at = "C" }
            "#,
        )
        .unwrap()
    }

    fn assigned(arguments: &[&str]) -> Result<Vec<(String, String)>, Vec<String>> {
        let arguments: Vec<_> = arguments.iter().map(|&text| text.to_owned()).collect();
        let sources = assign(&mapping(), &arguments)?;
        Ok(sources
            .into_iter()
            .map(|source| (source.role, source.path.display().to_string()))
            .collect())
    }

    #[test]
    fn a_file_is_known_by_its_name_or_by_its_role() {
        let pair = |role: &str, path: &str| (role.to_owned(), path.to_owned());
        assert_eq!(
            assigned(&["a/tasks.csv", "dates=b/other.csv"]).unwrap(),
            [pair("dates", "b/other.csv"), pair("tasks", "a/tasks.csv")]
        );
    }

    #[test]
    fn wrong_files_are_told_apart() {
        for (arguments, expected) in [
            (&["tasks.csv"][..], "`files.dates` (dates.csv) is missing"),
            (
                &["tasks.csv", "dates.csv", "x.csv"],
                "x.csv: the mapping has no file of this name",
            ),
            (
                &["tasks.csv", "dates.csv", "b/tasks.csv"],
                "are both `files.tasks`",
            ),
            (
                &["tasks.csv", "dates=tasks.csv"],
                "is given as `files.dates` and as `files.tasks`",
            ),
        ] {
            let faults = assigned(arguments).unwrap_err().join("\n");
            assert!(faults.contains(expected), "{arguments:?}: {faults}");
        }
    }
}
