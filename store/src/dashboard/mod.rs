//! The dashboard's numbers. What each one means is written in the contract.

mod calendar;
mod numbers;

use jiff::{ToSpan, civil::Date};
use oriel_contract::{
    BurnUp, BurnUpPoint, Completed, Dashboard, Kpis, ProjectId, Range, RangePreset, StatusCount,
    TaskStatus, Throughput, ThroughputPoint, Workload,
};

use self::numbers::{Counted, Series};
use crate::{
    StoreError, TenantStore,
    encoding::{self, count},
};

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
    pub burn_up: BurnUp,
    pub throughput: Throughput,
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
            burn_up: self.burn_up,
            throughput: self.throughput,
            workload: self.workload,
        }
    }
}

impl TenantStore<'_> {
    /// Every number, all of one state of the data. `today` is the day that the
    /// embed calls today.
    pub async fn dashboard(
        &self,
        today: Date,
        range: RangePreset,
        project: Option<&ProjectId>,
    ) -> Result<DashboardNumbers, StoreError> {
        let counted = Counted {
            scope: &self.scope,
            project,
        };
        let mut tx = self.store.database.read().await?;
        let revision = self.revision(&mut tx).await?;
        let first = match range {
            RangePreset::All => counted.first_day(&mut tx).await?,
            _ => None,
        };
        let range = calendar::range(range, today, first);
        let by_status = counted.statuses(&mut tx, today).await?;
        let created = counted.created(&mut tx, today).await?;
        let completed = counted.completed(&mut tx, today).await?;
        let cycle_time = counted.cycle_time(&mut tx, range).await?;
        let workload = counted.workload(&mut tx, today).await?;
        tx.commit().await?;

        let (statuses, open, overdue) = statuses(&by_status)?;
        Ok(DashboardNumbers {
            as_of: today,
            revision,
            range,
            kpis: Kpis {
                open,
                overdue,
                completed: last_weeks(&completed, today),
                cycle_time,
            },
            statuses,
            burn_up: burn_up(range, &created, &completed),
            throughput: throughput(range, &completed),
            workload,
        })
    }
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
