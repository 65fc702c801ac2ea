//! What the contract's words are called on the screen.

use oriel_contract::{RangePreset, TaskPriority, TaskStatus};

pub const fn status(status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::Todo => "To do",
        TaskStatus::InProgress => "In progress",
        TaskStatus::Blocked => "Blocked",
        TaskStatus::Done => "Done",
        TaskStatus::Cancelled => "Cancelled",
    }
}

pub const fn priority(priority: TaskPriority) -> &'static str {
    match priority {
        TaskPriority::Urgent => "Urgent",
        TaskPriority::High => "High",
        TaskPriority::Medium => "Medium",
        TaskPriority::Low => "Low",
        TaskPriority::None => "None",
    }
}

pub const fn range(range: RangePreset) -> &'static str {
    match range {
        RangePreset::Weeks4 => "4 weeks",
        RangePreset::Weeks12 => "12 weeks",
        RangePreset::Weeks26 => "26 weeks",
        RangePreset::Weeks52 => "52 weeks",
        RangePreset::All => "All",
    }
}

/// `true` or `false`, as `aria-` attributes have it.
pub const fn truth(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
