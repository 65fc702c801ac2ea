//! The filter parameters, the same on the task list, the dashboard and the
//! export.

use std::{fmt::Display, hash::Hash, str::FromStr};

use jiff::civil::Date;
use oriel_contract::{DateField, TaskPriority, TaskSort, TaskStatus, UserId, parse_date};
use oriel_store::{AssigneeFilter, DateRange, TaskFilter};

use crate::request::parameters::{Choice, Parameters};

/// Longest text to search for, in characters.
const LONGEST_SEARCH: usize = 100;

/// Most ids that one filter takes.
const MOST_IDS: usize = 50;

/// Most keys that a list is sorted by.
const MOST_KEYS: usize = 3;

/// Which tasks the request is about. Lists are kept in one order and without
/// repetitions, so that two requests that mean the same are the same question.
pub fn task_filter(query: &mut Parameters<'_>) -> TaskFilter {
    TaskFilter {
        projects: query.read("project", ids).unwrap_or_default(),
        statuses: query.read("status", statuses).unwrap_or_default(),
        assignees: query.read("assignee", assignees).unwrap_or_default(),
        priorities: query.read("priority", priorities).unwrap_or_default(),
        labels: query.read("label", ids).unwrap_or_default(),
        dates: dates(query),
        overdue: query.choice("overdue"),
        external_id: None,
        q: search(query),
    }
}

/// `q`.
pub fn search(query: &mut Parameters<'_>) -> Option<String> {
    query.read("q", |text| {
        if (1..=LONGEST_SEARCH).contains(&text.chars().count()) {
            Ok(text.to_owned())
        } else {
            Err(format!("takes 1 to {LONGEST_SEARCH} characters"))
        }
    })
}

/// `sort`: its keys. To leave the usual one out is to ask for it.
pub fn task_sort(query: &mut Parameters<'_>, usual: TaskSort) -> Vec<TaskSort> {
    let keys = query.read("sort", |text| {
        let fields: Vec<&str> = text.split(',').map(field).collect();
        let repeated = (1..fields.len()).any(|at| fields[..at].contains(&fields[at]));
        if fields.len() > MOST_KEYS || repeated {
            return Err(format!("takes {MOST_KEYS} keys at most, each field once"));
        }
        text.split(',').map(TaskSort::choose).collect()
    });
    keys.unwrap_or_else(|| vec![usual])
}

/// What a key sorts by, whichever way round.
fn field(key: &str) -> &str {
    key.strip_prefix('-').unwrap_or(key)
}

/// `date`, `from` and `to`. Without an end there is nothing to keep to.
fn dates(query: &mut Parameters<'_>) -> Option<DateRange> {
    let field: Option<DateField> = query.choice("date");
    let (from, to) = (query.read("from", day), query.read("to", day));
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        query.refuse("from", "may not be after `to`");
        return None;
    }
    (from.is_some() || to.is_some()).then(|| DateRange {
        field: field.unwrap_or_default(),
        from,
        to,
    })
}

/// An RFC 3339 full date.
fn day(text: &str) -> Result<Date, String> {
    parse_date(text).ok_or_else(|| "takes a date, as `2026-03-25`".to_owned())
}

/// One to five of an enum's values.
fn statuses(text: &str) -> Result<Vec<TaskStatus>, String> {
    list(text, TaskStatus::ALL.len(), TaskStatus::choose)
}

fn priorities(text: &str) -> Result<Vec<TaskPriority>, String> {
    list(text, TaskPriority::ALL.len(), TaskPriority::choose)
}

fn assignees(text: &str) -> Result<Vec<AssigneeFilter>, String> {
    list(text, MOST_IDS, |entry| {
        if entry == "none" {
            return Ok(AssigneeFilter::Nobody);
        }
        UserId::from_str(entry)
            .map(AssigneeFilter::User)
            .map_err(|error| format!("{error}, or `none`"))
    })
}

fn ids<T>(text: &str) -> Result<Vec<T>, String>
where
    T: FromStr<Err: Display> + Ord,
{
    list(text, MOST_IDS, |entry| {
        T::from_str(entry).map_err(|error| error.to_string())
    })
}

/// Entries separated by commas.
fn list<T: Ord>(
    text: &str,
    most: usize,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    if text.split(',').count() > most {
        return Err(format!("takes {most} at most, separated by commas"));
    }
    let mut entries = text.split(',').map(read).collect::<Result<Vec<T>, _>>()?;
    entries.sort_unstable();
    entries.dedup();
    Ok(entries)
}

/// Bytes that a filter holds beside its own size, roughly: for those who keep
/// it. A client chooses how much that is.
pub fn held_bytes(filter: &TaskFilter) -> usize {
    // An id is text of 30 bytes on the heap.
    fn ids<T: Hash>(list: &[T]) -> usize {
        size_of_val(list) + list.len() * 30
    }
    filter.q.as_deref().map_or(0, str::len)
        + ids(&filter.projects)
        + ids(&filter.assignees)
        + ids(&filter.labels)
        + size_of_val(filter.statuses.as_slice())
        + size_of_val(filter.priorities.as_slice())
}
