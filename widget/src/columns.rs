//! Which columns the table shows.

use crate::sort::SortKey;

/// A column of the table; the title is always there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Project,
    Status,
    Priority,
    Assignee,
    Labels,
    Due,
    Created,
    Completed,
    Updated,
}

impl Column {
    /// Every column in its order.
    pub const ALL: [Self; 9] = [
        Self::Project,
        Self::Status,
        Self::Priority,
        Self::Assignee,
        Self::Labels,
        Self::Due,
        Self::Created,
        Self::Completed,
        Self::Updated,
    ];

    /// A word for the style sheet.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Status => "status",
            Self::Priority => "priority",
            Self::Assignee => "assignee",
            Self::Labels => "labels",
            Self::Due => "due",
            Self::Created => "created",
            Self::Completed => "completed",
            Self::Updated => "updated",
        }
    }

    /// What the column can be ordered by.
    pub const fn sort_key(self) -> Option<SortKey> {
        match self {
            Self::Status => Some(SortKey::Status),
            Self::Priority => Some(SortKey::Priority),
            Self::Due => Some(SortKey::DueOn),
            Self::Created => Some(SortKey::CreatedAt),
            Self::Completed => Some(SortKey::CompletedAt),
            Self::Updated => Some(SortKey::UpdatedAt),
            Self::Project | Self::Assignee | Self::Labels => None,
        }
    }
}

/// The columns that are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns([bool; Column::ALL.len()]);

impl Default for Columns {
    fn default() -> Self {
        Self([true, true, true, true, false, true, false, false, true])
    }
}

impl Columns {
    /// Shows a column, or hides it.
    pub const fn toggle(&mut self, column: Column) {
        self.0[column as usize] ^= true;
    }

    /// Whether a column is shown.
    pub const fn has(&self, column: Column) -> bool {
        self.0[column as usize]
    }

    /// The columns that are shown, in their order.
    pub fn shown(&self) -> impl Iterator<Item = Column> {
        Column::ALL.into_iter().filter(|column| self.has(*column))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_comes_and_goes_and_keeps_its_place() {
        let mut columns = Columns::default();
        columns.toggle(Column::Labels);
        columns.toggle(Column::Updated);
        let shown: Vec<_> = columns.shown().map(Column::slug).collect();
        assert_eq!(
            shown,
            ["project", "status", "priority", "assignee", "labels", "due"]
        );
    }
}
