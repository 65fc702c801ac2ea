//! What everything is narrowed to: the same on the dashboard, in the list and in
//! its export.
//!
//! A choice is kept as the text that the read API takes, so that five kinds of
//! choices need one piece of code. What comes from the host page is checked here,
//! once: after that each text is one that the contract takes.

use jiff::civil::Date;
use oriel_contract::{DateField, LabelId, ProjectId, TaskPriority, TaskStatus, UserId, parse_date};

use crate::{days, query};

/// The longest search that the contract takes, in characters.
const LONGEST_SEARCH: usize = 100;
/// The most choices of one kind that the contract takes.
const MOST_CHOICES: usize = 50;

/// A kind of choice, of which several may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facet {
    Project,
    Status,
    Assignee,
    Priority,
    Label,
}

impl Facet {
    /// Every kind, in the order of their menus.
    pub const ALL: [Self; 5] = [
        Self::Project,
        Self::Status,
        Self::Assignee,
        Self::Priority,
        Self::Label,
    ];

    /// The parameter of the read API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Status => "status",
            Self::Assignee => "assignee",
            Self::Priority => "priority",
            Self::Label => "label",
        }
    }

    /// The kind that a parameter is of.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|facet| facet.as_str() == name)
    }

    fn takes(self, value: &str) -> bool {
        match self {
            Self::Project => value.parse::<ProjectId>().is_ok(),
            Self::Status => TaskStatus::ALL.iter().any(|one| one.as_str() == value),
            Self::Assignee => value == "none" || value.parse::<UserId>().is_ok(),
            Self::Priority => TaskPriority::ALL.iter().any(|one| one.as_str() == value),
            Self::Label => value.parse::<LabelId>().is_ok(),
        }
    }
}

/// Which tasks count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// By the place of their kind in [`Facet::ALL`]; nothing chosen lets all through.
    chosen: [Vec<String>; Facet::ALL.len()],
    pub date: DateField,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub overdue: bool,
    /// Trimmed, and no longer than the contract allows.
    pub search: String,
}

impl Filter {
    /// What is chosen of a kind.
    pub fn chosen(&self, facet: Facet) -> &[String] {
        &self.chosen[facet as usize]
    }

    /// Chooses a value, or takes the choice back.
    pub fn toggle(&mut self, facet: Facet, value: &str) {
        let chosen = &mut self.chosen[facet as usize];
        if let Some(place) = chosen.iter().position(|one| one == value) {
            chosen.remove(place);
        } else if facet.takes(value) && chosen.len() < MOST_CHOICES {
            chosen.push(value.to_owned());
        }
    }

    /// Takes over what has been typed.
    pub fn search(&mut self, typed: &str) {
        self.search = typed.trim().chars().take(LONGEST_SEARCH).collect();
    }

    /// Takes over a range of days; of an impossible one the later end stays free.
    pub fn choose_days(&mut self, from: Option<Date>, to: Option<Date>) {
        self.from = from;
        self.to = to.filter(|to| from.is_none_or(|from| from <= *to));
    }

    /// Takes over a parameter of the read API. What it does not take is left out.
    pub fn read(&mut self, name: &str, value: &str) {
        if let Some(facet) = Facet::of(name) {
            self.chosen[facet as usize].clear();
            for one in value.split(',') {
                if !self.chosen(facet).iter().any(|chosen| chosen == one) {
                    self.toggle(facet, one);
                }
            }
            return;
        }
        match name {
            "date" => {
                let field = DateField::ALL.into_iter();
                let mut field = field.filter(|field| field.as_str() == value);
                self.date = field.next().unwrap_or_default();
            }
            "from" => self.choose_days(parse_date(value), self.to),
            "to" => self.choose_days(self.from, parse_date(value)),
            "overdue" => self.overdue = value == "true",
            "q" => self.search(value),
            _ => {}
        }
    }

    /// The parameters of the read API, as far as they leave anything out. The
    /// values are not encoded.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = Vec::new();
        for facet in Facet::ALL {
            if !self.chosen(facet).is_empty() {
                parameters.push((facet.as_str(), self.chosen(facet).join(",")));
            }
        }
        let has_days = self.from.or(self.to).is_some();
        if has_days && self.date != DateField::default() {
            parameters.push(("date", self.date.as_str().to_owned()));
        }
        for (name, day) in [("from", self.from), ("to", self.to)] {
            if let Some(day) = day {
                parameters.push((name, days::text(day)));
            }
        }
        if self.overdue {
            parameters.push(("overdue", "true".to_owned()));
        }
        if !self.search.is_empty() {
            parameters.push(("q", self.search.clone()));
        }
        parameters
    }

    /// `path`, which has a query, with the parameters of the filter.
    pub fn narrow(&self, mut path: String) -> String {
        for (name, value) in self.parameters() {
            // Lists keep their commas: no value of one has any of its own.
            let value = if name == "q" {
                query::encoded(&value)
            } else {
                value
            };
            path = path + "&" + name + "=" + &value;
        }
        path
    }

    /// Whether any task is left out.
    pub fn is_narrow(&self) -> bool {
        !self.parameters().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const PROJECT: &str = "prj_01jd8x0c6tfwasq9m2yjz0v4kb";
    const USER: &str = "usr_01jd8x0c6tfwasq9m2yjz0v4kb";

    fn full() -> Filter {
        let mut filter = Filter::default();
        for (name, value) in [
            ("project", PROJECT),
            ("status", "todo,blocked"),
            ("assignee", &format!("{USER},none")),
            ("priority", "urgent"),
            ("label", "lbl_01jd8x0c6tfwasq9m2yjz0v4kb"),
            ("date", "completed_at"),
            ("from", "2026-06-01"),
            ("to", "2026-06-30"),
            ("overdue", "true"),
            ("q", "  a&b "),
        ] {
            filter.read(name, value);
        }
        filter
    }

    #[test]
    fn every_filter_is_in_the_path() {
        assert_eq!(
            full().narrow("/v1/embed/tasks?limit=50".to_owned()),
            format!(
                "/v1/embed/tasks?limit=50&project={PROJECT}&status=todo,blocked\
                 &assignee={USER},none&priority=urgent&label=lbl_01jd8x0c6tfwasq9m2yjz0v4kb\
                 &date=completed_at&from=2026-06-01&to=2026-06-30&overdue=true&q=a%26b"
            )
        );
    }

    #[test]
    fn what_is_told_to_the_host_page_reads_back() {
        let mut read = Filter::default();
        for (name, value) in full().parameters() {
            read.read(name, &value);
        }
        assert_eq!(read, full());
    }

    #[test]
    fn what_a_host_page_makes_up_is_left_out() {
        let mut filter = Filter::default();
        for (name, value) in [
            ("project", "'; DROP TABLE"),
            ("status", "todo,lost,todo"),
            ("from", "yesterday"),
            ("date", "moon"),
            ("overdue", "perhaps"),
            ("unknown", "x"),
        ] {
            filter.read(name, value);
        }
        assert_eq!(filter.parameters(), [("status", "todo".to_owned())]);
    }

    #[test]
    fn a_choice_is_taken_back_by_choosing_it_again() {
        let mut filter = Filter::default();
        filter.toggle(Facet::Status, "done");
        assert!(filter.is_narrow());
        filter.toggle(Facet::Status, "done");
        assert!(!filter.is_narrow());
    }

    #[test]
    fn a_range_never_ends_before_it_begins() {
        let mut filter = Filter::default();
        filter.choose_days(Some(date(2026, 6, 30)), Some(date(2026, 6, 1)));
        assert_eq!((filter.from, filter.to), (Some(date(2026, 6, 30)), None));
    }

    #[test]
    fn a_search_is_cut_to_what_the_contract_takes() {
        let mut filter = Filter::default();
        filter.search(&"é".repeat(500));
        assert_eq!(filter.search.chars().count(), LONGEST_SEARCH);
    }
}
