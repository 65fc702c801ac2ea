//! The dashboard's numbers. What each one means is written in `openapi.yaml`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{ProjectRef, TaskStatus, UserRef};

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
    pub status_over_time: StatusOverTime,
    pub burn_up: BurnUp,
    /// `None` where the past says too little.
    pub forecast: Option<Forecast>,
    pub throughput: Throughput,
    pub cycle_time: CycleTimes,
    pub health: ProjectHealth,
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kpis {
    pub open: u64,
    pub overdue: u64,
    pub completed: Completed,
    pub cycle_time: CycleTime,
    /// The 12 weeks that end with `as_of`, oldest first.
    pub trend: Vec<TrendPoint>,
}

/// The headline numbers of one week of 7 days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrendPoint {
    /// The last day of the week.
    #[serde(deserialize_with = "crate::time::date")]
    pub date: Date,
    /// Open at the end of that day.
    pub open: u64,
    /// Of those, due before that day.
    pub overdue: u64,
    pub completed: u64,
    /// Days of 24 hours; `None` without any task.
    pub median_days: Option<f64>,
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

/// Tasks by the status that they had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusOverTime {
    pub step: Step,
    pub points: Vec<StatusPoint>,
}

/// Tasks of each status at the end of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusPoint {
    /// The last day of the step, or of the range where that is earlier.
    #[serde(deserialize_with = "crate::time::date")]
    pub date: Date,
    pub todo: u64,
    pub in_progress: u64,
    pub blocked: u64,
    pub done: u64,
    pub cancelled: u64,
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

/// When the open tasks will be completed, going by the last weeks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// Open tasks.
    pub remaining: u64,
    /// Weeks that it is made from.
    pub weeks: u64,
    /// Tasks completed in one of them, on average.
    pub per_week: f64,
    /// Done by then with a chance of 50 %.
    #[serde(deserialize_with = "crate::time::date")]
    pub p50_on: Date,
    /// Done by then with a chance of 85 %.
    #[serde(deserialize_with = "crate::time::date")]
    pub p85_on: Date,
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

/// How long tasks took from start to completion, in days of 24 hours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CycleTimes {
    pub tasks: u64,
    /// The median; like the others `None` without any task.
    pub p50_days: Option<f64>,
    pub p85_days: Option<f64>,
    pub p95_days: Option<f64>,
    /// Shortest first, empty ones included.
    pub buckets: Vec<CycleTimeBucket>,
}

/// Tasks that took about as long as each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleTimeBucket {
    /// At least so many days.
    pub from_days: u32,
    /// And less than so many; `None` without an end.
    pub to_days: Option<u32>,
    pub tasks: u64,
}

/// How projects stand, riskiest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectHealth {
    /// At most 20.
    pub items: Vec<ProjectHealthItem>,
    /// How many projects did not fit.
    pub others: u64,
}

/// How one project stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectHealthItem {
    pub project: ProjectRef,
    /// All but cancelled ones.
    pub tasks: u64,
    pub open: u64,
    pub overdue: u64,
    pub blocked: u64,
    pub completed: u64,
    /// Completed of all, 0 to 1.
    pub progress: f64,
    pub risk: Risk,
    /// The earliest day from `as_of` on that an open task is due.
    #[serde(default, deserialize_with = "crate::time::optional_date")]
    pub next_due_on: Option<Date>,
}

/// How likely a project misses its dates, riskiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// At least a quarter of what is open is overdue.
    OffTrack,
    /// At least a tenth of what is open is overdue or blocked.
    AtRisk,
    OnTrack,
    /// Nothing is open.
    Done,
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
