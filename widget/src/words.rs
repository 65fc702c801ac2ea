//! What the contract's words are called on the screen.

use oriel_contract::{RangePreset, TaskPriority, TaskStatus};

use crate::messages::{Message, msg};

pub const fn status(status: TaskStatus) -> Message<0> {
    match status {
        TaskStatus::Todo => msg::STATUS_TODO,
        TaskStatus::InProgress => msg::STATUS_IN_PROGRESS,
        TaskStatus::Blocked => msg::STATUS_BLOCKED,
        TaskStatus::Done => msg::STATUS_DONE,
        TaskStatus::Cancelled => msg::STATUS_CANCELLED,
    }
}

pub const fn priority(priority: TaskPriority) -> Message<0> {
    match priority {
        TaskPriority::Urgent => msg::PRIORITY_URGENT,
        TaskPriority::High => msg::PRIORITY_HIGH,
        TaskPriority::Medium => msg::PRIORITY_MEDIUM,
        TaskPriority::Low => msg::PRIORITY_LOW,
        TaskPriority::None => msg::PRIORITY_NONE,
    }
}

pub fn range(range: RangePreset) -> String {
    let weeks: u64 = match range {
        RangePreset::Weeks4 => 4,
        RangePreset::Weeks12 => 12,
        RangePreset::Weeks26 => 26,
        RangePreset::Weeks52 => 52,
        RangePreset::All => return msg::RANGE_ALL.text(),
    };
    msg::RANGE_WEEKS.with([weeks])
}

/// `true` or `false`, as `aria-` attributes have it.
pub const fn truth(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
