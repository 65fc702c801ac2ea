//! The calendar of a dashboard: its range and the steps within. Pure.

use jiff::{ToSpan, civil::Date};
use oriel_contract::{Range, RangePreset, Step};

use crate::encoding::day_number;

/// The range that ends with `as_of`. `all` starts with the first day on which
/// anything happened; without any, or with none so far, it is `as_of` alone.
pub(crate) fn range(preset: RangePreset, as_of: Date, first: Option<Date>) -> Range {
    let from = match preset.days() {
        Some(days) => as_of.saturating_sub((i64::from(days) - 1).days()),
        None => first.map_or(as_of, |first| first.min(as_of)),
    };
    Range {
        preset,
        from,
        to: as_of,
    }
}

/// The step of a burn-up over the range.
pub(super) fn burn_up_step(range: Range) -> Step {
    match days(range) {
        ..=92 => Step::Day,
        93..=732 => Step::Week,
        _ => Step::Month,
    }
}

/// The step of a throughput over the range.
pub(super) fn throughput_step(range: Range) -> Step {
    match days(range) {
        ..=732 => Step::Week,
        _ => Step::Month,
    }
}

/// The weeks of 7 days that end with `as_of`, oldest first, each with its first
/// and last day.
pub(super) fn last_weeks(as_of: Date, weeks: usize) -> Vec<(Date, Date)> {
    let ago = |days: i64| as_of.saturating_sub(days.days());
    let weeks = (0..i64::try_from(weeks).unwrap_or(0)).rev();
    weeks
        .map(|week| (ago(week * 7 + 6), ago(week * 7)))
        .collect()
}

fn days(range: Range) -> i64 {
    day_number(range.to) - day_number(range.from) + 1
}

/// The steps that the range touches, each with its first and last day within
/// the range.
pub(super) fn steps(range: Range, step: Step) -> Vec<(Date, Date)> {
    let mut steps = Vec::new();
    let mut first = range.from;
    loop {
        let last = last_day(first, step).min(range.to);
        steps.push((first, last));
        if last >= range.to {
            return steps;
        }
        first = last.saturating_add(1.day());
    }
}

/// The last day of the step that the day is in.
fn last_day(day: Date, step: Step) -> Date {
    match step {
        Step::Day => day,
        Step::Week => {
            let left = 7 - i64::from(day.weekday().to_monday_one_offset());
            day.saturating_add(left.days())
        }
        Step::Month => day.last_of_month(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn between(from: &str, to: &str) -> Range {
        Range {
            preset: RangePreset::All,
            from: day(from),
            to: day(to),
        }
    }

    #[test]
    fn twelve_weeks_are_84_days_with_the_last_one_included() {
        let range = range(RangePreset::Weeks12, day("2026-03-25"), None);
        assert_eq!(
            (range.from, range.to),
            (day("2026-01-01"), day("2026-03-25"))
        );
    }

    #[test]
    fn everything_starts_with_the_first_day_and_never_after_the_last() {
        let as_of = day("2026-03-25");
        let from = |first| range(RangePreset::All, as_of, first).from;
        assert_eq!(from(Some(day("2020-02-02"))), day("2020-02-02"));
        assert_eq!(from(Some(day("2030-01-01"))), as_of);
        assert_eq!(from(None), as_of);
    }

    #[test]
    fn the_first_and_last_week_stop_at_the_range() {
        // Wednesday to the Tuesday after next.
        let weeks = steps(between("2026-03-04", "2026-03-17"), Step::Week);
        assert_eq!(
            weeks,
            [
                (day("2026-03-04"), day("2026-03-08")),
                (day("2026-03-09"), day("2026-03-15")),
                (day("2026-03-16"), day("2026-03-17")),
            ]
        );
    }

    #[test]
    fn months_follow_the_calendar() {
        let months = steps(between("2024-01-31", "2024-03-01"), Step::Month);
        assert_eq!(
            months,
            [
                (day("2024-01-31"), day("2024-01-31")),
                (day("2024-02-01"), day("2024-02-29")),
                (day("2024-03-01"), day("2024-03-01")),
            ]
        );
    }

    #[test]
    fn a_range_of_one_day_has_one_step() {
        let today = between("2026-03-04", "2026-03-04");
        for step in [Step::Day, Step::Week, Step::Month] {
            assert_eq!(steps(today, step), [(today.from, today.to)]);
        }
    }

    #[test]
    fn steps_widen_with_the_range() {
        let of = |days: i64| {
            let to = day("2026-03-25");
            let range = Range {
                preset: RangePreset::All,
                from: to.saturating_sub((days - 1).days()),
                to,
            };
            (burn_up_step(range), throughput_step(range))
        };
        assert_eq!(of(92), (Step::Day, Step::Week));
        assert_eq!(of(93), (Step::Week, Step::Week));
        assert_eq!(of(732), (Step::Week, Step::Week));
        assert_eq!(of(733), (Step::Month, Step::Month));
    }
}
