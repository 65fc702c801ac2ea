//! Which tasks are meant: the filters that lists, dashboards and exports share.

use jiff::civil::Date;
use oriel_contract::{DateField, LabelId, ProjectId, TaskPriority, TaskStatus, UserId};

use crate::{
    encoding::{day_number, first_millisecond, priority_rank},
    sql::Sql,
};

/// Between title and external id in `search_text`, so that no text matches
/// across the two.
const SEPARATOR: char = '\u{1f}';

/// Whose tasks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AssigneeFilter {
    /// Those of this user.
    User(UserId),
    /// Those of nobody.
    Nobody,
}

/// Days that a date of a task lies within, both ends included. A task without
/// the date lies in no range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateRange {
    pub field: DateField,
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// Which tasks: those that meet every condition. A list keeps what is one of
/// its entries, and everything when it is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TaskFilter {
    pub projects: Vec<ProjectId>,
    pub statuses: Vec<TaskStatus>,
    pub assignees: Vec<AssigneeFilter>,
    pub priorities: Vec<TaskPriority>,
    /// Tasks with at least one of these.
    pub labels: Vec<LabelId>,
    pub dates: Option<DateRange>,
    /// Only those that are overdue, or only those that are not.
    pub overdue: Option<bool>,
    /// The id that another system has for it.
    pub external_id: Option<String>,
    /// Text that the title or the external id contains.
    pub q: Option<String>,
}

impl TaskFilter {
    /// Whether nothing but the project decides.
    pub(crate) fn is_by_project_alone(&self) -> bool {
        let projects = self.projects.clone();
        *self
            == Self {
                projects,
                ..Self::default()
            }
    }

    /// Whether every task passes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds the conditions, each with an ` AND ` in front; the table's alias is
    /// `t`. They narrow what a scope allows and never stand in its place.
    ///
    /// For statements that look at every task which matches: those with the
    /// labels are found first.
    pub(crate) fn limit(&self, sql: &mut Sql, today: Date) {
        self.limit_columns(sql, today);
        self.limit_labels(
            sql,
            " AND (t.tenant_id, t.id) IN (SELECT tl.tenant_id, tl.task_id FROM task_labels tl
                 WHERE tl.label_id",
        );
    }

    /// The same for statements that walk an order until they have enough: each
    /// task that is met is asked for its labels.
    pub(crate) fn limit_walk(&self, sql: &mut Sql, today: Date) {
        self.limit_columns(sql, today);
        self.limit_labels(
            sql,
            " AND EXISTS (SELECT 1 FROM task_labels tl
                 WHERE tl.tenant_id = t.tenant_id AND tl.task_id = t.id AND tl.label_id",
        );
    }

    fn limit_columns(&self, sql: &mut Sql, today: Date) {
        if !self.projects.is_empty() {
            sql.push(" AND t.project_id");
            sql.bind_in(self.projects.iter().map(ProjectId::as_str));
        }
        if !self.statuses.is_empty() {
            sql.push(" AND t.status");
            sql.bind_in(self.statuses.iter().map(|status| status.as_str()));
        }
        if !self.priorities.is_empty() {
            sql.push(" AND t.priority");
            sql.bind_in(self.priorities.iter().copied().map(priority_rank));
        }
        self.limit_assignees(sql);
        if let Some(dates) = self.dates {
            dates.limit(sql);
        }
        if let Some(overdue) = self.overdue {
            limit_overdue(sql, overdue, today);
        }
        if let Some(external_id) = &self.external_id {
            sql.push(" AND t.external_id <> t.id AND t.external_id = ");
            sql.bind(external_id.as_str());
        }
        if let Some(q) = &self.q {
            limit_text(sql, "t.search_text", q);
        }
    }

    fn limit_assignees(&self, sql: &mut Sql) {
        let users = self.assignees.iter().filter_map(|assignee| match assignee {
            AssigneeFilter::User(user) => Some(user.as_str()),
            AssigneeFilter::Nobody => None,
        });
        let users: Vec<&str> = users.collect();
        let nobody = self.assignees.len() > users.len();
        match (users.is_empty(), nobody) {
            (true, false) => {}
            (true, true) => {
                sql.push(" AND t.assignee_id IS NULL");
            }
            (false, false) => {
                sql.push(" AND t.assignee_id").bind_in(users);
            }
            (false, true) => {
                sql.push(" AND (t.assignee_id IS NULL OR t.assignee_id")
                    .bind_in(users)
                    .push(")");
            }
        }
    }

    /// Either way labels are those of the task's own tenant, so that an id of
    /// another one finds nothing.
    fn limit_labels(&self, sql: &mut Sql, among: &'static str) {
        if !self.labels.is_empty() {
            sql.push(among);
            sql.bind_in(self.labels.iter().map(LabelId::as_str))
                .push(")");
        }
    }

    /// The filter as texts that differ wherever what it keeps differs.
    pub(crate) fn words(&self) -> Vec<String> {
        let assignee = |assignee: &AssigneeFilter| match assignee {
            AssigneeFilter::User(user) => user.as_str().to_owned(),
            AssigneeFilter::Nobody => "none".to_owned(),
        };
        let overdue = self.overdue.map(|overdue| overdue.to_string());
        vec![
            joined(self.projects.iter().map(ToString::to_string)),
            joined(self.statuses.iter().map(|it| it.as_str().to_owned())),
            joined(self.assignees.iter().map(assignee)),
            joined(self.priorities.iter().map(|it| it.as_str().to_owned())),
            joined(self.labels.iter().map(ToString::to_string)),
            self.dates.map_or_else(String::new, DateRange::word),
            overdue.unwrap_or_default(),
            self.external_id.clone().unwrap_or_default(),
            self.q.clone().unwrap_or_default(),
        ]
    }
}

/// A list as one text, whatever the order of its entries.
fn joined(entries: impl Iterator<Item = String>) -> String {
    let mut entries: Vec<String> = entries.collect();
    entries.sort_unstable();
    entries.dedup();
    entries.join(",")
}

impl DateRange {
    /// Adds the condition that a task's date lies within, with an ` AND ` in front.
    pub(crate) fn limit(self, sql: &mut Sql) {
        // A time is compared as a time, so that its index serves.
        match self.field {
            DateField::DueOn => self.limit_column(sql, "t.due_on", day_number),
            DateField::CreatedAt => self.limit_column(sql, "t.created_at", first_millisecond),
            DateField::CompletedAt => self.limit_column(sql, "t.completed_at", first_millisecond),
        }
    }

    /// The same for milestones, the table's alias being `m`. They have no day of
    /// creation, and so lie in no range of such days.
    pub(crate) fn limit_milestones(self, sql: &mut Sql) {
        match self.field {
            DateField::DueOn => self.limit_column(sql, "m.due_on", day_number),
            DateField::CompletedAt => self.limit_column(sql, "m.reached_on", day_number),
            DateField::CreatedAt => {
                sql.push(" AND 1 = 0");
            }
        }
    }

    /// `number` gives the first value that a column has on a day.
    fn limit_column(self, sql: &mut Sql, column: &'static str, number: fn(Date) -> i64) {
        if let Some(from) = self.from {
            sql.push(" AND ").push(column).push(" >= ");
            sql.bind(number(from));
        }
        // The last day of the calendar leaves nothing out at this end but what
        // has no date.
        match self.to.map(Date::tomorrow) {
            Some(Ok(end)) => {
                sql.push(" AND ").push(column).push(" < ").bind(number(end));
            }
            Some(Err(_)) => {
                sql.push(" AND ").push(column).push(" IS NOT NULL");
            }
            None => {}
        }
    }

    fn word(self) -> String {
        let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
        format!("{:?} {} {}", self.field, day(self.from), day(self.to))
    }
}

fn limit_overdue(sql: &mut Sql, overdue: bool, today: Date) {
    if overdue {
        sql.push(" AND t.status IN ('todo', 'in_progress', 'blocked') AND t.due_on < ")
            .bind(day_number(today));
    } else {
        sql.push(" AND (t.status IN ('done', 'cancelled') OR t.due_on IS NULL OR t.due_on >= ")
            .bind(day_number(today))
            .push(")");
    }
}

/// Adds the condition that a text, whose ASCII letters are in lower case,
/// contains another one.
pub(crate) fn limit_text(sql: &mut Sql, folded: &'static str, q: &str) {
    // No stored text has a NUL, and PostgreSQL would refuse to look for one.
    if q.contains('\0') {
        sql.push(" AND 1 = 0");
        return;
    }
    sql.push(" AND ").push(folded).push(" LIKE ");
    sql.bind(pattern(q)).push(" ESCAPE '\\'");
}

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

#[cfg(test)]
mod tests {
    use TaskStatus::{Blocked, Todo};

    use super::*;

    #[test]
    fn a_pattern_takes_every_character_for_itself() {
        assert_eq!(pattern("50%_A\\ß"), "%50\\%\\_a\\\\ß%");
    }

    #[test]
    fn the_order_of_entries_does_not_make_another_list() {
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
