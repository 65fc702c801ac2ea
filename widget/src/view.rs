//! Where the viewer is, and how that is written for the host page to keep.
//!
//! A view is a place and, over it, perhaps an open task. As text it is the short
//! string of a URL's query: `overview`, `tasks`, `board`, `project=prj_…`, `task=tsk_…`,
//! and `tasks&task=tsk_…` for a task over a place that is not the overview.

use oriel_contract::{ProjectId, TaskId};

/// A page of the dashboard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    Overview,
    Project(ProjectId),
    /// The tasks as a table.
    Tasks,
    /// The tasks by their status.
    Board,
}

/// What is on the screen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    pub place: Place,
    /// Open in the drawer, over the place.
    pub task: Option<TaskId>,
}

impl View {
    /// Reads a view; `None` for what is none. A newer host may keep more than this
    /// widget knows, so a part that is unknown is an answer of "no", not a guess.
    pub fn parse(text: &str) -> Option<Self> {
        let mut view = Self::default();
        for part in text.split('&') {
            match part.split_once('=') {
                None if part == "overview" => view.place = Place::Overview,
                None if part == "tasks" => view.place = Place::Tasks,
                None if part == "board" => view.place = Place::Board,
                Some(("project", id)) => view.place = Place::Project(id.parse().ok()?),
                Some(("task", id)) => view.task = Some(id.parse().ok()?),
                _ => return None,
            }
        }
        Some(view)
    }

    /// The view as text, which [`View::parse`] reads back.
    pub fn to_text(&self) -> String {
        let place = match (&self.place, &self.task) {
            (Place::Overview, Some(_)) => String::new(),
            (Place::Overview, None) => "overview".to_owned(),
            (Place::Project(id), _) => "project=".to_owned() + id.as_str(),
            (Place::Tasks, _) => "tasks".to_owned(),
            (Place::Board, _) => "board".to_owned(),
        };
        match &self.task {
            None => place,
            Some(task) if place.is_empty() => "task=".to_owned() + task.as_str(),
            Some(task) => place + "&task=" + task.as_str(),
        }
    }
}

impl Place {
    /// The project that everything here is of.
    pub const fn project(&self) -> Option<&ProjectId> {
        match self {
            Self::Project(id) => Some(id),
            Self::Overview | Self::Tasks | Self::Board => None,
        }
    }

    /// Whether the tasks have the page to themselves.
    pub const fn is_tasks(&self) -> bool {
        matches!(self, Self::Tasks | Self::Board)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TASK: &str = "tsk_01jd8x0c6tfwasq9m2yjz0v4kb";
    const PROJECT: &str = "prj_01jd8x0c6tfwasq9m2yjz0v4kb";

    #[test]
    fn every_view_comes_back_as_it_was_written() {
        for place in ["overview", "tasks", "board", &format!("project={PROJECT}")] {
            let view = View::parse(place).unwrap();
            assert_eq!(view.to_text(), place);
            let over = View {
                task: Some(TASK.parse().unwrap()),
                ..view
            };
            assert_eq!(View::parse(&over.to_text()), Some(over));
        }
    }

    #[test]
    fn a_task_alone_lies_over_the_overview() {
        let view = View::parse(&format!("task={TASK}")).unwrap();
        assert_eq!(view.place, Place::Overview);
        assert_eq!(view.to_text(), format!("task={TASK}"));
    }

    #[test]
    fn what_is_no_view_is_refused() {
        for text in [
            "",
            "boards",
            "task=",
            "project=tsk_1",
            "tasks&x",
            "tasks&a=b",
        ] {
            assert_eq!(View::parse(text), None, "{text}");
        }
    }
}
