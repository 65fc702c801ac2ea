//! The dashboard worked out a second time: from the raw tasks, by plain loops,
//! as the contract says it. It shares no code with the store.

use std::collections::{BTreeMap, HashMap};

use jiff::{Timestamp, ToSpan, civil::Date, civil::Weekday, tz::TimeZone};
use oriel_contract::{
    BurnUp, BurnUpPoint, Completed, CycleTime, Kpis, Others, PersonLoad, Range, RangePreset,
    StatusCount, Step, TaskStatus, Throughput, ThroughputPoint, UserRef, Workload,
};
use oriel_store::{DashboardNumbers, ImportTask};

/// The numbers of these tasks. `people` are users by external id.
pub fn dashboard(
    tasks: &[&ImportTask],
    people: &HashMap<String, UserRef>,
    as_of: Date,
    preset: RangePreset,
    revision: u64,
) -> DashboardNumbers {
    let range = range(tasks, as_of, preset);
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
            cycle_time: cycle_time(tasks, range),
        },
        statuses: TaskStatus::ALL
            .into_iter()
            .map(|status| StatusCount {
                status,
                tasks: tasks.iter().filter(|task| task.status == status).count() as u64,
            })
            .collect(),
        burn_up: burn_up(tasks, range),
        throughput: throughput(tasks, range),
        workload: workload(tasks, people, as_of),
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

fn cycle_time(tasks: &[&ImportTask], range: Range) -> CycleTime {
    let mut took: Vec<i64> = tasks
        .iter()
        .filter(|task| done_on(task).is_some_and(|day| range.from <= day && day <= range.to))
        .filter_map(|task| {
            let started = task.started_at?.as_millisecond();
            let completed = task.completed_at?.as_millisecond();
            (started <= completed).then_some(completed - started)
        })
        .collect();
    took.sort_unstable();
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
