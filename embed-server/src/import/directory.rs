//! Names and addresses of people or projects, as rows mention them.

use std::collections::HashMap;

use super::{
    report::{Place, Report},
    value::shown,
};

/// Names and addresses of people or projects, by external id.
#[derive(Debug)]
pub struct Directory {
    kind: &'static str,
    entries: HashMap<String, (Option<String>, Option<String>)>,
}

impl Directory {
    pub fn new(kind: &'static str) -> Self {
        Self {
            kind,
            entries: HashMap::new(),
        }
    }

    /// Keeps the first name and address of each id; another one is a warning.
    pub fn meet(
        &mut self,
        id: String,
        name: Option<String>,
        email: Option<String>,
        place: Place,
        report: &mut Report,
    ) {
        let kind = self.kind;
        let about = format!("{kind} {}", shown(&id));
        let (known_name, known_email) = self.entries.entry(id).or_default();
        for (what, known, new) in [("name", known_name, name), ("email", known_email, email)] {
            match (known.as_deref(), new) {
                (None, new) => *known = new,
                (Some(kept), Some(new)) if kept != new => {
                    let reason = format!(
                        "{what} of {about} is {} here and {} before: the first is kept",
                        shown(&new),
                        shown(kept)
                    );
                    report.warn(place, "", reason);
                }
                _ => {}
            }
        }
    }

    pub fn name(&self, id: &str) -> Option<String> {
        self.entries.get(id)?.0.clone()
    }

    pub fn email(&self, id: &str) -> Option<String> {
        self.entries.get(id)?.1.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::report::{FileTally, Kind};

    #[test]
    fn the_first_name_of_somebody_is_kept_and_another_one_reported() {
        let mut report = Report::default();
        report.files.push(FileTally {
            name: "a.csv".to_owned(),
            rows: 3,
            taken: 3,
        });
        let mut people = Directory::new("person");
        for (line, name) in [
            (2, None),
            (3, Some("Ada")),
            (4, Some("Ida")),
            (5, Some("Ada")),
        ] {
            let place = Place {
                file: 0,
                line,
                last_line: line,
            };
            people.meet(
                "7".to_owned(),
                name.map(str::to_owned),
                None,
                place,
                &mut report,
            );
        }
        assert_eq!(people.name("7").as_deref(), Some("Ada"));
        assert_eq!(people.email("7"), None);
        assert_eq!(
            report.excerpt(Kind::Warning, 9),
            "  a.csv, line 4: name of person \"7\" is \"Ida\" here and \"Ada\" before: the first \
             is kept\n"
        );
    }
}
