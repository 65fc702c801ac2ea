//! Which tasks a value of a chart stands for, as parameters of the read API.

use jiff::civil::Date;
use oriel_contract::{Dashboard, TaskStatus, civil_from_days, days_from_civil};

use super::{Chart, STACK};
use crate::days;

/// What narrows the list of tasks.
pub type Parameters = Vec<(&'static str, String)>;

/// The statuses of an open task.
const OPEN: &str = "todo,in_progress,blocked";

/// The tasks behind the value of `series` at `point`; empty where no filter has
/// just them.
pub fn drill(chart: Chart, dashboard: &Dashboard, point: usize, series: usize) -> Parameters {
    let found = match chart {
        Chart::StatusOverTime => STACK.get(series).map(|status| of_status(*status)),
        Chart::Statuses => dashboard
            .statuses
            .get(point)
            .map(|count| of_status(count.status)),
        Chart::BurnUp => Some(burn_up(dashboard, point)),
        Chart::Throughput => throughput(dashboard, point),
        Chart::CycleTime => Some(completed(dashboard.range.from, dashboard.range.to)),
        Chart::Workload => person(dashboard, point),
        Chart::Trend(_) => None,
    };
    found.unwrap_or_default()
}

fn of_status(status: TaskStatus) -> Parameters {
    vec![("status", status.as_str().to_owned())]
}

fn completed(from: Date, to: Date) -> Parameters {
    vec![
        ("status", TaskStatus::Done.as_str().to_owned()),
        ("date", "completed_at".to_owned()),
        ("from", days::text(from)),
        ("to", days::text(to)),
    ]
}

/// What was completed in the step that ends with the point; ahead of today, what is
/// left to do.
fn burn_up(dashboard: &Dashboard, point: usize) -> Parameters {
    let points = &dashboard.burn_up.points;
    let Some(to) = points.get(point) else {
        return vec![("status", OPEN.to_owned())];
    };
    let before = point.checked_sub(1).and_then(|before| points.get(before));
    let from = before.and_then(|before| civil_from_days(days_from_civil(before.date) + 1));
    completed(from.unwrap_or(dashboard.range.from), to.date)
}

fn throughput(dashboard: &Dashboard, point: usize) -> Option<Parameters> {
    let points = &dashboard.throughput.points;
    let next = points.get(point + 1);
    let to = next.and_then(|next| civil_from_days(days_from_civil(next.from) - 1));
    Some(completed(
        points.get(point)?.from,
        to.unwrap_or(dashboard.range.to),
    ))
}

/// Nobody in particular stands for the others.
fn person(dashboard: &Dashboard, point: usize) -> Option<Parameters> {
    let person = dashboard.workload.people.get(point)?;
    let id = person.user.as_ref().map_or("none", |user| user.id.as_str());
    Some(vec![
        ("assignee", id.to_owned()),
        ("status", OPEN.to_owned()),
    ])
}

#[cfg(test)]
mod tests {
    use super::{super::tests::dashboard, *};

    fn query(chart: Chart, point: usize, series: usize) -> String {
        let parameters = drill(chart, &dashboard(), point, series);
        let texts: Vec<_> = parameters
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        texts.join("&")
    }

    #[test]
    fn a_status_stands_for_its_tasks() {
        assert_eq!(query(Chart::Statuses, 2, 0), "status=blocked");
        assert_eq!(query(Chart::StatusOverTime, 7, 0), "status=done");
        assert_eq!(query(Chart::StatusOverTime, 7, 4), "status=cancelled");
    }

    #[test]
    fn a_step_stands_for_what_was_completed_in_it() {
        let days = |from, to| format!("status=done&date=completed_at&from={from}&to={to}");
        assert_eq!(
            query(Chart::Throughput, 12, 0),
            days("2025-11-17", "2025-11-22")
        );
        assert_eq!(
            query(Chart::Throughput, 11, 0),
            days("2025-11-10", "2025-11-16")
        );
        assert_eq!(query(Chart::BurnUp, 0, 0), days("2025-08-31", "2025-08-31"));
        assert_eq!(query(Chart::BurnUp, 3, 0), days("2025-09-03", "2025-09-03"));
        assert_eq!(
            query(Chart::CycleTime, 3, 0),
            days("2025-08-31", "2025-11-22")
        );
    }

    #[test]
    fn the_forecast_stands_for_what_is_left() {
        let ahead = dashboard().burn_up.points.len();
        assert_eq!(
            query(Chart::BurnUp, ahead, 0),
            "status=todo,in_progress,blocked"
        );
    }

    #[test]
    fn a_person_stands_for_their_open_tasks_and_the_others_for_nothing() {
        let open = "&status=todo,in_progress,blocked";
        assert_eq!(
            query(Chart::Workload, 0, 0),
            "assignee=usr_01jd8x0c6tfwasq9m2yjz0v4kb".to_owned() + open
        );
        assert_eq!(
            query(Chart::Workload, 1, 0),
            "assignee=none".to_owned() + open
        );
        assert_eq!(query(Chart::Workload, 3, 0), "");
    }
}
