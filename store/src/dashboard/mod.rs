//! The dashboard's numbers. What each one means is written in the contract.

pub(crate) mod calendar;
mod cycle_time;
mod forecast;
mod health;
mod history;
mod numbers;

use jiff::{ToSpan, civil::Date};
use oriel_contract::{
    BurnUp, BurnUpPoint, Completed, CycleTimes, Dashboard, Forecast, Kpis, ProjectHealth, Range,
    RangePreset, StatusCount, StatusOverTime, StatusPoint, TaskStatus, Throughput, ThroughputPoint,
    TrendPoint, Workload,
};

use self::{
    cycle_time::CycleMillis,
    history::StatusHistory,
    numbers::{Counted, Series},
};
use crate::{
    StoreError, TaskFilter, TenantStore,
    encoding::{self, count},
};

/// Weeks that the trend of a headline number has.
const TREND_WEEKS: usize = 12;

/// Everything of a dashboard but whether its day is pinned, which only the
/// embed knows.
#[derive(Debug, Clone, PartialEq)]
pub struct DashboardNumbers {
    pub as_of: Date,
    /// The tenant's revision that the numbers are of.
    pub revision: u64,
    pub range: Range,
    pub kpis: Kpis,
    /// One for each status, in the contract's order.
    pub statuses: Vec<StatusCount>,
    pub status_over_time: StatusOverTime,
    pub burn_up: BurnUp,
    pub forecast: Option<Forecast>,
    pub throughput: Throughput,
    pub cycle_time: CycleTimes,
    pub health: ProjectHealth,
    pub workload: Workload,
}

impl DashboardNumbers {
    /// The contract's answer.
    pub fn into_dashboard(self, pinned: bool) -> Dashboard {
        Dashboard {
            as_of: self.as_of,
            pinned,
            revision: self.revision,
            range: self.range,
            kpis: self.kpis,
            statuses: self.statuses,
            status_over_time: self.status_over_time,
            burn_up: self.burn_up,
            forecast: self.forecast,
            throughput: self.throughput,
            cycle_time: self.cycle_time,
            health: self.health,
            workload: self.workload,
        }
    }
}

impl TenantStore<'_> {
    /// Every number of the tasks that the filter keeps, all of one state of the
    /// data. `today` is the day that the embed calls today.
    pub async fn dashboard(
        &self,
        today: Date,
        range: RangePreset,
        filter: &TaskFilter,
    ) -> Result<DashboardNumbers, StoreError> {
        let counted = Counted {
            scope: &self.scope,
            filter,
            today,
        };
        let mut tx = self.store.database.read().await?;
        let revision = self.revision(&mut tx).await?;
        let first = match range {
            RangePreset::All => counted.first_day(&mut tx).await?,
            _ => None,
        };
        let range = calendar::range(range, today, first);
        let weeks = calendar::last_weeks(today, TREND_WEEKS);
        let by_status = counted.statuses(&mut tx).await?;
        let (statuses, open, overdue) = statuses(&by_status)?;
        let since = range.from.min(weeks[0].0);
        let history = counted.status_history(&mut tx, since, &statuses).await?;
        let overdue_history = counted.overdue_history(&mut tx, &weeks).await?;
        let created = counted.created(&mut tx).await?;
        let completed = counted.completed(&mut tx).await?;
        let cycle_millis = counted.cycle_millis(&mut tx, since, today).await?;
        let health = counted.health(&mut tx).await?;
        let workload = counted.workload(&mut tx).await?;
        tx.commit().await?;

        let trend = Trend {
            history: &history,
            completed: &completed,
            cycle_millis: &cycle_millis,
        };
        let trend = trend.points(&weeks, &overdue_history);
        let durations = cycle_millis.within(range.from, range.to);
        Ok(DashboardNumbers {
            as_of: today,
            revision,
            range,
            forecast: forecast::forecast(today, open, &trend),
            kpis: Kpis {
                open,
                overdue,
                completed: last_weeks(&completed, today),
                cycle_time: durations.median(),
                trend,
            },
            statuses,
            status_over_time: status_over_time(range, &history),
            burn_up: burn_up(range, &created, &completed),
            throughput: throughput(range, &completed),
            cycle_time: durations.distribution(),
            health,
            workload,
        })
    }
}

/// What the trend is made from.
struct Trend<'a> {
    history: &'a StatusHistory,
    completed: &'a Series,
    cycle_millis: &'a CycleMillis,
}

impl Trend<'_> {
    /// The points of these weeks; `overdue` has a number for each.
    fn points(&self, weeks: &[(Date, Date)], overdue: &[u64]) -> Vec<TrendPoint> {
        let point = |(&(first, last), &overdue): (&(Date, Date), &u64)| TrendPoint {
            date: last,
            open: open(self.history.at(last)),
            overdue,
            completed: self.completed.within(first, last),
            median_days: self.cycle_millis.within(first, last).median().median_days,
        };
        weeks.iter().zip(overdue).map(point).collect()
    }
}

/// Those of the counts by status that are open.
fn open(counts: [u64; TaskStatus::ALL.len()]) -> u64 {
    let by_status = TaskStatus::ALL.into_iter().zip(counts);
    let open = by_status.filter(|(status, _)| status.is_open());
    open.map(|(_, tasks)| tasks).sum()
}

/// Every status with its count, and how many tasks are open and overdue.
fn statuses(rows: &[(String, i64, i64)]) -> Result<(Vec<StatusCount>, u64, u64), StoreError> {
    let mut statuses = TaskStatus::ALL.map(|status| StatusCount { status, tasks: 0 });
    let (mut open, mut overdue) = (0, 0);
    for (status, tasks, late) in rows {
        let status = encoding::status(status)?;
        statuses[status as usize].tasks = count(*tasks);
        if status.is_open() {
            open += count(*tasks);
            overdue += count(*late);
        }
    }
    Ok((statuses.into(), open, overdue))
}

fn last_weeks(completed: &Series, today: Date) -> Completed {
    let days_ago = |days: i64| today.saturating_sub(days.days());
    Completed {
        last_7_days: completed.within(days_ago(6), today),
        previous_7_days: completed.within(days_ago(13), days_ago(7)),
    }
}

fn status_over_time(range: Range, history: &StatusHistory) -> StatusOverTime {
    let step = calendar::burn_up_step(range);
    let point = |(_, last)| {
        let [todo, in_progress, blocked, done, cancelled] = history.at(last);
        StatusPoint {
            date: last,
            todo,
            in_progress,
            blocked,
            done,
            cancelled,
        }
    };
    let points = calendar::steps(range, step).into_iter().map(point);
    StatusOverTime {
        step,
        points: points.collect(),
    }
}

fn burn_up(range: Range, created: &Series, completed: &Series) -> BurnUp {
    let step = calendar::burn_up_step(range);
    let points = calendar::steps(range, step)
        .into_iter()
        .map(|(_, last)| BurnUpPoint {
            date: last,
            scope: created.until(last),
            completed: completed.until(last),
        })
        .collect();
    BurnUp { step, points }
}

fn throughput(range: Range, completed: &Series) -> Throughput {
    let step = calendar::throughput_step(range);
    let points = calendar::steps(range, step)
        .into_iter()
        .map(|(first, last)| ThroughputPoint {
            from: first,
            completed: completed.within(first, last),
        })
        .collect();
    Throughput { step, points }
}
