//! How numbers and times are written: the browser knows, for every locale.

use jiff::{Timestamp, civil::Date};
use oriel_contract::days_from_civil;

use crate::messages::{Style, msg, written};

const DAY: f64 = 86_400_000.0;

/// `10266` as `10,266`.
#[allow(clippy::cast_precision_loss)]
pub fn grouped(number: u64) -> String {
    one_decimal(number as f64)
}

/// A number with one decimal, and without it where that is 0.
pub fn one_decimal(number: f64) -> String {
    written(Style::Number, number)
}

/// `part` of `whole` in whole per cent; a part that is there is at least `<1%`.
#[allow(clippy::cast_precision_loss)]
pub fn percent(part: u64, whole: u64) -> String {
    if part == 0 || whole == 0 {
        return share(0.0);
    }
    let value = part as f64 / whole as f64;
    if value < 0.005 {
        return msg::LESS_THAN.with([share(0.01)]);
    }
    share(value)
}

/// A share of 1 in whole per cent.
pub fn share(share: f64) -> String {
    written(Style::Percent, share)
}

/// The parts of a list, one after the other.
pub fn listed(parts: Vec<String>) -> String {
    let list = parts
        .into_iter()
        .reduce(|list, next| msg::LIST.with([list, next]));
    list.unwrap_or_default()
}

/// A number of days; under one day, of hours.
pub fn days(days: f64) -> (String, String) {
    if days < 1.0 {
        let hours = (days * 24.0).round();
        return (one_decimal(hours), msg::UNIT_HOURS.with([hours]));
    }
    let days = (days * 10.0).round() / 10.0;
    (one_decimal(days), msg::UNIT_DAYS.with([days]))
}

/// `30 Jun 2014`.
pub fn date(date: Date) -> String {
    written(Style::Date, start(date))
}

/// `30 Jun`.
pub fn day_and_month(date: Date) -> String {
    written(Style::DayAndMonth, start(date))
}

/// `Jun 2014`.
pub fn month_and_year(date: Date) -> String {
    written(Style::MonthAndYear, start(date))
}

/// `2014`.
pub fn year(date: Date) -> String {
    written(Style::Year, start(date))
}

/// The day of a moment, where the viewer is.
#[allow(clippy::cast_precision_loss)]
pub fn day_of(time: Timestamp) -> String {
    written(Style::DayOf, time.as_millisecond() as f64)
}

/// When a day starts in UTC, which is where the browser is told that it is.
#[allow(clippy::cast_precision_loss)]
fn start(date: Date) -> f64 {
    days_from_civil(date) as f64 * DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        let texts: Vec<_> = [0, 7, 999, 1_000, 10_266, 1_234_567].map(grouped).into();
        assert_eq!(texts, ["0", "7", "999", "1,000", "10,266", "1,234,567"]);
    }

    #[test]
    fn a_decimal_of_zero_is_left_out() {
        assert_eq!(one_decimal(2.04), "2");
        assert_eq!(one_decimal(2.06), "2.1");
        assert_eq!(one_decimal(1_234.5), "1,234.5");
    }

    #[test]
    fn a_part_that_is_there_is_never_nothing() {
        assert_eq!(percent(0, 10_000), "0%");
        assert_eq!(percent(1, 10_000), "<1%");
        assert_eq!(percent(1, 3), "33%");
        assert_eq!(percent(5, 0), "0%");
    }

    #[test]
    fn less_than_a_day_is_told_in_hours() {
        let words = |days| {
            let (number, unit) = super::days(days);
            number + " " + &unit
        };
        assert_eq!(words(0.5), "12 hours");
        assert_eq!(words(1.0), "1 day");
        assert_eq!(words(2.35), "2.4 days");
    }

    #[test]
    fn dates_are_written_day_first() {
        assert_eq!(date(jiff::civil::date(2014, 6, 30)), "30 Jun 2014");
        let time = "2014-06-30T23:59:59Z".parse().unwrap();
        assert_eq!(day_of(time), "30 Jun 2014");
    }
}
