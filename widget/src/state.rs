//! Everything that the widget knows, and the one pure function that changes it.
//!
//! What to read follows from the state: each resource's path is worked out from
//! it, hooks read that path, and an answer for another path is an old one and is
//! dropped.

use std::rc::Rc;

use oriel_contract::{
    Dashboard, ProjectId, ProjectRef, RangePreset, TaskDetail, TaskId, TaskPage,
};
use yew::Reducible;

use crate::{
    charts::Chart,
    error::{ApiError, ErrorKind},
    filter::{Filter, Page},
};

/// Something that is read from the server.
#[derive(Debug, PartialEq)]
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
    const fn loading() -> Self {
        Self {
            value: None,
            error: None,
            loading: true,
            attempt: 0,
        }
    }

    const fn idle() -> Self {
        Self {
            value: None,
            error: None,
            loading: false,
            attempt: 0,
        }
    }

    fn start(&mut self) {
        self.loading = true;
        self.error = None;
    }

    fn settle(&mut self, answer: &Answer<T>) {
        self.loading = false;
        match answer {
            Ok(value) => {
                self.value = Some(value.clone());
                self.error = None;
            }
            Err(error) => self.error = Some(error.clone()),
        }
    }

    /// Whether the token leaves this part out.
    fn is_withheld(&self) -> bool {
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

/// What the state can be told.
#[derive(Debug, Clone)]
pub enum Action {
    ChooseRange(RangePreset),
    ChooseProject(Option<ProjectId>),
    /// The list of tasks asks for others.
    ChooseTasks(Filter),
    /// The viewer types; the search waits for a pause.
    Type(String),
    /// The pause.
    Search,
    ClearFilters,
    NextPage,
    PreviousPage,
    /// Opens a task, or closes it.
    ToggleTask(TaskId),
    /// Turns a chart into its table, or back.
    ToggleTwin(Chart),
    Retry(Resource),
    ProjectsArrived(Vec<ProjectRef>),
    DashboardArrived(String, Answer<Dashboard>),
    TasksArrived(String, Answer<TaskPage>),
    DetailArrived(String, Answer<TaskDetail>),
}

/// How the first load ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Ready,
    Failed(ApiError),
}

/// The state of one mounted widget.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub range: RangePreset,
    pub project: Option<ProjectId>,
    /// For the menu; empty until they arrive.
    pub projects: Rc<Vec<ProjectRef>>,
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
            dashboard: Remote::loading(),
            filter: Filter::default(),
            typed: String::new(),
            page: Page::default(),
            tasks: Remote::loading(),
            open_task: None,
            detail: Remote::idle(),
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
            Action::ChooseProject(project) => {
                self.project = project;
                self.page = Page::default();
            }
            Action::ChooseTasks(filter) => {
                self.filter = filter;
                self.page = Page::default();
            }
            Action::Type(text) => self.typed = text,
            Action::Search => {
                if self.filter.search(&self.typed) {
                    self.page = Page::default();
                }
            }
            Action::ClearFilters => {
                self.filter = self.filter.cleared();
                self.typed.clear();
                self.page = Page::default();
            }
            Action::NextPage => {
                let next = self.tasks.value.as_ref().and_then(|page| page.next_cursor.clone());
                if let (Some(cursor), false) = (next, self.tasks.loading) {
                    self.page.turn_to(cursor);
                }
            }
            Action::PreviousPage => self.page.turn_back(),
            Action::ToggleTask(task) => {
                let was_open = self.open_task.as_ref() == Some(&task);
                self.open_task = (!was_open).then_some(task);
            }
            Action::ToggleTwin(chart) => self.twins[place(chart)] ^= true,
            Action::Retry(resource) => self.retry(resource),
            Action::ProjectsArrived(projects) => self.projects = Rc::new(projects),
            Action::DashboardArrived(path, answer) => {
                if path == self.dashboard_path() {
                    self.dashboard.settle(&answer);
                }
            }
            Action::TasksArrived(path, answer) => {
                if path == self.tasks_path() {
                    self.tasks.settle(&answer);
                }
            }
            Action::DetailArrived(path, answer) => {
                if Some(path) == self.detail_path() {
                    self.detail.settle(&answer);
                }
            }
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
        // A path that has changed is a read that begins.
        if next.dashboard_path() != self.dashboard_path() {
            next.dashboard.start();
        }
        if next.tasks_path() != self.tasks_path() {
            next.tasks.start();
            next.open_task = None;
        }
        if next.open_task != self.open_task {
            next.detail = match next.open_task {
                Some(_) => Remote::loading(),
                None => Remote::idle(),
            };
        }
        Rc::new(next)
    }
}

fn place(chart: Chart) -> usize {
    Chart::ALL.iter().position(|other| *other == chart).unwrap_or(0)
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
