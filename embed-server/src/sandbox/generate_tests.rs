//! What the demo data is like.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use oriel_contract::TaskStatus;

use super::generate::{day_of, generate};

/// The same hour on each day of a week.
fn week() -> impl Iterator<Item = Timestamp> {
    let monday: Timestamp = "2026-06-29T15:30:00Z".parse().unwrap();
    (0..7).map(move |day| monday + SignedDuration::from_hours(24 * day))
}

#[test]
fn the_team_is_busy_and_healthy_on_every_day_of_the_week() {
    for now in week() {
        let tasks = generate(now, 520, 4).tasks;
        let today = day_of(now);
        let open: Vec<_> = tasks.iter().filter(|task| task.status.is_open()).collect();
        let overdue = open
            .iter()
            .filter(|task| task.due_on.is_some_and(|due| due < today))
            .count();
        let recent = now - SignedDuration::from_hours(7 * 24);
        let completed = tasks
            .iter()
            .filter(|task| task.completed_at.is_some_and(|at| at > recent))
            .count();
        let blocked = open
            .iter()
            .filter(|task| task.status == TaskStatus::Blocked)
            .count();
        assert!((40..=110).contains(&open.len()));
        assert!((1..=14).contains(&overdue));
        assert!((1..=12).contains(&blocked));
        assert!((5..=28).contains(&completed));
    }
}

#[test]
fn every_task_makes_sense() {
    let now = week().next().unwrap();
    let batch = generate(now, 520, 1);
    assert_eq!(batch.tasks.len(), 520);
    let ids: BTreeSet<_> = batch.tasks.iter().map(|task| &task.external_id).collect();
    assert_eq!(ids.len(), 520);
    for task in &batch.tasks {
        assert_eq!(
            task.completed_at.is_some(),
            task.status == TaskStatus::Done,
            "{task:?}"
        );
        assert_eq!(
            task.history.last().map(|change| change.status),
            Some(task.status),
            "{task:?}"
        );
        assert!(
            task.history.is_sorted_by_key(|change| change.at),
            "{task:?}"
        );
        assert!(
            task.history.iter().all(|change| change.at <= now),
            "{task:?}"
        );
    }
}

#[test]
fn the_same_seed_gives_the_same_data() {
    let now = week().next().unwrap();
    assert_eq!(generate(now, 50, 7), generate(now, 50, 7));
    assert_ne!(generate(now, 50, 7), generate(now, 50, 8));
}

#[test]
fn there_are_as_many_tasks_as_asked_for() {
    let now = week().next().unwrap();
    for count in [0, 1, 3, 999, 5_000] {
        assert_eq!(generate(now, count, 1).tasks.len(), count);
    }
}

#[test]
fn a_task_waits_for_earlier_ones_of_its_project_that_it_can_have_waited_for() {
    for now in week() {
        let tasks = generate(now, 520, 4).tasks;
        let place = |id: &str| tasks.iter().position(|task| task.external_id == id);
        for (at, task) in tasks.iter().enumerate() {
            for id in &task.depends_on {
                let before = place(id).unwrap();
                assert!(before < at, "{task:?}");
                assert_eq!(tasks[before].project, task.project);
                if task.status == TaskStatus::Done {
                    assert!(tasks[before].completed_at <= task.started_at, "{task:?}");
                }
            }
        }
        let waiting = tasks.iter().filter(|task| !task.depends_on.is_empty());
        assert!((60..=160).contains(&waiting.count()));
    }
}

#[test]
fn every_project_has_milestones_before_and_after_today() {
    for now in week() {
        let (batch, today) = (generate(now, 520, 4), day_of(now));
        let milestones = &batch.milestones;
        for project in &batch.projects {
            let of_it = milestones
                .iter()
                .filter(|m| m.project == project.external_id);
            assert!((3..=4).contains(&of_it.count()), "{project:?}");
        }
        let reached = milestones.iter().filter(|m| m.reached_on.is_some()).count();
        let ahead = milestones.iter().filter(|m| m.due_on > today).count();
        assert!((8..=14).contains(&reached) && (4..=8).contains(&ahead));
        assert!(milestones.iter().all(|m| m.reached_on <= Some(today)));
    }
}

#[test]
fn labels_are_few_and_say_what_the_title_says() {
    let tasks = generate(week().next().unwrap(), 520, 1).tasks;
    let names: BTreeSet<_> = tasks.iter().flat_map(|task| &task.labels).collect();
    assert!((6..=10).contains(&names.len()), "{names:?}");
    for task in &tasks {
        let is_fix = task.title.starts_with("Fix");
        assert_eq!(
            task.labels.iter().any(|name| name == "bug"),
            is_fix,
            "{task:?}"
        );
        assert!(task.labels.is_sorted(), "{task:?}");
    }
    let unlabelled = tasks.iter().filter(|task| task.labels.is_empty()).count();
    assert!((100..=350).contains(&unlabelled), "{unlabelled}");
}
