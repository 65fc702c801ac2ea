//! The orders of the task list.
//!
//! A list in some order is walked page by page. What comes after a cursor falls
//! into runs, each of which is one walk along an index: first the rows that are
//! like the cursor's in every key and have a later id, then those that are like
//! it in all but the last key and lie beyond it there, and so on outwards. Rows
//! without a value of a key come last by that key, in a run of their own. The
//! runs after one another are the list.

use oriel_contract::{TaskPriority, TaskSort, TaskStatus};

use super::{
    cursor::{Cursor, Key},
    row::TaskRow,
};
use crate::sql::Sql;

/// What a list is sorted by. What is equal in every key is sorted by id, in the
/// direction of the last key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order(Vec<SortKey>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SortKey {
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
    Status,
    Title,
}

/// Rows that have these values of the first keys, and of the next key what
/// `next` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    like: Vec<Key>,
    next: Next,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Next {
    WithValue,
    WithoutValue,
    /// With a value beyond this one.
    Beyond(Key),
    /// There is no next key: with an id beyond this one.
    LaterId(String),
}

/// How finely a list is cut into runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// A key of few values is cut into a run for each of them, within which the
    /// key after it can be walked along. Nothing has to be sorted then.
    Fine,
    Coarse,
}

impl Order {
    /// The order of these keys; the contract's default without one.
    pub fn of(sort: &[TaskSort]) -> Self {
        if sort.is_empty() {
            return Self(vec![SortKey::of(TaskSort::default())]);
        }
        Self(sort.iter().copied().map(SortKey::of).collect())
    }

    /// The runs that are left after the cursor, in their order.
    pub fn runs(&self, after: Option<&Cursor>, cut: Cut) -> Vec<Run> {
        let mut runs = Vec::new();
        let Some(cursor) = after else {
            self.push_all(&mut runs, Vec::new(), cut);
            return runs;
        };
        runs.push(Run {
            like: cursor.keys.clone(),
            next: Next::LaterId(cursor.id.clone()),
        });
        for (place, key) in self.0.iter().enumerate().rev() {
            let (like, value) = (&cursor.keys[..place], &cursor.keys[place]);
            match (self.values(place, cut), value) {
                // Beyond a row without a value there is nothing.
                (_, Key::Null) => {}
                (Some(values), Key::Int(value)) => {
                    for next in values.filter(|next| key.is_beyond(*next, *value)) {
                        self.push_all(&mut runs, joined(like, Key::Int(next)), cut);
                    }
                }
                (_, value) => {
                    key.push(&mut runs, like.to_vec(), Next::Beyond(value.clone()));
                }
            }
        }
        runs
    }

    /// Adds the runs of all rows that have these values of the first keys.
    fn push_all(&self, runs: &mut Vec<Run>, like: Vec<Key>, cut: Cut) {
        let place = like.len();
        match self.values(place, cut) {
            Some(values) => {
                for value in values {
                    self.push_all(runs, joined(&like, Key::Int(value)), cut);
                }
            }
            None => self.0[place].push(runs, like, Next::WithValue),
        }
    }

    /// The values of a key, in its direction, where it is cut into them.
    fn values(&self, place: usize, cut: Cut) -> Option<Box<dyn Iterator<Item = i64>>> {
        let key = self.0[place];
        let is_last = place + 1 == self.0.len();
        if cut == Cut::Coarse || is_last {
            return None;
        }
        let count = key.column.count_of_values()?;
        Some(if key.descending {
            Box::new((0..count).rev())
        } else {
            Box::new(0..count)
        })
    }

    /// Where the row stands.
    pub fn cursor(&self, row: &TaskRow) -> Cursor {
        let keys = self.0.iter().map(|key| key.column.of(row)).collect();
        Cursor::new(keys, &row.id)
    }

    /// Of each key, whether its greatest values come first.
    pub fn descends(&self) -> impl Iterator<Item = bool> {
        self.0.iter().map(|key| key.descending)
    }

    /// Whether the cursor can come from a list in this order.
    pub fn gives(&self, cursor: &Cursor) -> bool {
        let fits = |(key, value): (&SortKey, &Key)| key.column.gives(value);
        self.0.len() == cursor.keys.len() && self.0.iter().zip(&cursor.keys).all(fits)
    }

    /// Adds the condition that rows are of the run.
    pub fn limit_to(&self, sql: &mut Sql, run: &Run) {
        for (key, value) in self.0.iter().zip(&run.like) {
            sql.push(" AND ").push(key.column.name());
            match value {
                Key::Null => sql.push(" IS NULL"),
                value => value.bind_to(sql.push(" = ")),
            };
        }
        let (column, beyond) = match self.0.get(run.like.len()) {
            Some(key) => (key.column.name(), key.beyond()),
            None => ("t.id", self.last().beyond()),
        };
        sql.push(" AND ").push(column);
        match &run.next {
            Next::WithValue => sql.push(" IS NOT NULL"),
            Next::WithoutValue => sql.push(" IS NULL"),
            Next::Beyond(value) => value.bind_to(sql.push(beyond)),
            Next::LaterId(id) => sql.push(beyond).bind(id.as_str()),
        };
    }

    /// Adds `ORDER BY`, of a run or of the whole list. By the keys in which the
    /// rows of a run are alike there is nothing to sort.
    pub fn sort(&self, sql: &mut Sql, run: Option<&Run>) {
        sql.push(" ORDER BY ");
        let alike = match run {
            Some(run) if run.next == Next::WithoutValue => run.like.len() + 1,
            Some(run) => run.like.len(),
            None => 0,
        };
        for (place, key) in self.0.iter().enumerate().skip(alike) {
            // The key that a run is walked along has a value in all its rows.
            let walked = run.is_some_and(|run| run.like.len() == place);
            if key.column.may_be_missing() && !walked {
                sql.push(key.column.name()).push(" IS NULL, ");
            }
            sql.push(key.column.name()).push(key.direction()).push(", ");
        }
        sql.push("t.id").push(self.last().direction());
    }

    fn last(&self) -> SortKey {
        self.0[self.0.len() - 1]
    }
}

/// The values, and one more.
fn joined(like: &[Key], value: Key) -> Vec<Key> {
    let mut like = like.to_vec();
    like.push(value);
    like
}

impl SortKey {
    /// Adds the run, and the one of rows without a value where there may be any.
    fn push(self, runs: &mut Vec<Run>, like: Vec<Key>, next: Next) {
        let missing = self.column.may_be_missing().then(|| Run {
            like: like.clone(),
            next: Next::WithoutValue,
        });
        runs.push(Run { like, next });
        runs.extend(missing);
    }

    fn is_beyond(self, value: i64, other: i64) -> bool {
        if self.descending {
            value < other
        } else {
            value > other
        }
    }

    fn of(sort: TaskSort) -> Self {
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
            S::Status => (Column::Status, false),
            S::StatusDesc => (Column::Status, true),
            S::Title => (Column::Title, false),
            S::TitleDesc => (Column::Title, true),
        };
        Self { column, descending }
    }

    fn direction(self) -> &'static str {
        if self.descending { " DESC" } else { " ASC" }
    }

    fn beyond(self) -> &'static str {
        if self.descending { " < " } else { " > " }
    }
}

impl Column {
    fn may_be_missing(self) -> bool {
        matches!(self, Self::Due | Self::Completed)
    }

    /// How many values there are, of those that are ranks from 0.
    fn count_of_values(self) -> Option<i64> {
        let count = match self {
            Self::Priority => TaskPriority::ALL.len(),
            Self::Status => TaskStatus::ALL.len(),
            _ => return None,
        };
        i64::try_from(count).ok()
    }

    fn name(self) -> &'static str {
        match self {
            Self::Updated => "t.updated_at",
            Self::Created => "t.created_at",
            Self::Due => "t.due_on",
            Self::Completed => "t.completed_at",
            Self::Priority => "t.priority",
            Self::Status => "t.status_rank",
            Self::Title => "t.title",
        }
    }

    fn of(self, row: &TaskRow) -> Key {
        match self {
            Self::Updated => Key::Int(row.updated_at),
            Self::Created => Key::Int(row.created_at),
            Self::Due => row.due_on.map_or(Key::Null, Key::Int),
            Self::Completed => row.completed_at.map_or(Key::Null, Key::Int),
            Self::Priority => Key::Int(row.priority),
            Self::Status => Key::Int(row.status_rank),
            Self::Title => Key::Text(row.title.clone()),
        }
    }

    /// Whether a cursor can have this value of the column.
    fn gives(self, key: &Key) -> bool {
        match key {
            Key::Null => self.may_be_missing(),
            Key::Int(_) => self != Self::Title,
            Key::Text(_) | Key::Prefix(_) => self == Self::Title,
        }
    }
}
