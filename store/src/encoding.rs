//! How values are stored: the same way in both databases.
//!
//! Times are milliseconds since 1970-01-01T00:00Z, days are day numbers since
//! that day, enums are the contract's words, and a priority is its rank.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use oriel_contract::{RangePreset, TaskPriority, TaskStatus};

use crate::{Cause, StoreError};

const MILLIS_PER_DAY: i64 = 86_400_000;
const EPOCH: Date = Date::constant(1970, 1, 1);

/// Stored text or number that is none of ours: the file was changed by others.
#[derive(Debug, thiserror::Error)]
#[error("a stored {0} cannot be read")]
struct Unreadable(&'static str);

pub(crate) fn unreadable(what: &'static str) -> StoreError {
    StoreError::Database(Cause::new(Unreadable(what)))
}

/// The UTC day that a time falls on.
pub(crate) fn day_of(at: Timestamp) -> i64 {
    at.as_millisecond().div_euclid(MILLIS_PER_DAY)
}

pub(crate) fn day_number(date: Date) -> i64 {
    i64::from(date.since(EPOCH).map_or(0, |span| span.get_days()))
}

/// When a UTC day begins, in milliseconds.
pub(crate) fn first_millisecond(date: Date) -> i64 {
    day_number(date) * MILLIS_PER_DAY
}

pub(crate) fn date(day: i64) -> Result<Date, StoreError> {
    timestamp(day.saturating_mul(MILLIS_PER_DAY))
        .map(|at| at.to_zoned(TimeZone::UTC).date())
        .map_err(|_| unreadable("day"))
}

pub(crate) fn timestamp(millis: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(millis).map_err(|_| unreadable("time"))
}

/// A count, which SQL gives as a signed number.
pub(crate) fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// A count to reckon with. Beyond 2⁵³ it would be rounded.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn float(count: u64) -> f64 {
    count as f64
}

pub(crate) fn status(text: &str) -> Result<TaskStatus, StoreError> {
    TaskStatus::ALL
        .into_iter()
        .find(|status| status.as_str() == text)
        .ok_or_else(|| unreadable("status"))
}

pub(crate) fn range_preset(text: &str) -> Result<RangePreset, StoreError> {
    RangePreset::ALL
        .into_iter()
        .find(|preset| preset.as_str() == text)
        .ok_or_else(|| unreadable("range"))
}

/// The place of a priority in [`TaskPriority::ALL`], most urgent first.
pub(crate) fn priority_rank(priority: TaskPriority) -> i64 {
    priority as i64
}

pub(crate) fn priority(rank: i64) -> Result<TaskPriority, StoreError> {
    TaskPriority::ALL
        .into_iter()
        .find(|priority| priority_rank(*priority) == rank)
        .ok_or_else(|| unreadable("priority"))
}

/// An id that the database gave back.
pub(crate) fn id<T: std::str::FromStr>(text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| unreadable("id"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_come_back_as_they_went_in_on_either_side_of_the_epoch() {
        for text in [
            "0001-01-01",
            "1969-12-31",
            "1970-01-01",
            "2024-02-29",
            "9999-12-30",
        ] {
            let day: Date = text.parse().unwrap();
            assert_eq!(date(day_number(day)).unwrap(), day);
        }
    }

    #[test]
    fn a_time_before_the_epoch_falls_on_the_day_before() {
        let at: Timestamp = "1969-12-31T23:59:59Z".parse().unwrap();
        assert_eq!(day_of(at), -1);
    }
}
