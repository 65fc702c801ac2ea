//! What a task's history means for counting by day. Pure.
//!
//! The contract says it at `StatusOverTime`, and the migration that made the
//! table says it in SQL for the tasks that were there before.

use oriel_contract::{StatusChange, TaskStatus};

use crate::encoding::day_of;

/// A day at whose end a task had another status than at the end of the day
/// before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StatusDay {
    pub day: i64,
    /// `None` on the day of the creation.
    pub was: Option<TaskStatus>,
    pub status: TaskStatus,
}

/// The days of a task, oldest first. `history` is in the order of its times.
pub(crate) fn status_days(
    created_on: i64,
    history: &[&StatusChange],
    present: TaskStatus,
) -> Vec<StatusDay> {
    let entered = history
        .iter()
        .map(|change| (day_of(change.at).max(created_on), change.status));
    let mut ends = vec![(created_on, TaskStatus::Todo)];
    for (day, status) in entered {
        match ends.last_mut() {
            Some(last) if last.0 == day => last.1 = status,
            _ => ends.push((day, status)),
        }
    }
    if let Some(last) = ends.last_mut() {
        last.1 = present;
    }
    let mut was = None;
    let mut days = Vec::new();
    for (day, status) in ends {
        if was != Some(status) {
            days.push(StatusDay { day, was, status });
            was = Some(status);
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use TaskStatus::{Blocked, Cancelled, Done, InProgress, Todo};

    use super::*;

    /// The days of a task that was created on day 10 and entered statuses at
    /// these hours of these days.
    fn days(
        entered: &[(i64, i64, TaskStatus)],
        present: TaskStatus,
    ) -> Vec<(i64, Option<TaskStatus>, TaskStatus)> {
        let changes: Vec<StatusChange> = entered
            .iter()
            .map(|(day, hour, status)| StatusChange {
                status: *status,
                at: jiff::Timestamp::from_second(day * 86_400 + hour * 3_600).unwrap(),
            })
            .collect();
        let history: Vec<&StatusChange> = changes.iter().collect();
        status_days(10, &history, present)
            .into_iter()
            .map(|day| (day.day, day.was, day.status))
            .collect()
    }

    #[test]
    fn a_day_counts_with_its_last_status() {
        let entered = [
            (10, 8, Todo),
            (12, 8, InProgress),
            (12, 9, Blocked),
            (12, 10, InProgress),
            (15, 0, Done),
        ];
        assert_eq!(
            days(&entered, Done),
            [
                (10, None, Todo),
                (12, Some(Todo), InProgress),
                (15, Some(InProgress), Done),
            ]
        );
    }

    #[test]
    fn a_day_that_ends_as_it_began_is_left_out() {
        let entered = [(12, 8, InProgress), (13, 8, Blocked), (13, 9, InProgress)];
        assert_eq!(
            days(&entered, InProgress),
            [(10, None, Todo), (12, Some(Todo), InProgress)]
        );
    }

    #[test]
    fn what_was_before_the_creation_counts_on_its_day() {
        assert_eq!(
            days(&[(7, 8, InProgress)], InProgress),
            [(10, None, InProgress)]
        );
    }

    #[test]
    fn the_present_status_holds_since_the_last_change() {
        assert_eq!(
            days(&[(12, 8, InProgress)], Cancelled),
            [(10, None, Todo), (12, Some(Todo), Cancelled)]
        );
        assert_eq!(days(&[], Blocked), [(10, None, Blocked)]);
    }

    #[test]
    fn the_first_millisecond_of_a_day_belongs_to_it() {
        assert_eq!(
            days(&[(11, 0, Done)], Done),
            [(10, None, Todo), (11, Some(Todo), Done)]
        );
    }
}
