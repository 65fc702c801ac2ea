//! Everything that the widget knows, and the one pure function that changes it.
//!
//! What to read follows from the state: each resource's path is worked out from
//! it, hooks read that path, and an answer for another path is an old one and is
//! dropped.

use std::rc::Rc;

use oriel_contract::{
    Dashboard, Page as ListPage, ProjectId, ProjectRef, RangePreset, TaskDetail, TaskId, TaskPage,
};
use yew::Reducible;

use crate::{
    charts::Chart,
    error::{ApiError, ErrorKind},
    filter::{Filter, Page, SortKey},
    query,
};

/// Where the list of projects starts.
const PROJECTS: &str = "/v1/embed/projects?limit=200";
/// A longer list is no use in a menu.
const MOST_PROJECTS: usize = 1_000;

/// Something that is read from the server.
#[derive(Debug)]
pub struct Remote<T> {
    /// The latest answer; kept while the next one is on its way.
    pub value: Option<Rc<T>>,
    pub error: Option<ApiError>,
    pub loading: bool,
    /// Counts tries of the same path, so that each is a read of its own.
    pub attempt: u32,
}

impl<T> Clone for Remote<T> {
    fn clone(&self) -> Self {
        Self {
            value: self.value.clone(),
            error: self.error.clone(),
            loading: self.loading,
            attempt: self.attempt,
        }
    }
}

impl<T> Remote<T> {
    const fn new(loading: bool) -> Self {
        Self {
            value: None,
            error: None,
            loading,
            attempt: 0,
        }
    }

    fn start(&mut self) {
        self.loading = true;
        self.error = None;
    }

    /// Takes over an answer, unless nobody waits for it any longer.
    fn settle(&mut self, answer: Answer<T>) {
        if !self.loading {
            return;
        }
        self.loading = false;
        match answer {
            Ok(value) => self.value = Some(value),
            Err(error) => self.error = Some(error),
        }
    }

    /// Whether the token leaves this part out.
    pub fn is_withheld(&self) -> bool {
        matches!(&self.error, Some(error) if error.kind == ErrorKind::InsufficientScope)
    }
}

/// What came back for a read.
pub type Answer<T> = Result<Rc<T>, ApiError>;

/// What can be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    Dashboard,
    Tasks,
    Detail,
}

/// A read that the state asks for: where, and which try it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub path: String,
    pub attempt: u32,
}

/// What the state can be told. A choice from a menu comes as the menu's value.
#[derive(Debug, Clone)]
pub enum Action {
    ChooseRange(RangePreset),
    ChooseProject(String),
    ChooseStatus(String),
    ChooseAssignee(String),
    ChooseSort(String),
    SortBy(SortKey),
    ToggleOverdue,
    ClearFilters,
    /// The viewer types; the search waits for a pause.
    Type(String),
    /// The pause.
    Search,
    NextPage,
    PreviousPage,
    /// Opens a task, or closes it.
    ToggleTask(TaskId),
    /// Turns a chart into its table, or back.
    ToggleTwin(Chart),
    Retry(Resource),
    DashboardArrived(String, Answer<Dashboard>),
    TasksArrived(String, Answer<TaskPage>),
    DetailArrived(String, Answer<TaskDetail>),
    ProjectsArrived(String, Answer<ListPage<ProjectRef>>),
}

/// How the first load ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Ready,
    Failed(ApiError),
}

/// The state of one mounted widget.
#[derive(Debug, Clone)]
pub struct State {
    pub range: RangePreset,
    pub project: Option<ProjectId>,
    /// For the menu: the pages that have arrived.
    pub projects: Rc<Vec<ProjectRef>>,
    /// Where the next page of them is; `None` when all are there, or cannot be had.
    pub projects_path: Option<String>,
    pub dashboard: Remote<Dashboard>,
    pub filter: Filter,
    /// What stands in the search field; `filter` gets it after a pause.
    pub typed: String,
    pub page: Page,
    pub tasks: Remote<TaskPage>,
    pub open_task: Option<TaskId>,
    pub detail: Remote<TaskDetail>,
    /// Charts that are shown as tables, by their place in [`Chart::ALL`].
    pub twins: [bool; Chart::ALL.len()],
}

impl State {
    /// The state of a widget that has just been mounted: its first reads are on
    /// their way.
    pub fn new(range: RangePreset) -> Self {
        Self {
            range,
            project: None,
            projects: Rc::default(),
            projects_path: Some(PROJECTS.to_owned()),
            dashboard: Remote::new(true),
            filter: Filter::default(),
            typed: String::new(),
            page: Page::default(),
            tasks: Remote::new(true),
            open_task: None,
            detail: Remote::new(false),
            twins: [false; Chart::ALL.len()],
        }
    }

    /// Where the dashboard's numbers are. The boot script starts with this read
    /// and finds it by its exact text.
    pub fn dashboard_path(&self) -> String {
        let mut path = "/v1/embed/dashboard?range=".to_owned() + self.range.as_str();
        if let Some(project) = &self.project {
            path = path + "&project=" + project.as_str();
        }
        path
    }

    /// Where the page of tasks is; the boot script starts with this one too.
    pub fn tasks_path(&self) -> String {
        let mut path = self.filter.path();
        if let Some(project) = &self.project {
            path = path + "&project=" + project.as_str();
        }
        self.page.continue_path(path)
    }

    /// Where the open task is.
    pub fn detail_path(&self) -> Option<String> {
        let task = self.open_task.as_ref()?;
        Some("/v1/embed/tasks/".to_owned() + task.as_str())
    }

    /// The read that keeps the dashboard.
    pub fn dashboard_read(&self) -> Read {
        Read {
            path: self.dashboard_path(),
            attempt: self.dashboard.attempt,
        }
    }

    /// The read that keeps the page of tasks.
    pub fn tasks_read(&self) -> Read {
        Read {
            path: self.tasks_path(),
            attempt: self.tasks.attempt,
        }
    }

    /// The read of the open task.
    pub fn detail_read(&self) -> Option<Read> {
        Some(Read {
            path: self.detail_path()?,
            attempt: self.detail.attempt,
        })
    }

    /// The read of the next projects. The menu can wait for the first numbers.
    pub fn projects_read(&self) -> Option<Read> {
        self.dashboard.value.as_ref()?;
        Some(Read {
            path: self.projects_path.clone()?,
            attempt: 0,
        })
    }

    /// Whether `chart` is shown as its table.
    pub fn shows_twin(&self, chart: Chart) -> bool {
        self.twins[place(chart)]
    }

    /// How the first load ended; `None` while it goes on. A part that the token
    /// leaves out is no failure, unless it leaves out everything.
    pub fn outcome(&self) -> Option<Outcome> {
        if self.dashboard.loading || self.tasks.loading {
            return None;
        }
        let withheld = (self.dashboard.is_withheld(), self.tasks.is_withheld());
        let failure = match withheld {
            (true, false) => self.tasks.error.as_ref(),
            (false, true) => self.dashboard.error.as_ref(),
            _ => self.dashboard.error.as_ref().or(self.tasks.error.as_ref()),
        };
        Some(failure.map_or(Outcome::Ready, |error| Outcome::Failed(error.clone())))
    }

    fn told(&mut self, action: Action) {
        match action {
            Action::ChooseRange(range) => self.range = range,
            Action::ChooseProject(id) => self.project = id.parse().ok(),
            Action::ChooseStatus(status) => self.filter.choose_status(&status),
            Action::ChooseAssignee(user) => self.filter.choose_assignee(&user),
            Action::ChooseSort(sort) => self.filter.choose_sort(&sort),
            Action::SortBy(key) => self.filter.sort_by(key),
            Action::ToggleOverdue => self.filter.overdue = !self.filter.overdue,
            Action::ClearFilters => {
                self.filter = self.filter.cleared();
                self.typed.clear();
            }
            Action::Type(text) => self.typed = text,
            Action::Search => self.filter.search(&self.typed),
            Action::NextPage => self.turn_page(),
            Action::PreviousPage => self.page.turn_back(),
            Action::ToggleTask(task) => {
                let was_open = self.open_task.as_ref() == Some(&task);
                self.open_task = (!was_open).then_some(task);
            }
            Action::ToggleTwin(chart) => self.twins[place(chart)] ^= true,
            Action::Retry(resource) => self.retry(resource),
            Action::DashboardArrived(path, answer) => {
                if path == self.dashboard_path() {
                    self.dashboard.settle(answer);
                }
            }
            Action::TasksArrived(path, answer) => {
                if path == self.tasks_path() {
                    self.tasks.settle(answer);
                }
            }
            Action::DetailArrived(path, answer) => {
                if Some(path) == self.detail_path() {
                    self.detail.settle(answer);
                }
            }
            Action::ProjectsArrived(path, answer) => {
                if Some(path) == self.projects_path {
                    self.projects_path = self.add_projects(answer);
                }
            }
        }
    }

    /// Adds a page to the menu; where the next one is. Without the list the menu
    /// offers no choice, and that is all.
    fn add_projects(&mut self, answer: Answer<ListPage<ProjectRef>>) -> Option<String> {
        let page = answer.ok()?;
        let projects = Rc::make_mut(&mut self.projects);
        projects.extend_from_slice(&page.items);
        let cursor = page.next_cursor.as_ref()?;
        let next = PROJECTS.to_owned() + "&cursor=" + &query::encoded(cursor);
        (projects.len() < MOST_PROJECTS).then_some(next)
    }

    fn turn_page(&mut self) {
        let page = self.tasks.value.as_ref().filter(|_| !self.tasks.loading);
        if let Some(cursor) = page.and_then(|page| page.next_cursor.clone()) {
            self.page.turn_to(cursor);
        }
    }

    fn retry(&mut self, resource: Resource) {
        let attempt = match resource {
            Resource::Dashboard => {
                self.dashboard.start();
                &mut self.dashboard.attempt
            }
            Resource::Tasks => {
                self.tasks.start();
                &mut self.tasks.attempt
            }
            Resource::Detail => {
                self.detail.start();
                &mut self.detail.attempt
            }
        };
        *attempt += 1;
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut next = (*self).clone();
        next.told(action);
        // A cursor holds only for the filters that it came from.
        if next.filter != self.filter || next.project != self.project {
            next.page = Page::default();
        }
        // A path that has changed is a read that begins.
        if next.dashboard_path() != self.dashboard_path() {
            next.dashboard.start();
        }
        if next.tasks_path() != self.tasks_path() {
            next.tasks.start();
            next.open_task = None;
        }
        if next.open_task != self.open_task {
            next.detail = Remote::new(next.open_task.is_some());
        }
        Rc::new(next)
    }
}

fn place(chart: Chart) -> usize {
    Chart::ALL
        .iter()
        .position(|other| *other == chart)
        .unwrap_or(0)
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
