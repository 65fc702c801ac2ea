//! The dashboard worked out a second time: from the raw tasks, by plain loops,
//! as the contract says it. It shares no code with the store.

mod health;
mod past;

use std::collections::{BTreeMap, HashMap};

use jiff::{Timestamp, ToSpan, civil::Date, civil::Weekday, tz::TimeZone};
use oriel_contract::{
    BurnUp, BurnUpPoint, Completed, CycleTime, CycleTimeBucket, CycleTimes, Kpis, Others,
    PersonLoad, ProjectRef, Range, RangePreset, StatusCount, Step, TaskStatus, Throughput,
    ThroughputPoint, UserRef, Workload,
};
use oriel_store::{DashboardNumbers, ImportTask};

use self::{
    health::health,
    past::{forecast, status_over_time, trend},
};

/// Users and projects by external id.
pub struct Names {
    pub people: HashMap<String, UserRef>,
    pub projects: HashMap<String, ProjectRef>,
}

/// The numbers of these tasks.
pub fn dashboard(
    tasks: &[&ImportTask],
    names: &Names,
    as_of: Date,
    preset: RangePreset,
    revision: u64,
) -> DashboardNumbers {
    let range = range(tasks, as_of, preset);
    let trend = trend(tasks, as_of);
    let days_ago = |days: i64| as_of.checked_sub(days.days()).unwrap();
    let open = tasks.iter().filter(|task| is_open(task)).count();
    let late = tasks.iter().filter(|task| is_overdue(task, as_of)).count();
    DashboardNumbers {
        as_of,
        revision,
        range,
        kpis: Kpis {
            open: open as u64,
            overdue: late as u64,
            completed: Completed {
                last_7_days: completed(tasks, days_ago(6), as_of),
                previous_7_days: completed(tasks, days_ago(13), days_ago(7)),
            },
            cycle_time: cycle_time(tasks, range.from, range.to),
            trend: trend.clone(),
        },
        statuses: TaskStatus::ALL
            .into_iter()
            .map(|status| StatusCount {
                status,
                tasks: tasks.iter().filter(|task| task.status == status).count() as u64,
            })
            .collect(),
        status_over_time: status_over_time(tasks, range),
        burn_up: burn_up(tasks, range),
        forecast: forecast(open as u64, &trend, as_of),
        throughput: throughput(tasks, range),
        cycle_time: cycle_times(tasks, range),
        health: health(tasks, &names.projects, as_of),
        workload: workload(tasks, &names.people, as_of),
    }
}

fn utc_day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

fn is_open(task: &ImportTask) -> bool {
    use TaskStatus::{Blocked, InProgress, Todo};
    [Todo, InProgress, Blocked].contains(&task.status)
}

fn is_overdue(task: &ImportTask, as_of: Date) -> bool {
    is_open(task) && task.due_on.is_some_and(|due| due < as_of)
}

/// The day that a done task was completed.
fn done_on(task: &ImportTask) -> Option<Date> {
    let done = task.status == TaskStatus::Done;
    task.completed_at.filter(|_| done).map(utc_day)
}

fn completed(tasks: &[&ImportTask], first: Date, last: Date) -> u64 {
    let days = tasks.iter().filter_map(|task| done_on(task));
    days.filter(|day| first <= *day && *day <= last).count() as u64
}

fn range(tasks: &[&ImportTask], as_of: Date, preset: RangePreset) -> Range {
    let weeks = |weeks: i64| as_of.checked_sub((weeks * 7 - 1).days()).unwrap();
    let from = match preset {
        RangePreset::Weeks4 => weeks(4),
        RangePreset::Weeks12 => weeks(12),
        RangePreset::Weeks26 => weeks(26),
        RangePreset::Weeks52 => weeks(52),
        RangePreset::All => tasks
            .iter()
            .flat_map(|task| [Some(utc_day(task.created_at)), done_on(task)])
            .flatten()
            .chain([as_of])
            .min()
            .unwrap(),
    };
    Range {
        preset,
        from,
        to: as_of,
    }
}

/// Milliseconds that the tasks took that were completed on these days, ascending.
fn took(tasks: &[&ImportTask], first: Date, last: Date) -> Vec<i64> {
    let mut took: Vec<i64> = tasks
        .iter()
        .filter(|task| done_on(task).is_some_and(|day| first <= day && day <= last))
        .filter_map(|task| {
            let started = task.started_at?.as_millisecond();
            let completed = task.completed_at?.as_millisecond();
            (started <= completed).then_some(completed - started)
        })
        .collect();
    took.sort_unstable();
    took
}

fn cycle_time(tasks: &[&ImportTask], first: Date, last: Date) -> CycleTime {
    let took = took(tasks, first, last);
    let half = took.len() / 2;
    let median = match took.len() {
        0 => None,
        len if len % 2 == 1 => Some(took[half] as f64),
        _ => Some((took[half - 1] + took[half]) as f64 / 2.0),
    };
    CycleTime {
        median_days: median.map(|millis| millis / 86_400_000.0),
        tasks: took.len() as u64,
    }
}

fn cycle_times(tasks: &[&ImportTask], range: Range) -> CycleTimes {
    let took = took(tasks, range.from, range.to);
    let days = |millis: &i64| *millis as f64 / 86_400_000.0;
    let starts = [0, 1, 2, 3, 5, 7, 14, 30, 60, 90];
    let ends = starts.into_iter().skip(1).map(Some).chain([None]);
    let bucket = |(from_days, to_days): (u32, Option<u32>)| CycleTimeBucket {
        from_days,
        to_days,
        tasks: took
            .iter()
            .map(days)
            .filter(|days| f64::from(from_days) <= *days)
            .filter(|days| to_days.is_none_or(|end| *days < f64::from(end)))
            .count() as u64,
    };
    CycleTimes {
        tasks: took.len() as u64,
        p50_days: percentile(&took, 50),
        p85_days: percentile(&took, 85),
        p95_days: percentile(&took, 95),
        buckets: starts.into_iter().zip(ends).map(bucket).collect(),
    }
}

/// With h = i + j/100, the value at h is the mean of 100 values: 100 − j of them
/// at i, and j at i + 1.
fn percentile(sorted: &[i64], percent: usize) -> Option<f64> {
    let hundred_times_h = sorted.len().checked_sub(1)? * percent;
    let (i, j) = (hundred_times_h / 100, hundred_times_h % 100);
    let values = (0..100).map(|n| sorted[if n < 100 - j { i } else { i + 1 }]);
    Some(values.sum::<i64>() as f64 / 100.0 / 86_400_000.0)
}

/// The first days of all steps that touch the range, day by day.
fn starts(range: Range, step: Step) -> Vec<Date> {
    let mut starts = vec![range.from];
    let mut day = range.from;
    while day < range.to {
        day = day.tomorrow().unwrap();
        let starts_one = match step {
            Step::Day => true,
            Step::Week => day.weekday() == Weekday::Monday,
            Step::Month => day.day() == 1,
        };
        if starts_one {
            starts.push(day);
        }
    }
    starts
}

fn days(range: Range) -> i32 {
    range.from.until(range.to).unwrap().get_days() + 1
}

/// Each step's first and last day.
fn steps(range: Range, step: Step) -> Vec<(Date, Date)> {
    let starts = starts(range, step);
    let ends = starts.iter().skip(1).map(|next| next.yesterday().unwrap());
    let ends: Vec<Date> = ends.chain([range.to]).collect();
    starts.into_iter().zip(ends).collect()
}

fn burn_up(tasks: &[&ImportTask], range: Range) -> BurnUp {
    let step = match days(range) {
        ..=92 => Step::Day,
        93..=732 => Step::Week,
        _ => Step::Month,
    };
    let points = steps(range, step).into_iter().map(|(_, date)| BurnUpPoint {
        date,
        scope: tasks
            .iter()
            .filter(|task| task.status != TaskStatus::Cancelled)
            .filter(|task| utc_day(task.created_at) <= date)
            .count() as u64,
        completed: completed(tasks, Date::MIN, date),
    });
    BurnUp {
        step,
        points: points.collect(),
    }
}

fn throughput(tasks: &[&ImportTask], range: Range) -> Throughput {
    let step = if days(range) <= 732 {
        Step::Week
    } else {
        Step::Month
    };
    let points = steps(range, step)
        .into_iter()
        .map(|(from, last)| ThroughputPoint {
            from,
            completed: completed(tasks, from, last),
        });
    Throughput {
        step,
        points: points.collect(),
    }
}

fn workload(tasks: &[&ImportTask], people: &HashMap<String, UserRef>, as_of: Date) -> Workload {
    let mut loads: BTreeMap<Option<&str>, (u64, u64)> = BTreeMap::new();
    for task in tasks.iter().filter(|task| is_open(task)) {
        let load = loads.entry(task.assignee.as_deref()).or_default();
        load.0 += 1;
        load.1 += u64::from(is_overdue(task, as_of));
    }
    let mut loads: Vec<PersonLoad> = loads
        .into_iter()
        .map(|(user, (open, overdue))| PersonLoad {
            user: user.map(|user| people[user].clone()),
            open,
            overdue,
        })
        .collect();
    loads.sort_by_key(|load| {
        let name = load
            .user
            .as_ref()
            .map(|user| (user.name.clone(), user.id.clone()));
        (std::cmp::Reverse(load.open), name.is_none(), name)
    });
    let rest = loads.split_off(loads.len().min(12));
    Workload {
        people: loads,
        others: (!rest.is_empty()).then(|| Others {
            people: rest.len() as u64,
            open: rest.iter().map(|load| load.open).sum(),
            overdue: rest.iter().map(|load| load.overdue).sum(),
        }),
    }
}
