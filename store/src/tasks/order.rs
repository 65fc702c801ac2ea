//! The orders of the task list.

use oriel_contract::TaskSort;

use super::{
    cursor::{Cursor, Key},
    row::TaskRow,
};
use crate::sql::Sql;

/// What a list is sorted by; ties by id, in the same direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    column: Column,
    descending: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Updated,
    Created,
    Due,
    Completed,
    Priority,
    Title,
}

/// A run of rows that one index walk gives. Rows without the value come last
/// in either direction, so a list is the run of those with it, then the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    WithValue,
    WithoutValue,
}

impl Order {
    pub fn of(sort: TaskSort) -> Self {
        use TaskSort as S;
        let (column, descending) = match sort {
            S::UpdatedAt => (Column::Updated, false),
            S::UpdatedAtDesc => (Column::Updated, true),
            S::CreatedAt => (Column::Created, false),
            S::CreatedAtDesc => (Column::Created, true),
            S::DueOn => (Column::Due, false),
            S::DueOnDesc => (Column::Due, true),
            S::CompletedAt => (Column::Completed, false),
            S::CompletedAtDesc => (Column::Completed, true),
            S::Priority => (Column::Priority, false),
            S::PriorityDesc => (Column::Priority, true),
            S::Title => (Column::Title, false),
            S::TitleDesc => (Column::Title, true),
        };
        Self { column, descending }
    }

    /// The runs that are left after the cursor.
    pub fn runs(self, after: Option<&Cursor>) -> &'static [Run] {
        let nullable = matches!(self.column, Column::Due | Column::Completed);
        match after {
            Some(cursor) if cursor.key == Key::Null => &[Run::WithoutValue],
            _ if nullable => &[Run::WithValue, Run::WithoutValue],
            _ => &[Run::WithValue],
        }
    }

    /// Where the row stands.
    pub fn key(self, row: &TaskRow) -> Key {
        match self.column {
            Column::Updated => Key::Int(row.updated_at),
            Column::Created => Key::Int(row.created_at),
            Column::Due => row.due_on.map_or(Key::Null, Key::Int),
            Column::Completed => row.completed_at.map_or(Key::Null, Key::Int),
            Column::Priority => Key::Int(row.priority),
            Column::Title => Key::Text(row.title.clone()),
        }
    }

    /// Whether a cursor can come from a list in this order.
    pub fn gives(self, key: &Key) -> bool {
        match self.column {
            Column::Due | Column::Completed => matches!(key, Key::Null | Key::Int(_)),
            Column::Title => matches!(key, Key::Text(_) | Key::Prefix(_)),
            _ => matches!(key, Key::Int(_)),
        }
    }

    /// Adds the condition that rows are of the run, and after the cursor.
    pub fn limit_to(self, sql: &mut Sql, run: Run, after: Option<&Cursor>) {
        let beyond = if self.descending { " < " } else { " > " };
        sql.push(" AND ").push(self.column());
        if run == Run::WithoutValue {
            sql.push(" IS NULL");
            if let Some(Cursor { key: Key::Null, id }) = after {
                sql.push(" AND t.id").push(beyond).bind(id.as_str());
            }
            return;
        }
        sql.push(" IS NOT NULL");
        let Some(Cursor { key, id }) = after else {
            return;
        };
        sql.push(" AND (").push(self.column()).push(", t.id)");
        sql.push(beyond).push("(");
        match key {
            Key::Int(value) => sql.bind(*value),
            Key::Text(text) | Key::Prefix(text) => sql.bind(text.as_str()),
            Key::Null => sql.push("NULL"),
        };
        sql.push(", ").bind(id.as_str()).push(")");
    }

    /// Adds `ORDER BY`. Within the run without a value only the id is left.
    pub fn sort(self, sql: &mut Sql, run: Run) {
        sql.push(" ORDER BY ");
        if run == Run::WithValue {
            sql.push(self.column()).push(self.direction()).push(", ");
        }
        sql.push("t.id").push(self.direction());
    }

    fn direction(self) -> &'static str {
        if self.descending { " DESC" } else { " ASC" }
    }

    fn column(self) -> &'static str {
        match self.column {
            Column::Updated => "t.updated_at",
            Column::Created => "t.created_at",
            Column::Due => "t.due_on",
            Column::Completed => "t.completed_at",
            Column::Priority => "t.priority",
            Column::Title => "t.title",
        }
    }
}
