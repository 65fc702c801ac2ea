//! What the state asks the server for: every path follows from the state.

use super::State;
use crate::{
    days,
    filter::{Facet, Filter},
    remote::Read,
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
        let path = self.filter_here().narrow(path);
        match self.sort.to_text() {
            sort if sort.is_empty() => path,
            sort => path + "&sort=" + &sort,
        }
    }

    /// The read that keeps the dashboard.
    pub fn dashboard_read(&self) -> Read {
        Read {
            path: self.dashboard_path(),
            attempt: self.dashboard.attempt,
        }
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
