//! When the open tasks will be completed. Pure; the method and its source are
//! in the contract, at `Forecast`.

use jiff::{ToSpan, civil::Date};
use oriel_contract::{Forecast, TrendPoint};

use crate::encoding::float;

/// The 85 % point of the standard normal distribution.
const Z85: f64 = 1.0364;
/// Weeks that must be known, and weeks among them that completed something.
const LEAST_WEEKS: usize = 4;
/// A forecast for a later day says nothing.
const FURTHEST_DAYS: i64 = 3_650;
/// Takes up what rounding adds to a day that is reached exactly.
const EXACT: f64 = 1e-9;

/// The forecast from the tasks completed in each of the last weeks.
pub(super) fn forecast(as_of: Date, open: u64, trend: &[TrendPoint]) -> Option<Forecast> {
    let completed = trend.iter().map(|week| float(week.completed));
    let weeks: Vec<f64> = completed.skip_while(|tasks| *tasks == 0.0).collect();
    let busy = weeks.iter().filter(|tasks| **tasks > 0.0).count();
    if open == 0 || busy < LEAST_WEEKS {
        return None;
    }
    let count = float(weeks.len() as u64);
    let mean = weeks.iter().sum::<f64>() / count;
    let squares: f64 = weeks.iter().map(|tasks| (tasks - mean).powi(2)).sum();
    let deviation = (squares / (count - 1.0)).sqrt();

    let day = |z: f64| {
        let spread = z * deviation;
        let root = (spread + (spread * spread + 4.0 * mean * float(open)).sqrt()) / (2.0 * mean);
        whole_days(7.0 * root * root).map(|days| as_of.saturating_add(days.days()))
    };
    Some(Forecast {
        remaining: open,
        weeks: weeks.len() as u64,
        per_week: mean,
        p50_on: day(0.0)?,
        p85_on: day(Z85)?,
    })
}

/// The first whole number of days that is not before the moment, if it is not
/// too far away.
#[allow(clippy::cast_possible_truncation)]
fn whole_days(moment: f64) -> Option<i64> {
    // A cast takes what is out of reach for the largest number.
    let days = (moment - EXACT).ceil() as i64;
    (days <= FURTHEST_DAYS).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(open: u64, completed: &[u64]) -> Option<Forecast> {
        let as_of: Date = "2026-03-25".parse().unwrap();
        let week = |completed: &u64| TrendPoint {
            date: as_of,
            open: 0,
            overdue: 0,
            completed: *completed,
            median_days: None,
        };
        let trend: Vec<TrendPoint> = completed.iter().map(week).collect();
        forecast(as_of, open, &trend)
    }

    fn days(open: u64, completed: &[u64]) -> Option<(i32, i32)> {
        let as_of: Date = "2026-03-25".parse().unwrap();
        let away = |day: Date| as_of.until(day).unwrap().get_days();
        of(open, completed).map(|it| (away(it.p50_on), away(it.p85_on)))
    }

    #[test]
    fn steady_work_is_done_after_as_many_weeks_as_it_takes() {
        assert_eq!(days(30, &[10; 12]), Some((21, 21)));
        assert_eq!(days(31, &[10; 12]), Some((22, 22)));
        assert_eq!(days(1, &[7; 12]), Some((1, 1)));
    }

    #[test]
    fn the_more_weeks_differ_the_later_is_the_careful_day() {
        let steady = of(100, &[9, 11, 9, 11, 9, 11]).unwrap();
        let wild = of(100, &[1, 19, 1, 19, 1, 19]).unwrap();
        assert_eq!(steady.p50_on, wild.p50_on);
        assert!(steady.p50_on < steady.p85_on && steady.p85_on < wild.p85_on);
    }

    #[test]
    fn weeks_before_the_first_completion_do_not_slow_it_down() {
        let late = of(40, &[0, 0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 5]).unwrap();
        assert_eq!((late.weeks, late.per_week), (6, 5.0));
        let pause = of(40, &[5, 0, 5, 5, 5]).unwrap();
        assert_eq!((pause.weeks, pause.per_week), (5, 4.0));
    }

    #[test]
    fn too_little_past_nothing_to_do_and_the_far_future_have_no_forecast() {
        assert_eq!(of(40, &[0; 12]), None);
        assert_eq!(of(40, &[0, 0, 5, 5, 5]), None);
        assert_eq!(of(40, &[5, 0, 0, 0, 0, 5, 0, 5]), None);
        assert_eq!(of(0, &[5; 12]), None);
        assert_eq!(days(521, &[1; 12]), Some((3_647, 3_647)));
        assert_eq!(of(522, &[1; 12]), None);
        assert_eq!(of(u64::MAX, &[1; 12]), None);
    }
}
