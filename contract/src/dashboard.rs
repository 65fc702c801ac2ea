//! The dashboard's numbers. What each one means is written in `openapi.yaml`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{TaskStatus, UserRef};

/// How far back from `as_of`: whole weeks that end with that day, or everything.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RangePreset {
    #[serde(rename = "4w")]
    Weeks4,
    #[default]
    #[serde(rename = "12w")]
    Weeks12,
    #[serde(rename = "26w")]
    Weeks26,
    #[serde(rename = "52w")]
    Weeks52,
    #[serde(rename = "all")]
    All,
}

impl RangePreset {
    /// Every preset, shortest first.
    pub const ALL: [Self; 5] = [
        Self::Weeks4,
        Self::Weeks12,
        Self::Weeks26,
        Self::Weeks52,
        Self::All,
    ];

    /// The preset as the contract spells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Weeks4 => "4w",
            Self::Weeks12 => "12w",
            Self::Weeks26 => "26w",
            Self::Weeks52 => "52w",
            Self::All => "all",
        }
    }

    /// Days in the range, `as_of` included; `None` for everything.
    #[must_use]
    pub const fn days(self) -> Option<u32> {
        match self {
            Self::Weeks4 => Some(28),
            Self::Weeks12 => Some(84),
            Self::Weeks26 => Some(182),
            Self::Weeks52 => Some(364),
            Self::All => None,
        }
    }
}

/// Answer of `GET /v1/embed/dashboard`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dashboard {
    #[serde(deserialize_with = "crate::time::date")]
    pub as_of: Date,
    pub pinned: bool,
    pub revision: u64,
    pub range: Range,
    pub kpis: Kpis,
    /// One for each status, in the order of [`TaskStatus::ALL`].
    pub statuses: Vec<StatusCount>,
    pub burn_up: BurnUp,
    pub throughput: Throughput,
    pub workload: Workload,
}

/// The days that the range spans, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    pub preset: RangePreset,
    #[serde(deserialize_with = "crate::time::date")]
    pub from: Date,
    #[serde(deserialize_with = "crate::time::date")]
    pub to: Date,
}

/// Headline numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Kpis {
    pub open: u64,
    pub overdue: u64,
    pub completed: Completed,
    pub cycle_time: CycleTime,
}

/// Tasks completed in the 7 days that end with `as_of`, and in the 7 before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completed {
    pub last_7_days: u64,
    pub previous_7_days: u64,
}

/// Median time from start to completion.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CycleTime {
    /// Days of 24 hours; `None` without any task.
    pub median_days: Option<f64>,
    /// How many tasks the median is of.
    pub tasks: u64,
}

/// Tasks of one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusCount {
    pub status: TaskStatus,
    pub tasks: u64,
}

/// The width of a point; weeks start on Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Day,
    Week,
    Month,
}

/// Scope and completed work, cumulative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BurnUp {
    pub step: Step,
    pub points: Vec<BurnUpPoint>,
}

/// Scope and completed work at the end of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BurnUpPoint {
    /// The last day of the step, or of the range where that is earlier.
    #[serde(deserialize_with = "crate::time::date")]
    pub date: Date,
    pub scope: u64,
    pub completed: u64,
}

/// Tasks completed per step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Throughput {
    pub step: Step,
    pub points: Vec<ThroughputPoint>,
}

/// Tasks completed in one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThroughputPoint {
    /// The first day of the step, or of the range where that is later.
    #[serde(deserialize_with = "crate::time::date")]
    pub from: Date,
    pub completed: u64,
}

/// Open tasks per assignee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workload {
    /// At most 12, most open tasks first.
    pub people: Vec<PersonLoad>,
    pub others: Option<Others>,
}

/// Open tasks of one person, or of nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonLoad {
    pub user: Option<UserRef>,
    pub open: u64,
    pub overdue: u64,
}

/// Those who did not fit, together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Others {
    pub people: u64,
    pub open: u64,
    pub overdue: u64,
}
