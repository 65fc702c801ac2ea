//! The filters of the task list.

use jiff::civil::Date;
use oriel_contract::TaskStatus;

use super::{AssigneeFilter, TaskFilter};
use crate::{encoding::day_number, sql::Sql};

/// Between title and external id in `search_text`, so that no text matches
/// across the two.
const SEPARATOR: char = '\u{1f}';

/// What the search looks through: both texts with ASCII letters in lower case.
/// Only ASCII, because the two databases fold other letters differently.
pub(crate) fn search_text(title: &str, external_id: &str) -> String {
    format!("{}{SEPARATOR}{}", fold(title), fold(external_id))
}

fn fold(text: &str) -> String {
    text.to_ascii_lowercase().replace(SEPARATOR, " ")
}

/// A `LIKE` pattern for the text anywhere; `\` escapes.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in fold(text).chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

impl TaskFilter {
    /// Adds the conditions; the table's alias is `t`.
    pub(super) fn limit(&self, sql: &mut Sql, today: Date) {
        if let Some(project) = &self.project {
            sql.push(" AND t.project_id = ").bind(project.as_str());
        }
        if !self.statuses.is_empty() {
            sql.push(" AND t.status");
            sql.bind_in(self.statuses.iter().map(|status| status.as_str()));
        }
        match &self.assignee {
            Some(AssigneeFilter::User(user)) => {
                sql.push(" AND t.assignee_id = ").bind(user.as_str());
            }
            Some(AssigneeFilter::Nobody) => {
                sql.push(" AND t.assignee_id IS NULL");
            }
            None => {}
        }
        match self.overdue {
            Some(true) => {
                sql.push(" AND t.status IN ('todo', 'in_progress', 'blocked') AND t.due_on < ")
                    .bind(day_number(today));
            }
            Some(false) => {
                sql.push(" AND (t.status IN ('done', 'cancelled') OR t.due_on IS NULL")
                    .push(" OR t.due_on >= ")
                    .bind(day_number(today))
                    .push(")");
            }
            None => {}
        }
        match &self.q {
            // No stored text has a NUL, and PostgreSQL would refuse to look for one.
            Some(q) if q.contains('\0') => {
                sql.push(" AND 1 = 0");
            }
            Some(q) => {
                sql.push(" AND t.search_text LIKE ")
                    .bind(pattern(q))
                    .push(" ESCAPE '\\'");
            }
            None => {}
        }
    }

    /// The filter as texts that differ wherever what it keeps differs.
    pub(super) fn words(&self) -> [String; 5] {
        let mut statuses: Vec<TaskStatus> = self.statuses.clone();
        statuses.sort_unstable();
        statuses.dedup();
        let statuses: Vec<&str> = statuses.iter().map(|status| status.as_str()).collect();
        let assignee = match &self.assignee {
            Some(AssigneeFilter::User(user)) => user.as_str(),
            Some(AssigneeFilter::Nobody) => "none",
            None => "",
        };
        let overdue = match self.overdue {
            Some(true) => "true",
            Some(false) => "false",
            None => "",
        };
        let project = self.project.as_ref().map_or("", |project| project.as_str());
        [
            project.to_owned(),
            statuses.join(","),
            assignee.to_owned(),
            overdue.to_owned(),
            self.q.clone().unwrap_or_default(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use TaskStatus::{Blocked, Todo};

    use super::*;

    #[test]
    fn a_pattern_takes_every_character_for_itself() {
        assert_eq!(pattern("50%_A\\ß"), "%50\\%\\_a\\\\ß%");
    }

    #[test]
    fn the_order_of_statuses_does_not_make_another_list() {
        let of = |statuses: &[TaskStatus]| {
            TaskFilter {
                statuses: statuses.to_vec(),
                ..TaskFilter::default()
            }
            .words()
        };
        assert_eq!(of(&[Todo, Blocked]), of(&[Blocked, Todo, Todo]));
        assert_ne!(of(&[Todo, Blocked]), of(&[Todo]));
    }
}
