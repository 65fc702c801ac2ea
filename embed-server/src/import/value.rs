//! One field's text into one value, or a reason that a reader can act on.

use std::fmt;

use jiff::{
    Timestamp,
    civil::Date,
    fmt::strtime::BrokenDownTime,
    tz::{Offset, TimeZone},
};
use oriel_contract::{TaskPriority, TaskStatus};
use oriel_store::{NAME_CHARS, TITLE_CHARS};
use serde::{Deserialize, Deserializer, de};

use super::{field::Field, mapping::Mapping, notation::Separator};

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(String),
    Status(TaskStatus),
    Priority(TaskPriority),
    Time(Timestamp),
    Day(Date),
    Number(f64),
    List(Vec<String>),
}

/// As the log of an import shows a value.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{}", shown(text)),
            Self::Status(status) => f.write_str(status.as_str()),
            Self::Priority(priority) => f.write_str(priority.as_str()),
            Self::Time(time) => write!(f, "{time}"),
            Self::Day(day) => write!(f, "{day}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::List(entries) => f.write_str(&shown(&entries.join(", "))),
        }
    }
}

/// The value of a field; `None` where the file says that there is none.
pub fn parse(mapping: &Mapping, field: Field, text: &str) -> Result<Option<Value>, String> {
    let text = text.trim();
    if text.is_empty() || mapping.null.contains(text) {
        return Ok(None);
    }
    let value = match field {
        Field::Status => mapping
            .statuses
            .get(text)
            .copied()
            .map(Value::Status)
            .ok_or_else(|| {
                format!(
                    "status {} is not in the mapping: add it to [statuses]",
                    shown(text)
                )
            }),
        Field::Priority => mapping
            .priorities
            .get(text)
            .copied()
            .map(Value::Priority)
            .ok_or_else(|| {
                format!(
                    "priority {} is not in the mapping: add it to [priorities]",
                    shown(text)
                )
            }),
        Field::CreatedAt | Field::StartedAt | Field::CompletedAt => {
            parse_time(&mapping.dates, text).map(Value::Time)
        }
        Field::DueOn | Field::ReachedOn => parse_time(&mapping.dates, text)
            .map(|time| Value::Day(Offset::UTC.to_datetime(time).date())),
        Field::EstimateHours | Field::ContributorHours => parse_hours(text).map(Value::Number),
        Field::Labels => parse_list(mapping, &mapping.label_separator, "label", text),
        Field::DependsOn => parse_list(mapping, &mapping.dependency_separator, "task", text),
        Field::Title => check_text(text, TITLE_CHARS).map(Value::Text),
        _ => check_text(text, NAME_CHARS).map(Value::Text),
    };
    value.map(Some)
}

/// Names of labels or tasks; empty ones, and words that mean "no value", are none.
fn parse_list(
    mapping: &Mapping,
    separator: &Separator,
    what: &str,
    text: &str,
) -> Result<Value, String> {
    text.split(separator.as_str())
        .map(str::trim)
        .filter(|name| !name.is_empty() && !mapping.null.contains(*name))
        .map(|name| check_text(name, NAME_CHARS).map_err(|fault| format!("{what} {fault}")))
        .collect::<Result<_, _>>()
        .map(Value::List)
}

/// A text that the database takes, of at most so many characters.
pub fn check_text(text: &str, longest: usize) -> Result<String, String> {
    let length = text.chars().count();
    if length > longest {
        return Err(format!(
            "{length} characters are more than the {longest} that are kept: shorten it"
        ));
    }
    if text.contains('\0') {
        return Err(
            "holds a NUL character: check `encoding` for this file, or remove it".to_owned(),
        );
    }
    Ok(text.to_owned())
}

/// A value of the file between quotes, safe for a terminal and short.
pub fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut start: String = text.chars().take(LONGEST).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    format!("\"{}\"", start.escape_debug())
}

fn parse_hours(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(hours) if hours.is_finite() && hours >= 0.0 => Ok(hours),
        _ => Err(format!(
            "{} is not a number of hours, such as 1.5",
            shown(text)
        )),
    }
}

/// The instant that a date means: midnight UTC where it has no time of day,
/// UTC where it has no offset.
fn parse_time(formats: &[DateFormat], text: &str) -> Result<Timestamp, String> {
    formats
        .iter()
        .find_map(|format| format.parse(text))
        .ok_or_else(|| {
            let known: Vec<_> = formats
                .iter()
                .map(|format| format.example.as_str())
                .collect();
            format!(
                "{} is not a date like {}: correct it, or add its format to `dates`",
                shown(text),
                known.join(" or ")
            )
        })
}

/// A strptime format of the `jiff` crate. `%y` reads 69 to 99 as the last
/// century.
#[derive(Debug)]
pub struct DateFormat {
    format: String,
    example: String,
}

impl DateFormat {
    fn parse(&self, text: &str) -> Option<Timestamp> {
        parse_with(&self.format, text)
    }
}

fn parse_with(format: &str, text: &str) -> Option<Timestamp> {
    let parsed = BrokenDownTime::parse(format, text).ok()?;
    if parsed.timestamp().is_some() || parsed.offset().is_some() {
        return parsed.to_timestamp().ok();
    }
    let time = parsed.to_datetime().ok()?;
    Offset::UTC.to_timestamp(time).ok()
}

impl<'de> Deserialize<'de> for DateFormat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let format = String::deserialize(deserializer)?;
        let sample = jiff::civil::date(2004, 11, 2)
            .at(13, 45, 0, 0)
            .to_zoned(TimeZone::UTC)
            .map_err(de::Error::custom)?;
        // A format is good when what it writes can be read back.
        let example = BrokenDownTime::from(&sample)
            .to_string(&format)
            .map_err(|error| {
                de::Error::custom(format!("`{format}` is not a date format: {error}"))
            })?;
        if parse_with(&format, &example).is_none() {
            return Err(de::Error::custom(format!(
                "`{format}` does not give a whole date: it needs a year, a month and a day, as \
                 in `%Y-%m-%d`"
            )));
        }
        Ok(Self { format, example })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(text: &str) -> DateFormat {
        #[derive(Deserialize)]
        struct One {
            format: DateFormat,
        }
        let one: One = toml::from_str(&format!("format = {text:?}")).unwrap();
        one.format
    }

    #[test]
    fn a_date_is_midnight_utc_and_a_time_keeps_its_offset() {
        for (pattern, text, expected) in [
            ("%d-%b-%y", "02-Nov-04", "2004-11-02T00:00:00Z"),
            ("%d-%b-%y", "31-Dec-99", "1999-12-31T00:00:00Z"),
            ("%d.%m.%Y", "29.02.2024", "2024-02-29T00:00:00Z"),
            ("%d.%m.%Y %H:%M", "29.02.2024 17:05", "2024-02-29T17:05:00Z"),
            (
                "%Y-%m-%dT%H:%M:%S%:z",
                "2024-02-29T23:30:00-02:00",
                "2024-03-01T01:30:00Z",
            ),
        ] {
            let time = parse_time(&[format(pattern)], text).unwrap();
            assert_eq!(time.to_string(), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_bad_date_says_what_a_good_one_looks_like() {
        for text in ["31-Feb-04", "2004-11-02", "02-Nov-04x", "-"] {
            let reason = parse_time(&[format("%d-%b-%y")], text).unwrap_err();
            assert!(reason.contains("is not a date like 02-Nov-04"), "{reason}");
        }
    }

    #[test]
    fn hours_are_finite_and_not_negative() {
        assert_eq!(parse_hours("0.25"), Ok(0.25));
        for text in ["-1", "NaN", "inf", "1,5", "two"] {
            assert!(parse_hours(text).is_err(), "{text}");
        }
    }

    #[test]
    fn text_is_bounded_and_without_nul() {
        assert!(check_text(&"ü".repeat(200), 200).is_ok());
        assert!(check_text(&"ü".repeat(201), 200).is_err());
        assert!(check_text("a\0b", 200).unwrap_err().contains("NUL"));
    }

    #[test]
    fn a_shown_value_cannot_steer_a_terminal() {
        assert_eq!(shown("a\u{1b}[2J"), "\"a\\u{1b}[2J\"");
        assert_eq!(shown(&"x".repeat(61)), format!("\"{}…\"", "x".repeat(60)));
    }
}
