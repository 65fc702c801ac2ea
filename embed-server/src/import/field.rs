//! What a column of a file can be.

use std::fmt;

use serde::Deserialize;

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    #[default]
    Tasks,
    /// Of the projects that tasks are in; a row each.
    Milestones,
}

/// What a column can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Title,
    /// The project's external id.
    Project,
    ProjectName,
    Status,
    Priority,
    /// The external id of a person.
    Assignee,
    AssigneeName,
    AssigneeEmail,
    /// The names of all labels of the task.
    Labels,
    /// The external ids of the tasks that it has to wait for.
    DependsOn,
    CreatedAt,
    StartedAt,
    CompletedAt,
    DueOn,
    EstimateHours,
    /// The external id of a person who worked on the task.
    Contributor,
    ContributorName,
    ContributorHours,
    /// The name of a milestone.
    Name,
    /// The day on which a milestone was reached.
    ReachedOn,
}

impl Field {
    /// Fields that a task cannot be without.
    pub const REQUIRED: [Self; 4] = [Self::Title, Self::Project, Self::Status, Self::CreatedAt];

    /// Fields that a milestone cannot be without.
    pub const OF_MILESTONES: [Self; 3] = [Self::Name, Self::Project, Self::DueOn];

    /// The field as the mapping file spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Project => "project",
            Self::ProjectName => "project_name",
            Self::Status => "status",
            Self::Priority => "priority",
            Self::Assignee => "assignee",
            Self::AssigneeName => "assignee_name",
            Self::AssigneeEmail => "assignee_email",
            Self::Labels => "labels",
            Self::DependsOn => "depends_on",
            Self::CreatedAt => "created_at",
            Self::StartedAt => "started_at",
            Self::CompletedAt => "completed_at",
            Self::DueOn => "due_on",
            Self::EstimateHours => "estimate_hours",
            Self::Contributor => "contributor",
            Self::ContributorName => "contributor_name",
            Self::ContributorHours => "contributor_hours",
            Self::Name => "name",
            Self::ReachedOn => "reached_on",
        }
    }

    /// The field that this one only adds to, and needs beside it in its file.
    pub const fn base(self) -> Option<Self> {
        match self {
            Self::ProjectName => Some(Self::Project),
            Self::AssigneeName | Self::AssigneeEmail => Some(Self::Assignee),
            Self::ContributorName | Self::ContributorHours => Some(Self::Contributor),
            _ => None,
        }
    }

    /// Whether a file with these rows may have the field.
    pub const fn is_of(self, rows: Holds) -> bool {
        match rows {
            Holds::Tasks => !matches!(self, Self::Name | Self::ReachedOn),
            Holds::Milestones => matches!(
                self,
                Self::Name | Self::Project | Self::ProjectName | Self::DueOn | Self::ReachedOn
            ),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
