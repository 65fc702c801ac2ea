//! The plan of the demo: what its projects mean to reach, and what waits for what.
//!
//! All of it is drawn from a stream of its own, over tasks that are there
//! already, so that it changes nothing about the rest of a seed's data.

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Weekday};
use oriel_contract::TaskStatus;
use oriel_store::{ImportBatch, ImportMilestone, ImportTask};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{
    generate::{SPAN_DAYS, day_of},
    words::{PROJECTS, ProjectPlan},
};

/// How many tasks back a task looks for one to wait for.
const LOOK_BACK: usize = 9;

/// Adds milestones and dependencies to the batch of this time and seed.
pub fn plan(batch: &mut ImportBatch, now: Timestamp, seed: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(2);
    for plan in &PROJECTS {
        batch.milestones.extend(milestones(plan, now, &mut rng));
        let mut tasks: Vec<&mut ImportTask> = batch
            .tasks
            .iter_mut()
            .filter(|task| task.project == plan.code)
            .collect();
        for index in 1..tasks.len() {
            let (before, rest) = tasks.split_at_mut(index);
            let task = &mut *rest[0];
            task.depends_on = waits_for(task, &before[index.saturating_sub(LOOK_BACK)..], &mut rng);
        }
    }
}

/// Due on a Friday each; most of those that are due are reached, some days late.
fn milestones(plan: &ProjectPlan, now: Timestamp, rng: &mut ChaCha8Rng) -> Vec<ImportMilestone> {
    let today = day_of(now);
    let numbered = (1..).zip(plan.milestones);
    numbered
        .map(|(number, (name, part))| {
            let age = SignedDuration::from_secs_f64((1.0 - part) * SPAN_DAYS * 86_400.0);
            let mut due_on = day_of(now - age);
            while due_on.weekday() != Weekday::Friday {
                due_on = due_on.tomorrow().unwrap_or(due_on);
            }
            let reached_on = due_on.saturating_add(rng.random_range(-3..9).days());
            ImportMilestone {
                external_id: format!("{}-M{number}", plan.code),
                name: (*name).to_owned(),
                project: plan.code.to_owned(),
                due_on,
                reached_on: (reached_on <= today).then_some(reached_on),
            }
        })
        .collect()
}

/// Up to two of the tasks before this one, for three tasks in ten.
fn waits_for(task: &ImportTask, before: &[&mut ImportTask], rng: &mut ChaCha8Rng) -> Vec<String> {
    if !rng.random_bool(0.3) {
        return Vec::new();
    }
    let most = if rng.random_bool(0.25) { 2 } else { 1 };
    let nearest_first = before.iter().rev();
    let fitting = nearest_first.filter(|other| may_follow(task, other));
    let mut names: Vec<String> = fitting
        .filter(|_| rng.random_bool(0.6))
        .map(|other| other.external_id.clone())
        .take(most)
        .collect();
    names.sort_unstable();
    names
}

/// Whether the task can have waited for the other one, or waits for it still.
fn may_follow(task: &ImportTask, other: &ImportTask) -> bool {
    match (task.status, other.status) {
        (_, TaskStatus::Cancelled) => false,
        (TaskStatus::Todo, _) => true,
        (TaskStatus::Blocked, status) if status.is_open() => true,
        _ => match (task.started_at, other.completed_at) {
            (Some(started), Some(completed)) => completed <= started,
            _ => false,
        },
    }
}
