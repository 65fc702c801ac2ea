//! Dates and times as the contract writes them (RFC 3339), read without jiff's own
//! parser: it reads many more notations, and it and its error texts were a third
//! of the widget's bundle. The types stay jiff's.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Deserializer, de};

const SECONDS_PER_DAY: i64 = 86_400;

/// The UTC day of a time.
#[must_use]
pub fn utc_day(time: Timestamp) -> Date {
    civil_from_days(time.as_second().div_euclid(SECONDS_PER_DAY)).unwrap_or(Date::ZERO)
}

/// Reads an RFC 3339 full date, `2014-06-30`.
pub(crate) fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = String::deserialize(deserializer)?;
    read_date(text.as_bytes()).ok_or_else(|| de::Error::custom("expected an RFC 3339 date"))
}

/// Reads an RFC 3339 date and time, `2014-06-30T12:00:00Z`.
pub(crate) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    read_time(text.as_bytes()).ok_or_else(|| de::Error::custom("expected an RFC 3339 time"))
}

/// Reads a date or null.
pub(crate) fn optional_date<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Date>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| read_date(text.as_bytes()))
        .map(|date| date.ok_or_else(|| de::Error::custom("expected an RFC 3339 date")))
        .transpose()
}

/// Reads a time or null.
pub(crate) fn optional_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| read_time(text.as_bytes()))
        .map(|time| time.ok_or_else(|| de::Error::custom("expected an RFC 3339 time")))
        .transpose()
}

/// Reads a time that is there and not null.
pub(crate) fn present_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    time(deserializer).map(Some)
}

/// Reads a time that is there, be it null.
pub(crate) fn nullable_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<Timestamp>>, D::Error> {
    optional_time(deserializer).map(Some)
}

/// Reads a date that is there, be it null.
pub(crate) fn nullable_date<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<Date>>, D::Error> {
    optional_date(deserializer).map(Some)
}

/// Reads an RFC 3339 full date; `None` for what is none.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    read_date(text.as_bytes())
}

/// Reads an RFC 3339 date and time; `None` for what is none.
#[must_use]
pub fn parse_time(text: &str) -> Option<Timestamp> {
    read_time(text.as_bytes())
}

fn read_date(text: &[u8]) -> Option<Date> {
    let &[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text else {
        return None;
    };
    let year = number(&[y0, y1, y2, y3])?;
    let month = i8::try_from(number(&[m0, m1])?).ok()?;
    let day = i8::try_from(number(&[d0, d1])?).ok()?;
    Date::new(i16::try_from(year).ok()?, month, day).ok()
}

fn read_time(text: &[u8]) -> Option<Timestamp> {
    let (day, rest) = text.split_at_checked(10)?;
    let (clock, rest) = rest.split_at_checked(9)?;
    let &[b'T' | b't', h0, h1, b':', m0, m1, b':', s0, s1] = clock else {
        return None;
    };
    let (hour, minute) = (number(&[h0, h1])?, number(&[m0, m1])?);
    // A leap second counts as the second before it, as Unix time has it.
    let second = number(&[s0, s1])?.min(59);
    if hour > 23 || minute > 59 || number(&[s0, s1])? > 60 {
        return None;
    }
    let (nanosecond, zone) = fraction(rest)?;
    let seconds = days_from_civil(read_date(day)?) * SECONDS_PER_DAY
        + i64::from(hour * 3_600 + minute * 60 + second)
        - offset(zone)?;
    Timestamp::new(seconds, nanosecond).ok()
}

/// Nanoseconds of a fraction, if there is one, and what follows it.
fn fraction(text: &[u8]) -> Option<(i32, &[u8])> {
    let Some(digits) = text.strip_prefix(b".") else {
        return Some((0, text));
    };
    let length = digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if length == 0 {
        return None;
    }
    // Digits beyond nanoseconds are of no use; those that are missing are zeros.
    let nine = digits[..length].iter().chain([b'0'; 9].iter()).take(9);
    let nanosecond = nine.fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0'));
    Some((nanosecond, &digits[length..]))
}

/// Seconds east of UTC.
fn offset(zone: &[u8]) -> Option<i64> {
    match *zone {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), h0, h1, b':', m0, m1] => {
            let (hour, minute) = (number(&[h0, h1])?, number(&[m0, m1])?);
            let seconds = i64::from(hour * 3_600 + minute * 60);
            (hour < 24 && minute < 60).then_some(if sign == b'-' { -seconds } else { seconds })
        }
        _ => None,
    }
}

fn number(digits: &[u8]) -> Option<i32> {
    digits.iter().try_fold(0, |number, digit| {
        digit
            .is_ascii_digit()
            .then(|| number * 10 + i32::from(digit - b'0'))
    })
}

/// Days since 1970-01-01. The year is taken to start in March, so that the leap
/// day is its last: see Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms".
#[must_use]
pub fn days_from_civil(date: Date) -> i64 {
    let month = i64::from(date.month());
    let year = i64::from(date.year()) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(date.day()) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The other way round; `None` beyond the years that jiff knows.
#[must_use]
pub fn civil_from_days(days: i64) -> Option<Date> {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use jiff::{ToSpan, civil, tz::Offset};

    use super::*;

    #[test]
    fn days_are_counted_as_jiff_counts_them() {
        let mut day = civil::date(1899, 12, 31);
        while day.year() < 2101 {
            let midnight = Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap();
            assert_eq!(days_from_civil(day) * SECONDS_PER_DAY, midnight.as_second());
            assert_eq!(utc_day(midnight), day);
            day += 1.day();
        }
    }

    #[test]
    fn times_are_read_as_jiff_reads_them() {
        for text in [
            "2014-06-30T23:59:59Z",
            "2014-06-30T23:59:59.5Z",
            "2014-06-30T23:59:59.123456789Z",
            "2024-02-29T00:00:00+02:00",
            "1969-12-31T23:59:59.25-11:30",
            "2016-12-31T23:59:60Z",
            "2014-06-30t01:02:03z",
        ] {
            let expected: Timestamp = text.parse().unwrap();
            assert_eq!(read_time(text.as_bytes()), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_jiff_writes_is_read_back() {
        let time = Timestamp::new(1_404_172_799, 120_000_000).unwrap();
        assert_eq!(read_time(time.to_string().as_bytes()), Some(time));
        let date = civil::date(2014, 6, 30);
        assert_eq!(read_date(date.to_string().as_bytes()), Some(date));
    }

    #[test]
    fn other_notations_are_refused() {
        for text in [
            "",
            "2014-6-30",
            "2014-02-30",
            "20140630",
            "2014-06-30T00:00Z",
            "+2014-06-30",
        ] {
            assert_eq!(read_date(text.as_bytes()), None, "{text}");
        }
        for text in [
            "2014-06-30",
            "2014-06-30 00:00:00Z",
            "2014-06-30T00:00:00",
            "2014-06-30T24:00:00Z",
            "2014-06-30T00:00:61Z",
            "2014-06-30T00:00:00.Z",
            "2014-06-30T00:00:00+2",
            "2014-06-30T00:00:00Z[UTC]",
        ] {
            assert_eq!(read_time(text.as_bytes()), None, "{text}");
        }
    }
}
