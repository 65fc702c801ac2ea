//! What was so on earlier days, task by task, and what follows from it.

use jiff::{ToSpan, civil::Date};
use oriel_contract::{Forecast, Range, StatusOverTime, StatusPoint, TaskStatus, TrendPoint};
use oriel_store::ImportTask;

use super::{burn_up, completed, cycle_time, utc_day};

/// A task with the days of its life.
struct Life<'a> {
    task: &'a ImportTask,
    created: Date,
    /// In the order of their times, none before the creation.
    entered: Vec<(Date, TaskStatus)>,
}

fn lives<'a>(tasks: &[&'a ImportTask]) -> Vec<Life<'a>> {
    let life = |task: &&'a ImportTask| {
        let created = utc_day(task.created_at);
        let mut history: Vec<_> = task.history.iter().collect();
        history.sort_by_key(|change| change.at);
        let entered = history
            .iter()
            .map(|change| (utc_day(change.at).max(created), change.status));
        Life {
            task,
            created,
            entered: entered.collect(),
        }
    };
    tasks.iter().map(life).collect()
}

impl Life<'_> {
    /// The status at the end of the day; `None` before the creation.
    fn at(&self, day: Date) -> Option<TaskStatus> {
        if day < self.created {
            return None;
        }
        // From the day of the last change on, it is the present one.
        if self.entered.last().is_none_or(|(last, _)| *last <= day) {
            return Some(self.task.status);
        }
        let mut latest_first = self.entered.iter().rev();
        let latest = latest_first.find(|(entered, _)| *entered <= day);
        Some(latest.map_or(TaskStatus::Todo, |(_, status)| *status))
    }
}

pub fn status_over_time(tasks: &[&ImportTask], range: Range) -> StatusOverTime {
    let burn_up = burn_up(tasks, range);
    let lives = lives(tasks);
    let point = |date: Date| {
        let now: Vec<_> = lives.iter().map(|life| life.at(date)).collect();
        let of = |status| now.iter().filter(|now| **now == Some(status)).count() as u64;
        StatusPoint {
            date,
            todo: of(TaskStatus::Todo),
            in_progress: of(TaskStatus::InProgress),
            blocked: of(TaskStatus::Blocked),
            done: of(TaskStatus::Done),
            cancelled: of(TaskStatus::Cancelled),
        }
    };
    StatusOverTime {
        step: burn_up.step,
        points: burn_up.points.iter().map(|it| point(it.date)).collect(),
    }
}

pub fn trend(tasks: &[&ImportTask], as_of: Date) -> Vec<TrendPoint> {
    let lives = lives(tasks);
    let mut trend = Vec::new();
    for week in (0..12).rev() {
        let date = as_of.checked_sub((week * 7).days()).unwrap();
        let first = date.checked_sub(6.days()).unwrap();
        let open = lives.iter().filter(|life| {
            use TaskStatus::{Blocked, InProgress, Todo};
            matches!(life.at(date), Some(Todo | InProgress | Blocked))
        });
        let late = open
            .clone()
            .filter(|life| life.task.due_on.is_some_and(|due| due < date));
        trend.push(TrendPoint {
            date,
            open: open.count() as u64,
            overdue: late.count() as u64,
            completed: completed(tasks, first, date),
            median_days: cycle_time(tasks, first, date).median_days,
        });
    }
    trend
}

/// The day is looked for, one after the other, instead of solved for.
pub fn forecast(open: u64, trend: &[TrendPoint], as_of: Date) -> Option<Forecast> {
    let mut weeks: Vec<u64> = trend.iter().map(|week| week.completed).collect();
    while weeks.first() == Some(&0) {
        weeks.remove(0);
    }
    if open == 0 || weeks.iter().filter(|tasks| **tasks > 0).count() < 4 {
        return None;
    }
    let n = weeks.len() as f64;
    let mean = weeks.iter().sum::<u64>() as f64 / n;
    let squares: f64 = weeks
        .iter()
        .map(|tasks| (*tasks as f64 - mean).powi(2))
        .sum();
    let deviation = (squares / (n - 1.0)).sqrt();
    let first_day = |z: f64| {
        (0..=3_650).find(|days| {
            let weeks = f64::from(*days) / 7.0;
            weeks * mean - z * deviation * weeks.sqrt() >= open as f64 - 1e-6
        })
    };
    Some(Forecast {
        remaining: open,
        weeks: weeks.len() as u64,
        per_week: mean,
        p50_on: as_of.checked_add(first_day(0.0)?.days()).unwrap(),
        p85_on: as_of.checked_add(first_day(1.0364)?.days()).unwrap(),
    })
}
