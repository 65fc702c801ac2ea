//! What the state can be told.

use jiff::civil::Date;
use oriel_contract::{Dashboard, RangePreset, TaskDetail, TaskId, TaskPage};

use crate::{
    charts::Chart,
    choices::ChoicePage,
    columns::Column,
    filter::Facet,
    remote::Answer,
    sort::SortKey,
    view::{Place, View},
};

/// What can be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    Dashboard,
    Tasks,
    Detail,
    /// What of the widget itself is loaded later.
    Later,
}

/// What the state can be told. A choice from a menu comes as the menu's value.
#[derive(Debug, Clone)]
pub enum Action {
    /// Opens a page.
    Open(Place),
    /// Opens a task in the drawer.
    OpenTask(TaskId),
    CloseTask,
    /// Returns to where the viewer was before.
    Back,
    /// The host page wants this shown: a view, and filters by their parameters.
    Show(Option<View>, Option<Vec<(String, String)>>),
    /// Shows the tasks that a part of a chart stands for: what it narrows to, as
    /// parameters of the read API.
    Narrow(Vec<(&'static str, String)>),
    ChooseRange(RangePreset),
    Toggle(Facet, String),
    ChooseField(String),
    ChooseFrom(String),
    ChooseTo(String),
    ChooseDays(Option<Date>, Option<Date>),
    ToggleOverdue,
    ClearFilters,
    ClearSearch,
    /// The viewer types; the search waits for a pause.
    Type(String),
    /// The pause.
    Search,
    /// A menu of choices has been opened.
    OpenMenu(Facet),
    /// The viewer looks for a choice in the menu.
    Seek(String),
    /// A heading was clicked; `true` keeps the other columns.
    SortBy(SortKey, bool),
    /// Orders by a column one way, the other (`true`), or not at all.
    Order(SortKey, Option<bool>),
    ToggleColumn(Column),
    /// This row is now the first in sight.
    Scroll(usize),
    /// Turns a chart into its table, or back.
    ToggleTwin(Chart),
    /// The viewer has laid hands on the dashboard, and will want the rest of it.
    Touch,
    Retry(Resource),
    /// The data may have changed.
    Refresh,
    /// Whether changes are heard of, and of one the revision that it made.
    Heard(bool, Option<u64>),
    /// Saves the list as a file.
    Export,
    Exported(Answer<()>),
    LaterArrived(Answer<()>),
    DashboardArrived(String, Answer<Dashboard>),
    TasksArrived(String, Answer<TaskPage>),
    DetailArrived(String, Answer<TaskDetail>),
    ChoicesArrived(String, Answer<ChoicePage>),
}

impl Action {
    /// What the viewer picks by this: a kind and an id, for the host page to hear.
    pub fn selection(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::OpenTask(task) => Some(("task", task.as_str())),
            Self::Open(Place::Project(project)) => Some(("project", project.as_str())),
            Self::Narrow(parameters) => parameters.iter().find_map(|(name, value)| match *name {
                "assignee" => Some(("person", value.as_str())),
                "status" => Some(("status", value.as_str())),
                _ => None,
            }),
            _ => None,
        }
    }
}
