//! Reads what the browser has parsed of an answer: field by field, into the
//! contract's types.
//!
//! It says no more than that an answer is not what it should be: our own server
//! wrote it, and the contract's tests hold that. Serde's visitors, which take the
//! fields in any order and explain each mistake, were a sixth of the wasm.

use std::cell::RefCell;

use jiff::{Timestamp, civil::Date};
use js_sys::{Array, Reflect};
use oriel_contract::{
    BurnUp, BurnUpPoint, Completed, Contributor, CycleTime, CycleTimeBucket, CycleTimes, Dashboard,
    Forecast, Kpis, LabelId, LabelRef, Milestone, MilestoneId, Others, PersonLoad, ProjectHealth,
    ProjectHealthItem, ProjectId, ProjectRef, Range, RangePreset, Risk, StatusChange, StatusCount,
    StatusOverTime, StatusPoint, Step, Task, TaskDetail, TaskId, TaskPage, TaskPriority,
    TaskStatus, Throughput, ThroughputPoint, Timeline, TimelineTask, TrendPoint, UserId, UserRef,
    Workload, parse_date, parse_time,
};
use wasm_bindgen::{JsCast, JsValue};

/// What can be read from a value of JavaScript.
pub trait Wire: Sized {
    /// `None` where `value` is something else.
    fn read(value: &JsValue) -> Option<Self>;
}

thread_local! {
    /// Names of fields as the browser has them: an answer has thousands of fields, and
    /// to make each name anew took half of the time that it was read in.
    static NAMES: RefCell<Vec<(&'static str, JsValue)>> = const { RefCell::new(Vec::new()) };
}

/// The field `name`; `undefined` where there is none.
pub fn field(of: &JsValue, name: &'static str) -> JsValue {
    NAMES.with_borrow_mut(|names| {
        // A name is a constant: where it lies tells it from the others.
        let known = names
            .iter()
            .position(|(known, _)| std::ptr::eq(*known, name));
        let place = known.unwrap_or_else(|| {
            names.push((name, JsValue::from_str(name)));
            names.len() - 1
        });
        Reflect::get(of, &names[place].1).unwrap_or_default()
    })
}

/// Reads the field `name`.
pub fn member<T: Wire>(of: &JsValue, name: &'static str) -> Option<T> {
    T::read(&field(of, name))
}

/// Objects, by the names of their fields.
macro_rules! objects {
    ($($name:ident { $($field:ident),+ $(,)? })+) => {$(
        impl $crate::wire::Wire for $name {
            fn read(value: &wasm_bindgen::JsValue) -> Option<Self> {
                Some(Self { $($field: $crate::wire::member(value, stringify!($field))?),+ })
            }
        }
    )+};
}
pub(crate) use objects;

/// Texts that stand for something, and how they are read.
macro_rules! texts {
    ($($name:ty: $read:expr;)+) => {$(
        impl Wire for $name {
            fn read(value: &JsValue) -> Option<Self> {
                let read: fn(&str) -> Option<Self> = $read;
                read(&value.as_string()?)
            }
        }
    )+};
}

texts! {
    Date: parse_date;
    Timestamp: parse_time;
    LabelId: |text| text.parse().ok();
    MilestoneId: |text| text.parse().ok();
    ProjectId: |text| text.parse().ok();
    TaskId: |text| text.parse().ok();
    UserId: |text| text.parse().ok();
    RangePreset: |text| Self::ALL.into_iter().find(|one| one.as_str() == text);
    TaskPriority: |text| Self::ALL.into_iter().find(|one| one.as_str() == text);
    TaskStatus: |text| Self::ALL.into_iter().find(|one| one.as_str() == text);
    Step: |text| match text {
        "day" => Some(Self::Day),
        "week" => Some(Self::Week),
        "month" => Some(Self::Month),
        _ => None,
    };
    Risk: |text| match text {
        "off_track" => Some(Self::OffTrack),
        "at_risk" => Some(Self::AtRisk),
        "on_track" => Some(Self::OnTrack),
        "done" => Some(Self::Done),
        _ => None,
    };
}

objects! {
    Dashboard {
        as_of, pinned, revision, range, kpis, statuses, status_over_time, burn_up, forecast,
        throughput, cycle_time, health, workload,
    }
    Range { preset, from, to }
    Kpis { open, overdue, completed, cycle_time, trend }
    TrendPoint { date, open, overdue, completed, median_days }
    Completed { last_7_days, previous_7_days }
    CycleTime { median_days, tasks }
    StatusCount { status, tasks }
    StatusOverTime { step, points }
    StatusPoint { date, todo, in_progress, blocked, done, cancelled }
    BurnUp { step, points }
    BurnUpPoint { date, scope, completed }
    Forecast { remaining, weeks, per_week, p50_on, p85_on }
    Throughput { step, points }
    ThroughputPoint { from, completed }
    CycleTimes { tasks, p50_days, p85_days, p95_days, buckets }
    CycleTimeBucket { from_days, to_days, tasks }
    ProjectHealth { items, others }
    ProjectHealthItem {
        project, tasks, open, overdue, blocked, completed, progress, risk, next_due_on,
    }
    Workload { people, others }
    PersonLoad { user, open, overdue }
    Others { people, open, overdue }
    ProjectRef { id, name }
    UserRef { id, name }
    LabelRef { id, name }
    Task {
        id, external_id, title, project, status, priority, assignee, labels, created_at,
        started_at, completed_at, due_on, overdue, estimate_hours, updated_at,
    }
    TaskPage { items, next_cursor, total }
    TaskDetail { task, history, contributors }
    StatusChange { status, at }
    Contributor { user, hours }
    Timeline { project, as_of, from, to, milestones, tasks, total, next_cursor }
    Milestone { id, name, due, reached }
    TimelineTask { id, title, status, start, end, is_overdue, depends_on }
}

impl Wire for String {
    fn read(value: &JsValue) -> Option<Self> {
        value.as_string()
    }
}

impl Wire for bool {
    fn read(value: &JsValue) -> Option<Self> {
        value.as_bool()
    }
}

impl Wire for f64 {
    fn read(value: &JsValue) -> Option<Self> {
        value.as_f64()
    }
}

impl Wire for u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn read(value: &JsValue) -> Option<Self> {
        value.as_f64().map(|number| number as Self)
    }
}

impl Wire for u32 {
    fn read(value: &JsValue) -> Option<Self> {
        u64::read(value)?.try_into().ok()
    }
}

impl<T: Wire> Wire for Option<T> {
    fn read(value: &JsValue) -> Option<Self> {
        if value.is_null() || value.is_undefined() {
            return Some(None);
        }
        T::read(value).map(Some)
    }
}

/// A list that is not there is empty: an older server may not know it yet.
impl<T: Wire> Wire for Vec<T> {
    fn read(value: &JsValue) -> Option<Self> {
        if value.is_undefined() {
            return Some(Self::new());
        }
        let list = value.dyn_ref::<Array>()?;
        let mut items = Self::new();
        for index in 0..list.length() {
            items.push(T::read(&list.get(index))?);
        }
        Some(items)
    }
}
