//! The view that an embed begins with.

use std::{fmt, str::FromStr};

use oriel_contract::ProjectId;

/// What an embed shows where the page that it is on asks for nothing.
///
/// As text it is what the `view` attribute of `<oriel-dashboard>` takes:
/// `overview`, `tasks`, `board`, `project=prj_…`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum EmbedView {
    #[default]
    Overview,
    Tasks,
    Board,
    Project(ProjectId),
}

/// Text that is no view.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("give overview, tasks, board or project/prj_…, with the id of a project")]
pub struct NoView;

impl fmt::Display for EmbedView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overview => f.write_str("overview"),
            Self::Tasks => f.write_str("tasks"),
            Self::Board => f.write_str("board"),
            Self::Project(id) => write!(f, "project={id}"),
        }
    }
}

impl FromStr for EmbedView {
    type Err = NoView;

    /// Reads what [`fmt::Display`] writes. `project/prj_…` is the same as
    /// `project=prj_…`, for command lines.
    fn from_str(text: &str) -> Result<Self, NoView> {
        match text {
            "overview" => Ok(Self::Overview),
            "tasks" => Ok(Self::Tasks),
            "board" => Ok(Self::Board),
            _ => text
                .strip_prefix("project")
                .and_then(|rest| rest.strip_prefix(['=', '/']))
                .and_then(|id| id.parse().ok())
                .map(Self::Project)
                .ok_or(NoView),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROJECT: &str = "prj_01jd8x0c6tfwasq9m2yjz0v4kb";

    #[test]
    fn every_view_comes_back_as_it_was_written() {
        for text in ["overview", "tasks", "board", &format!("project={PROJECT}")] {
            assert_eq!(text.parse::<EmbedView>().unwrap().to_string(), text);
        }
        let slash: EmbedView = format!("project/{PROJECT}").parse().unwrap();
        assert_eq!(slash, EmbedView::Project(PROJECT.parse().unwrap()));
    }

    #[test]
    fn what_is_no_view_is_refused() {
        for text in [
            "",
            "Overview",
            "project",
            "project/",
            "project=tsk_1",
            "task=x",
        ] {
            assert_eq!(text.parse::<EmbedView>(), Err(NoView), "{text}");
        }
    }
}
