//! Everything that the widget knows, and the one pure function that changes it.
//!
//! What to read follows from the state: each resource's path is worked out from
//! it, hooks read that path, and an answer for another path is an old one and is
//! dropped.

mod reads;

use std::rc::Rc;

use jiff::civil::Date;
use oriel_contract::{Dashboard, RangePreset, TaskDetail};
use yew::Reducible;

pub use crate::action::{Action, Resource};
use crate::{
    charts::Chart,
    choices::Choices,
    columns::Columns,
    error::ApiError,
    filter::{Facet, Filter},
    list::TaskList,
    live::Live,
    remote::Remote,
    sort::Sort,
    view::{Place, View},
};

/// How far the way back goes.
const MOST_STEPS: usize = 30;

/// How the first load ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Ready,
    Failed(ApiError),
}

/// The state of one mounted widget.
#[derive(Debug, Clone)]
pub struct State {
    pub view: View,
    /// Where the viewer was before, and what it was narrowed to.
    past: Vec<(Place, Filter)>,
    pub range: RangePreset,
    /// The range that the embed begins with.
    default_range: RangePreset,
    pub filter: Filter,
    /// What stands in the search field; `filter` gets it after a pause.
    pub typed: String,
    pub sort: Sort,
    pub columns: Columns,
    /// For the menus, by the place of their kind in [`Facet::ALL`].
    choices: [Choices; Facet::ALL.len()],
    /// Kinds whose menu has been opened.
    opened: [bool; Facet::ALL.len()],
    /// What is looked for in the menu that is open.
    pub sought: String,
    pub dashboard: Remote<Dashboard>,
    pub list: TaskList,
    /// How many tasks there were when the viewer last waited for them; `None` while
    /// they wait.
    pub announced: Option<u64>,
    pub detail: Remote<TaskDetail>,
    /// The list on its way into a file.
    pub export: Remote<()>,
    export_path: String,
    /// What of the widget itself is loaded later.
    pub later: Remote<()>,
    /// Whether the viewer has done anything yet.
    is_touched: bool,
    /// Charts that are shown as tables, by their place in [`Chart::ALL`].
    pub twins: [bool; Chart::ALL.len()],
    /// Changes since the data was read.
    pub live: Live,
}

impl State {
    /// The state of a widget that has just been mounted: its first reads are on
    /// their way.
    pub fn new(range: RangePreset, view: View) -> Self {
        Self {
            detail: Remote::new(view.task.is_some()),
            view,
            past: Vec::new(),
            range,
            default_range: range,
            filter: Filter::default(),
            typed: String::new(),
            sort: Sort::default(),
            columns: Columns::default(),
            choices: Facet::ALL.map(Choices::new),
            opened: [false; Facet::ALL.len()],
            sought: String::new(),
            dashboard: Remote::new(true),
            list: TaskList::new(),
            announced: None,
            export: Remote::new(false),
            export_path: String::new(),
            later: Remote::new(true),
            is_touched: false,
            twins: [false; Chart::ALL.len()],
            live: Live::default(),
        }
    }

    /// What the menu of a kind offers.
    pub fn choices(&self, facet: Facet) -> &Choices {
        &self.choices[facet as usize]
    }

    /// The state of a viewer who begins here.
    #[must_use]
    pub fn without_past(mut self) -> Self {
        self.past.clear();
        self
    }

    /// Whether there is a way back.
    pub fn has_past(&self) -> bool {
        !self.past.is_empty()
    }

    /// The day that the dashboard calls today, once it is known.
    pub fn today(&self) -> Option<Date> {
        self.dashboard
            .value
            .as_ref()
            .map(|dashboard| dashboard.as_of)
    }

    /// Filters, range and order, as the host page keeps them.
    pub fn kept(&self) -> Vec<(&'static str, String)> {
        let mut kept = self.filter.parameters();
        kept.push(("range", self.range.as_str().to_owned()));
        if self.sort.len() > 0 {
            kept.push(("sort", self.sort.to_text()));
        }
        kept
    }

    /// Whether `chart` is shown as its table.
    pub fn shows_twin(&self, chart: Chart) -> bool {
        self.twins[place(chart)]
    }

    /// How the first load ended; `None` while it goes on. A part that the token
    /// leaves out is no failure, unless it leaves out everything.
    pub fn outcome(&self) -> Option<Outcome> {
        if self.dashboard.loading || self.list.is_loading() {
            return None;
        }
        let withheld = (self.dashboard.is_withheld(), self.list.is_withheld());
        let failure = match withheld {
            (true, false) => self.list.error.as_ref(),
            (false, true) => self.dashboard.error.as_ref(),
            _ => self.dashboard.error.as_ref().or(self.list.error.as_ref()),
        };
        Some(failure.map_or(Outcome::Ready, |error| Outcome::Failed(error.clone())))
    }

    fn told(&mut self, action: Action) {
        match action {
            Action::Open(place) => self.go(place),
            Action::OpenTask(task) => self.view.task = Some(task),
            Action::CloseTask => self.view.task = None,
            Action::Back => {
                if let Some((place, filter)) = self.past.pop() {
                    self.view = View { place, task: None };
                    self.take(filter);
                }
            }
            Action::Show(view, filters) => self.show(view, filters),
            Action::Narrow(parameters) => self.drill(parameters),
            Action::ChooseRange(range) => self.range = range,
            Action::Toggle(facet, value) => self.filter.toggle(facet, &value),
            Action::ChooseField(name) => self.filter.read("date", &name),
            Action::ChooseFrom(day) => self.filter.read("from", &day),
            Action::ChooseTo(day) => self.filter.read("to", &day),
            Action::ChooseDays(from, to) => self.filter.choose_days(from, to),
            Action::ToggleOverdue => self.filter.overdue = !self.filter.overdue,
            Action::ClearFilters => self.take(Filter::default()),
            Action::ClearSearch => {
                self.typed.clear();
                self.filter.search("");
            }
            Action::Type(text) => self.typed = text,
            Action::Search => self.filter.search(&self.typed),
            Action::OpenMenu(facet) => {
                self.opened[facet as usize] = true;
                self.sought.clear();
            }
            Action::Seek(text) => self.sought = text,
            Action::SortBy(key, together) => self.sort.by(key, together),
            Action::Order(key, descending) => self.sort.set(key, descending),
            Action::ToggleColumn(column) => self.columns.toggle(column),
            Action::Scroll(top) => self.list.scroll(top),
            Action::ToggleTwin(chart) => self.twins[place(chart)] ^= true,
            Action::Touch => self.is_touched = true,
            Action::Retry(resource) => self.retry(resource),
            Action::Refresh => self.refresh(),
            Action::Heard(is_up, revision) => {
                let is_news = self.live.hear(is_up, revision, self.revision());
                // What is on its way is waited for; after it, it is asked again.
                if is_news && !self.dashboard.is_awaited() {
                    self.refresh();
                }
            }
            Action::Export => {
                self.export_path = self.question("/v1/embed/tasks/export?".to_owned());
                self.export.again();
            }
            arrived => self.arrived(arrived),
        }
    }

    fn arrived(&mut self, action: Action) {
        match action {
            Action::DashboardArrived(path, answer) if path == self.dashboard_path() => {
                let before = self.revision();
                self.dashboard.settle(answer);
                // Something was written while the answer was on its way.
                if self.revision() > before && self.live.is_ahead_of(self.revision()) {
                    self.refresh();
                }
            }
            Action::TasksArrived(path, answer) if self.wants_tasks(&path) => {
                self.list.settle(answer);
            }
            Action::DetailArrived(path, answer) if Some(&path) == self.detail_path().as_ref() => {
                self.detail.settle(answer);
            }
            Action::ChoicesArrived(path, answer) => {
                let mut choices = self.choices.iter_mut();
                if let Some(choices) = choices.find(|choices| choices.path() == Some(&path)) {
                    choices.settle(answer);
                }
            }
            Action::Exported(answer) => self.export.settle(answer),
            Action::LaterArrived(answer) => self.later.settle(answer),
            _ => {}
        }
    }

    /// Opens a page, and remembers the way back.
    fn go(&mut self, place: Place) {
        self.view.task = None;
        if place == self.view.place {
            return;
        }
        let here = std::mem::replace(&mut self.view.place, place);
        self.past.push((here, self.filter.clone()));
        if self.past.len() > MOST_STEPS {
            self.past.remove(0);
        }
    }

    /// Takes over a filter, and shows its search.
    fn take(&mut self, filter: Filter) {
        self.typed.clone_from(&filter.search);
        self.filter = filter;
    }

    /// Shows the tasks that a part of a chart stands for.
    fn drill(&mut self, parameters: Vec<(&'static str, String)>) {
        let mut filter = self.filter_here();
        for (name, value) in parameters {
            filter.read(name, &value);
        }
        self.go(Place::Tasks);
        self.take(filter);
    }

    /// Shows what the host page wants shown; what it leaves out stays.
    fn show(&mut self, view: Option<View>, filters: Option<Vec<(String, String)>>) {
        if let Some(view) = view {
            self.go(view.place);
            self.view.task = view.task;
        }
        let Some(filters) = filters else { return };
        let mut filter = Filter::default();
        (self.range, self.sort) = (self.default_range, Sort::default());
        for (name, value) in filters {
            match &*name {
                "range" => {
                    let mut ranges = RangePreset::ALL.into_iter();
                    let range = ranges.find(|range| range.as_str() == value);
                    self.range = range.unwrap_or(self.range);
                }
                "sort" => self.sort = Sort::parse(&value),
                _ => filter.read(&name, &value),
            }
        }
        // A host page that keeps the filters gives them back while the viewer types.
        if filter.parameters() != self.filter.parameters() {
            self.take(filter);
        }
    }

    /// The revision that the numbers on the screen are of.
    fn revision(&self) -> Option<u64> {
        self.dashboard
            .value
            .as_ref()
            .map(|dashboard| dashboard.revision)
    }

    /// Reads everything again, quietly.
    fn refresh(&mut self) {
        self.dashboard.refresh();
        self.list.refresh();
        self.detail.refresh();
    }

    fn retry(&mut self, resource: Resource) {
        match resource {
            Resource::Dashboard => self.dashboard.again(),
            Resource::Tasks => self.list.again(),
            Resource::Detail => self.detail.again(),
            Resource::Later => self.later.again(),
        }
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
        if next.question(String::new()) != self.question(String::new()) {
            next.list.restart();
        }
        if next.view.task != self.view.task {
            next.detail = Remote::new(next.view.task.is_some());
        }
        // What failed to come is tried again with whatever is opened next.
        let is_other = next.view != self.view || next.twins != self.twins;
        if next.later.error.is_some() && is_other {
            next.later.again();
        }
        next.announced = if next.dashboard.loading || next.list.is_loading() {
            None
        } else {
            next.announced.or(Some(next.list.total))
        };
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
