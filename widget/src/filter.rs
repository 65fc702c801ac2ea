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
    /// Each that counts as open.
    Open,
    One(TaskStatus),
}

impl StatusFilter {
    /// Every choice of the menu.
    pub const ALL: [Self; 7] = [
        Self::Any,
        Self::Open,
        Self::One(TaskStatus::Todo),
        Self::One(TaskStatus::InProgress),
        Self::One(TaskStatus::Blocked),
        Self::One(TaskStatus::Done),
        Self::One(TaskStatus::Cancelled),
    ];

    /// What the query says, and the menu too; empty for any.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::Open => "todo,in_progress,blocked",
            Self::One(status) => status.as_str(),
        }
    }

    fn of(chosen: &str) -> Self {
        let found = Self::ALL
            .into_iter()
            .find(|choice| choice.as_str() == chosen);
        found.unwrap_or_default()
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

/// The orders that the widget offers: as the contract spells them, and by name.
pub const SORTS: [(TaskSort, &str, &str); 8] = [
    (TaskSort::UpdatedAtDesc, "-updated_at", "Last updated"),
    (TaskSort::UpdatedAt, "updated_at", "Least recently updated"),
    (TaskSort::DueOn, "due_on", "Due first"),
    (TaskSort::DueOnDesc, "-due_on", "Due last"),
    (TaskSort::Priority, "priority", "Most urgent"),
    (TaskSort::PriorityDesc, "-priority", "Least urgent"),
    (TaskSort::Title, "title", "Title, A to Z"),
    (TaskSort::TitleDesc, "-title", "Title, Z to A"),
];

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
            add("sort", self.order());
        }
        if self.status != StatusFilter::Any {
            add("status", self.status.as_str());
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

    /// The order as the contract spells it, and the menu too.
    pub fn order(&self) -> &'static str {
        let order = SORTS.iter().find(|(sort, ..)| *sort == self.sort);
        order.map_or("", |(_, value, _)| value)
    }

    /// Takes over what a menu of statuses has been set to.
    pub fn choose_status(&mut self, chosen: &str) {
        self.status = StatusFilter::of(chosen);
    }

    /// Takes over what a menu of people has been set to: an id, `none`, or neither.
    pub fn choose_assignee(&mut self, chosen: &str) {
        self.assignee = match chosen {
            "none" => AssigneeFilter::Nobody,
            id => id
                .parse()
                .map_or(AssigneeFilter::Anyone, AssigneeFilter::User),
        };
    }

    /// Takes over what a menu of orders has been set to.
    pub fn choose_sort(&mut self, chosen: &str) {
        let order = SORTS.iter().find(|(_, value, _)| *value == chosen);
        self.sort = order.map(|(sort, ..)| *sort).unwrap_or_default();
    }

    /// Takes over what has been typed.
    pub fn search(&mut self, typed: &str) {
        self.search = typed.trim().chars().take(LONGEST_SEARCH).collect();
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

    /// Takes over a click on the heading of `key`: orders by that column the way
    /// one expects it first, or the other way round.
    pub fn sort_by(&mut self, key: SortKey) {
        self.sort = match (key, self.sort) {
            (SortKey::Title, TaskSort::Title) => TaskSort::TitleDesc,
            (SortKey::Title, _) => TaskSort::Title,
            (SortKey::Priority, TaskSort::Priority) => TaskSort::PriorityDesc,
            (SortKey::Priority, _) => TaskSort::Priority,
            (SortKey::DueOn, TaskSort::DueOn) => TaskSort::DueOnDesc,
            (SortKey::DueOn, _) => TaskSort::DueOn,
            (SortKey::UpdatedAt, TaskSort::UpdatedAtDesc) => TaskSort::UpdatedAt,
            (SortKey::UpdatedAt, _) => TaskSort::UpdatedAtDesc,
        };
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
        filter.search("  a&b ");
        assert_eq!(
            filter.path(),
            "/v1/embed/tasks?limit=50&sort=due_on&status=todo,in_progress,blocked\
             &assignee=none&overdue=true&q=a%26b"
        );
    }

    #[test]
    fn orders_are_spelt_as_the_contract_has_them() {
        for (sort, value, _) in SORTS {
            assert_eq!(serde_json::to_value(sort).unwrap(), value);
        }
    }

    #[test]
    fn menus_are_read_back() {
        let mut filter = Filter::default();
        for status in StatusFilter::ALL {
            filter.choose_status(status.as_str());
            assert_eq!(filter.status, status);
        }
        for (sort, value, _) in SORTS {
            filter.choose_sort(value);
            assert_eq!(filter.sort, sort);
        }
        filter.choose_assignee("usr_01jd8x0c6tfwasq9m2yjz0v4kb");
        assert!(matches!(filter.assignee, AssigneeFilter::User(_)));
        filter.choose_assignee("");
        assert_eq!(filter.assignee, AssigneeFilter::Anyone);
    }

    #[test]
    fn a_second_click_on_a_heading_turns_the_order_round() {
        let mut filter = Filter::default();
        filter.sort_by(SortKey::DueOn);
        assert_eq!(
            (filter.sort, filter.direction(SortKey::DueOn)),
            (TaskSort::DueOn, "ascending")
        );
        filter.sort_by(SortKey::DueOn);
        assert_eq!(filter.direction(SortKey::DueOn), "descending");
        assert_eq!(filter.direction(SortKey::Title), "none");
    }

    #[test]
    fn a_search_is_cut_to_what_the_contract_takes() {
        let mut filter = Filter::default();
        filter.search(&"é".repeat(500));
        assert_eq!(filter.search.chars().count(), LONGEST_SEARCH);
    }

    #[test]
    fn clearing_keeps_the_order() {
        let mut filter = Filter {
            overdue: true,
            ..Filter::default()
        };
        filter.sort_by(SortKey::Title);
        assert!(filter.is_narrow());
        assert_eq!(filter.cleared().sort, TaskSort::Title);
        assert!(!filter.cleared().is_narrow());
    }
}
