//! What the state asks the server for: every path follows from the state.

use oriel_contract::{RangePreset, TaskStatus};

use super::State;
use crate::{
    days,
    filter::{Facet, Filter},
    remote::Read,
    view::{Place, View},
};

impl State {
    /// What everything is narrowed to: on a project's page, to that project.
    pub(super) fn filter_here(&self) -> Filter {
        let mut filter = self.filter.clone();
        if let Some(project) = self.view.place.project() {
            filter.read(Facet::Project.as_str(), project.as_str());
        }
        filter
    }

    /// Where the dashboard's numbers are. The boot script starts with this read
    /// and finds it by its exact text.
    pub fn dashboard_path(&self) -> String {
        let path = "/v1/embed/dashboard?range=".to_owned() + self.range.as_str();
        self.filter_here().narrow(path)
    }

    /// `path`, which has a query, with filter and order of the list.
    pub(super) fn question(&self, path: String) -> String {
        self.ordered(self.filter_here().narrow(path))
    }

    fn ordered(&self, path: String) -> String {
        match self.sort.to_text() {
            sort if sort.is_empty() => path,
            sort => path + "&sort=" + &sort,
        }
    }

    /// Where the tasks of one status are, for the board.
    pub fn column_question(&self, status: TaskStatus) -> String {
        let mut filter = self.filter_here();
        filter.read(Facet::Status.as_str(), "");
        let path = "/v1/embed/tasks?status=".to_owned() + status.as_str();
        self.ordered(filter.narrow(path))
    }

    /// Where the bars of a project are. Over all years they would begin with what was
    /// done long ago, so they go a year back at most: what is open is there anyway.
    pub fn timeline_question(&self) -> String {
        let range = match self.range {
            RangePreset::All => RangePreset::Weeks52,
            range => range,
        };
        let path = "/v1/embed/timeline?range=".to_owned() + range.as_str();
        self.filter_here().narrow(path)
    }

    /// The read of the dashboard that is awaited.
    pub fn dashboard_read(&self) -> Option<Read> {
        self.dashboard.is_awaited().then(|| Read {
            path: self.dashboard_path(),
            attempt: self.dashboard.attempt,
        })
    }

    /// The read of the next page of tasks; the boot script starts with the first.
    pub fn tasks_read(&self) -> Option<Read> {
        Some(Read {
            path: self.list.wanted(|path| self.question(path))?,
            attempt: self.list.attempt,
        })
    }

    pub(super) fn wants_tasks(&self, path: &str) -> bool {
        self.tasks_read().is_some_and(|read| read.path == path)
    }

    /// Where the open task is.
    pub(super) fn detail_path(&self) -> Option<String> {
        let task = self.view.task.as_ref()?;
        Some("/v1/embed/tasks/".to_owned() + task.as_str())
    }

    /// The read of the open task.
    pub fn detail_read(&self) -> Option<Read> {
        Some(Read {
            path: self.detail_path()?,
            attempt: self.detail.attempt,
        })
    }

    /// The read of the list as a file.
    pub fn export_read(&self) -> Option<Read> {
        self.export.loading.then(|| Read {
            path: self.export_path.clone(),
            attempt: self.export.attempt,
        })
    }

    /// What the file is called.
    pub fn export_name(&self) -> String {
        let day = self
            .today()
            .map(|today| "-".to_owned() + &days::text(today));
        "tasks".to_owned() + &day.unwrap_or_default() + ".csv"
    }

    /// Which try to load the rest of the widget this is, while something of that is
    /// to be drawn.
    pub fn later_try(&self) -> Option<u32> {
        let View { place, task } = &self.view;
        // The first numbers have the line to themselves.
        let is_wanted = (self.is_touched && !self.dashboard.loading)
            || self.choices_read().is_some()
            || task.is_some()
            || matches!(place, Place::Project(_) | Place::Board)
            || self.twins.contains(&true);
        is_wanted.then_some(self.later.attempt)
    }

    /// The read of more choices for a menu that is, or has been, of use: once it was
    /// opened, or something is chosen that has to be called by its name. All of it
    /// can wait for the first numbers.
    pub fn choices_read(&self) -> Option<Read> {
        if self.dashboard.loading {
            return None;
        }
        let is_of_use = |facet: Facet| {
            self.opened[facet as usize]
                || !self.filter.chosen(facet).is_empty()
                || (facet == Facet::Project && self.view.place.project().is_some())
        };
        let mut facets = Facet::ALL.into_iter().filter(|facet| is_of_use(*facet));
        let path = facets.find_map(|facet| self.choices(facet).path())?;
        Some(Read {
            path: path.to_owned(),
            attempt: 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use oriel_contract::RangePreset;
    use yew::Reducible;

    use super::*;
    use crate::{
        error::{ApiError, ErrorKind},
        state::Action,
    };

    fn after(state: State, action: Action) -> State {
        Rc::unwrap_or_clone(Rc::new(state).reduce(action))
    }

    fn shown(view: &str) -> State {
        State::new(RangePreset::Weeks12, View::parse(view).unwrap())
    }

    #[test]
    fn the_rest_of_the_widget_waits_for_the_first_numbers_or_for_what_is_drawn_by_it() {
        let mut state = after(shown("overview"), Action::Touch);
        assert_eq!(state.later_try(), None);
        state.dashboard.loading = false;
        assert_eq!(state.later_try(), Some(0));
        assert_eq!(shown("board").later_try(), Some(0));
        assert_eq!(
            shown("task=tsk_01jd8x0c6tfwasq9m2yjz0v4kb").later_try(),
            Some(0)
        );
    }

    #[test]
    fn what_failed_to_come_is_tried_again_by_the_viewer_or_with_the_next_view() {
        let failed = ApiError::without_answer(ErrorKind::Network);
        let state = after(shown("board"), Action::LaterArrived(Err(failed)));
        assert!(state.later.error.is_some());
        let again = after(state.clone(), Action::Retry(crate::state::Resource::Later));
        assert_eq!((again.later_try(), &again.later.error), (Some(1), &None));
        let next = after(state, Action::Open(Place::Tasks));
        assert_eq!((next.later.attempt, &next.later.error), (1, &None));
    }
}
