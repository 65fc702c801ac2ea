//! How numbers and dates are written. English for now, and in this one file, so
//! that another language has one place to go.

use jiff::{Timestamp, civil::Date};
use oriel_contract::utc_day;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `10266` as `10,266`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number that is not negative, with one decimal, and without it where that is 0.
///
/// Integers do it: the formatting of floats alone would cost the bundle kilobytes.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn one_decimal(number: f64) -> String {
    let tenths = (number * 10.0).round() as u64;
    let mut text = grouped(tenths / 10);
    if !tenths.is_multiple_of(10) {
        text.push('.');
        text.push_str(&(tenths % 10).to_string());
    }
    text
}

/// `part` of `whole` in whole per cent; a part that is there is at least `<1%`.
pub fn percent(part: u64, whole: u64) -> String {
    if part == 0 || whole == 0 {
        return "0%".to_owned();
    }
    let value = (part * 100 + whole / 2) / whole;
    if value == 0 {
        "<1%".to_owned()
    } else {
        value.to_string() + "%"
    }
}

/// A number of days; under one day, of hours.
pub fn days(days: f64) -> (String, &'static str) {
    if days < 1.0 {
        let hours = one_decimal((days * 24.0).round());
        let unit = if hours == "1" { "hour" } else { "hours" };
        return (hours, unit);
    }
    let text = one_decimal(days);
    let unit = if text == "1" { "day" } else { "days" };
    (text, unit)
}

/// `count` and its noun: `1 task`, `10,266 tasks`.
pub fn counted(count: u64, singular: &str, plural: &str) -> String {
    grouped(count) + " " + if count == 1 { singular } else { plural }
}

/// `30 Jun 2014`.
pub fn date(date: Date) -> String {
    day_and_month(date) + " " + &year(date)
}

/// `30 Jun`.
pub fn day_and_month(date: Date) -> String {
    date.day().to_string() + " " + month(date)
}

/// `Jun 2014`.
pub fn month_and_year(date: Date) -> String {
    month(date).to_owned() + " " + &year(date)
}

/// `2014`.
pub fn year(date: Date) -> String {
    date.year().to_string()
}

fn month(date: Date) -> &'static str {
    MONTHS[usize::from(date.month().unsigned_abs() - 1) % 12]
}

/// The UTC day of a time, as [`date`] writes it.
pub fn day_of(time: Timestamp) -> String {
    date(utc_day(time))
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
        assert_eq!(days(0.5), ("12".to_owned(), "hours"));
        assert_eq!(days(1.0), ("1".to_owned(), "day"));
        assert_eq!(days(2.35), ("2.4".to_owned(), "days"));
    }

    #[test]
    fn dates_are_written_day_first() {
        assert_eq!(date(jiff::civil::date(2014, 6, 30)), "30 Jun 2014");
        assert_eq!(
            day_of("2014-06-30T23:59:59Z".parse().unwrap()),
            "30 Jun 2014"
        );
    }
}
