//! Which tasks are listed, in which order, and which page of them.

use oriel_contract::{TaskSort, TaskStatus, UserId};

use crate::query;

/// Tasks on a page; the boot script's first read asks for as many.
pub const PER_PAGE: u64 = 50;
/// The longest search that the contract takes, in characters.
const LONGEST_SEARCH: usize = 100;

/// Which statuses are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StatusFilter {
    #[default]
    Any,
    /// Every status that counts as open.
    Open,
    One(TaskStatus),
}

impl StatusFilter {
    /// Every choice of the menu.
    pub fn all() -> impl Iterator<Item = Self> {
        [Self::Any, Self::Open]
            .into_iter()
            .chain(TaskStatus::ALL.map(Self::One))
    }
}

/// Whose tasks are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum AssigneeFilter {
    #[default]
    Anyone,
    Nobody,
    User(UserId),
}

/// A column that tasks can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKey {
    Title,
    Priority,
    DueOn,
    UpdatedAt,
}

/// Which tasks are listed, and in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub sort: TaskSort,
    pub status: StatusFilter,
    pub assignee: AssigneeFilter,
    pub overdue: bool,
    /// Trimmed, and no longer than the contract allows.
    pub search: String,
}

impl Filter {
    /// The read that lists them, without project and page.
    pub fn path(&self) -> String {
        let mut path = "/v1/embed/tasks?limit=".to_owned() + &PER_PAGE.to_string();
        let mut add = |name: &str, value: &str| {
            path = std::mem::take(&mut path) + "&" + name + "=" + value;
        };
        if self.sort != TaskSort::default() {
            add("sort", sort_as_str(self.sort));
        }
        match self.status {
            StatusFilter::Any => {}
            StatusFilter::Open => add("status", "todo,in_progress,blocked"),
            StatusFilter::One(status) => add("status", status.as_str()),
        }
        match &self.assignee {
            AssigneeFilter::Anyone => {}
            AssigneeFilter::Nobody => add("assignee", "none"),
            AssigneeFilter::User(user) => add("assignee", user.as_str()),
        }
        if self.overdue {
            add("overdue", "true");
        }
        if !self.search.is_empty() {
            add("q", &query::encoded(&self.search));
        }
        path
    }

    /// Takes over what has been typed; whether that changes anything.
    pub fn search(&mut self, typed: &str) -> bool {
        let search: String = typed.trim().chars().take(LONGEST_SEARCH).collect();
        let changes = search != self.search;
        self.search = search;
        changes
    }

    /// Whether any task is left out.
    pub fn is_narrow(&self) -> bool {
        *self != self.cleared()
    }

    /// Nothing left out, in the same order.
    pub fn cleared(&self) -> Self {
        Self {
            sort: self.sort,
            ..Self::default()
        }
    }

    /// The order after a click on the heading of `key`: that column the way one
    /// expects it first, or the other way round.
    pub fn sorted_by(&self, key: SortKey) -> Self {
        let sort = match (key, self.sort) {
            (SortKey::Title, TaskSort::Title) => TaskSort::TitleDesc,
            (SortKey::Title, _) => TaskSort::Title,
            (SortKey::Priority, TaskSort::Priority) => TaskSort::PriorityDesc,
            (SortKey::Priority, _) => TaskSort::Priority,
            (SortKey::DueOn, TaskSort::DueOn) => TaskSort::DueOnDesc,
            (SortKey::DueOn, _) => TaskSort::DueOn,
            (SortKey::UpdatedAt, TaskSort::UpdatedAtDesc) => TaskSort::UpdatedAt,
            (SortKey::UpdatedAt, _) => TaskSort::UpdatedAtDesc,
        };
        Self {
            sort,
            ..self.clone()
        }
    }

    /// `aria-sort` of the heading of `key`.
    pub fn direction(&self, key: SortKey) -> &'static str {
        match (key, self.sort) {
            (SortKey::Title, TaskSort::Title)
            | (SortKey::Priority, TaskSort::Priority)
            | (SortKey::DueOn, TaskSort::DueOn)
            | (SortKey::UpdatedAt, TaskSort::UpdatedAt) => "ascending",
            (SortKey::Title, TaskSort::TitleDesc)
            | (SortKey::Priority, TaskSort::PriorityDesc)
            | (SortKey::DueOn, TaskSort::DueOnDesc)
            | (SortKey::UpdatedAt, TaskSort::UpdatedAtDesc) => "descending",
            _ => "none",
        }
    }
}

/// The order as the contract spells it.
const fn sort_as_str(sort: TaskSort) -> &'static str {
    match sort {
        TaskSort::UpdatedAt => "updated_at",
        TaskSort::UpdatedAtDesc => "-updated_at",
        TaskSort::CreatedAt => "created_at",
        TaskSort::CreatedAtDesc => "-created_at",
        TaskSort::DueOn => "due_on",
        TaskSort::DueOnDesc => "-due_on",
        TaskSort::CompletedAt => "completed_at",
        TaskSort::CompletedAtDesc => "-completed_at",
        TaskSort::Priority => "priority",
        TaskSort::PriorityDesc => "-priority",
        TaskSort::Title => "title",
        TaskSort::TitleDesc => "-title",
    }
}

/// A page of a list that is paged by keyset: the cursors that led to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    cursors: Vec<String>,
}

impl Page {
    /// `path` with the cursor of this page.
    pub fn continue_path(&self, path: String) -> String {
        match self.cursors.last() {
            Some(cursor) => path + "&cursor=" + &query::encoded(cursor),
            None => path,
        }
    }

    pub fn turn_to(&mut self, cursor: String) {
        self.cursors.push(cursor);
    }

    pub fn turn_back(&mut self) {
        self.cursors.pop();
    }

    pub fn is_first(&self) -> bool {
        self.cursors.is_empty()
    }

    /// How many tasks stand before this page.
    pub fn before(&self) -> u64 {
        self.cursors.len() as u64 * PER_PAGE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_read_is_the_one_that_the_boot_script_starts() {
        assert_eq!(Filter::default().path(), "/v1/embed/tasks?limit=50");
    }

    #[test]
    fn every_filter_is_in_the_path() {
        let mut filter = Filter {
            sort: TaskSort::DueOn,
            status: StatusFilter::Open,
            assignee: AssigneeFilter::Nobody,
            overdue: true,
            search: String::new(),
        };
        assert!(filter.search("  a&b "));
        assert_eq!(
            filter.path(),
            "/v1/embed/tasks?limit=50&sort=due_on&status=todo,in_progress,blocked\
             &assignee=none&overdue=true&q=a%26b"
        );
    }

    #[test]
    fn orders_are_spelt_as_the_contract_has_them() {
        for sort in [
            TaskSort::UpdatedAt,
            TaskSort::UpdatedAtDesc,
            TaskSort::CreatedAt,
            TaskSort::CreatedAtDesc,
            TaskSort::DueOn,
            TaskSort::DueOnDesc,
            TaskSort::CompletedAt,
            TaskSort::CompletedAtDesc,
            TaskSort::Priority,
            TaskSort::PriorityDesc,
            TaskSort::Title,
            TaskSort::TitleDesc,
        ] {
            assert_eq!(serde_json::to_value(sort).unwrap(), sort_as_str(sort));
        }
    }

    #[test]
    fn a_second_click_on_a_heading_turns_the_order_round() {
        let once = Filter::default().sorted_by(SortKey::DueOn);
        assert_eq!((once.sort, once.direction(SortKey::DueOn)), (TaskSort::DueOn, "ascending"));
        let twice = once.sorted_by(SortKey::DueOn);
        assert_eq!(twice.direction(SortKey::DueOn), "descending");
        assert_eq!(twice.direction(SortKey::Title), "none");
    }

    #[test]
    fn a_search_is_cut_to_what_the_contract_takes() {
        let mut filter = Filter::default();
        filter.search(&"é".repeat(500));
        assert_eq!(filter.search.chars().count(), LONGEST_SEARCH);
    }

    #[test]
    fn clearing_keeps_the_order() {
        let filter = Filter {
            overdue: true,
            ..Filter::default().sorted_by(SortKey::Title)
        };
        assert!(filter.is_narrow());
        assert_eq!(filter.cleared().sort, TaskSort::Title);
        assert!(!filter.cleared().is_narrow());
    }
}
