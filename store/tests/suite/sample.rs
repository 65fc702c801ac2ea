//! Batches to import: small ones by hand, and a large random one that has every
//! oddity the numbers must cope with.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use oriel_contract::{StatusChange, TaskPriority, TaskStatus};
use oriel_store::{
    ImportBatch, ImportContributor, ImportMilestone, ImportProject, ImportTask, ImportUser,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::harness::{below, day, time};

/// The day in the middle of what [`random`] makes.
pub fn middle() -> Date {
    day("2026-03-25")
}

pub fn user(external_id: &str, name: &str) -> ImportUser {
    ImportUser {
        external_id: external_id.to_owned(),
        name: name.to_owned(),
        has_own_name: true,
        email: Some(format!("{external_id}@example.test")),
    }
}

pub fn project(external_id: &str, name: &str) -> ImportProject {
    ImportProject {
        external_id: external_id.to_owned(),
        name: name.to_owned(),
        has_own_name: true,
    }
}

/// A milestone that was not reached.
pub fn milestone(external_id: &str, project: &str) -> ImportMilestone {
    ImportMilestone {
        external_id: external_id.to_owned(),
        name: format!("Milestone {external_id}"),
        project: project.to_owned(),
        due_on: middle(),
        reached_on: None,
    }
}

/// A task of project `P` that nobody has begun.
pub fn task(external_id: &str) -> ImportTask {
    ImportTask {
        external_id: external_id.to_owned(),
        title: format!("Task {external_id}"),
        project: "P".to_owned(),
        status: TaskStatus::Todo,
        priority: TaskPriority::Medium,
        assignee: None,
        created_at: time("2026-03-01T09:00:00Z"),
        started_at: None,
        completed_at: None,
        due_on: None,
        estimate_hours: None,
        history: Vec::new(),
        contributors: Vec::new(),
        labels: Vec::new(),
        depends_on: Vec::new(),
    }
}

/// A task of project `P` that took from one time to another.
pub fn done(external_id: &str, started: &str, completed: &str) -> ImportTask {
    ImportTask {
        status: TaskStatus::Done,
        started_at: Some(time(started)),
        completed_at: Some(time(completed)),
        ..task(external_id)
    }
}

/// The tasks, with the project `P` and the users `ann` and `bob`.
pub fn batch(tasks: Vec<ImportTask>) -> ImportBatch {
    ImportBatch {
        users: vec![user("ann", "Ann"), user("bob", "Bob")],
        projects: vec![project("P", "Paving")],
        tasks,
        milestones: Vec::new(),
        source: "test".to_owned(),
    }
}

/// 700 tasks over about five years around [`middle`], of 5 projects (one of
/// them empty) and 20 users (some of one name), from one seed.
pub fn random(seed: u64) -> ImportBatch {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let users = (0..20).map(|n| user(&format!("u{n}"), &format!("User {}", n % 15)));
    let projects = (0..5).map(|n| project(&format!("p{n}"), &format!("Project {n}")));
    ImportBatch {
        users: users.collect(),
        projects: projects.collect(),
        tasks: (0..700).map(|n| random_task(&mut rng, n)).collect(),
        milestones: Vec::new(),
        source: "random".to_owned(),
    }
}

/// 120 tasks with so few values of each field that every order has ties, and
/// ties of ties.
pub fn ties() -> ImportBatch {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let times = [
        "2026-03-01T09:00:00Z",
        "2026-03-02T09:00:00Z",
        "2026-03-03T09:00:00Z",
    ];
    let mut one_of = |end: u64| index(&mut rng, end);
    let tasks = (0..120).map(|n| ImportTask {
        title: format!("Task {}", one_of(3)),
        status: TaskStatus::ALL[one_of(5)],
        priority: TaskPriority::ALL[one_of(5)],
        created_at: time(times[one_of(3)]),
        completed_at: [None, Some(time(times[one_of(2)]))][one_of(2)],
        due_on: [None, Some(middle()), Some(day("2026-03-26"))][one_of(3)],
        history: vec![StatusChange {
            status: TaskStatus::Todo,
            at: time(times[one_of(3)]),
        }],
        ..task(&n.to_string())
    });
    batch(tasks.collect())
}

fn random_task(rng: &mut ChaCha8Rng, n: u64) -> ImportTask {
    let created_at = random_time(rng);
    let status = TaskStatus::ALL[[0, 1, 2, 3, 3, 3, 4][index(rng, 7)]];
    // Some start before they were created, some are completed before they
    // start, some are completed and opened again, some lack either.
    let started_at = maybe(rng, 80).then(|| later(rng, created_at));
    let completed = status == TaskStatus::Done && maybe(rng, 95) || maybe(rng, 5);
    let completed_at = completed.then(|| later(rng, started_at.unwrap_or(created_at)));
    let due_on = maybe(rng, 60).then(|| later(rng, created_at).to_zoned(TimeZone::UTC).date());
    let mut history = vec![StatusChange {
        status: TaskStatus::Todo,
        at: created_at,
    }];
    history.extend(completed_at.map(|at| StatusChange { status, at }));
    // Detours and reopened tasks, some from before the creation, in no order.
    for _ in 0..below(rng, 4) {
        let status = TaskStatus::ALL[index(rng, 5)];
        let at = later(rng, started_at.unwrap_or(created_at));
        history.push(StatusChange { status, at });
    }
    ImportTask {
        external_id: format!("T-{n}"),
        depends_on: Vec::new(),
        title: format!(
            "{} task {}",
            ["Alpha", "beta", "Élan", "100%"][index(rng, 4)],
            n % 97
        ),
        project: format!("p{}", below(rng, 4)),
        status,
        priority: TaskPriority::ALL[index(rng, 5)],
        // Few enough ties of load that both rank and name decide.
        assignee: maybe(rng, 85).then(|| format!("u{}", below(rng, 18))),
        created_at,
        started_at,
        completed_at,
        due_on,
        estimate_hours: maybe(rng, 50).then(|| below(rng, 40) as f64 / 4.0),
        history,
        contributors: vec![ImportContributor {
            user: format!("u{}", below(rng, 20)),
            hours: maybe(rng, 70).then(|| below(rng, 40) as f64 / 4.0),
        }],
        // Some name a label twice.
        labels: (0..below(rng, 4))
            .map(|_| format!("label {}", below(rng, 6)))
            .collect(),
    }
}

/// Up to 900 days on either side, often close by, now and then the first or
/// last millisecond of a day.
fn random_time(rng: &mut ChaCha8Rng) -> Timestamp {
    let reach = if maybe(rng, 50) { 900 } else { 60 };
    let days = i64::try_from(below(rng, 2 * reach)).unwrap() - i64::try_from(reach).unwrap();
    let start = time("2026-03-25T00:00:00Z") + (days * 24).hours();
    match below(rng, 10) {
        0 => start,
        1 => start - 1.millisecond(),
        _ => {
            start
                + i64::try_from(below(rng, 86_400_000))
                    .unwrap()
                    .milliseconds()
        }
    }
}

/// Up to 40 days after the time, sometimes up to 4 before it.
fn later(rng: &mut ChaCha8Rng, from: Timestamp) -> Timestamp {
    let minutes = i64::try_from(below(rng, 44 * 24 * 60)).unwrap() - 4 * 24 * 60;
    from + minutes.minutes()
}

fn maybe(rng: &mut ChaCha8Rng, percent: u64) -> bool {
    below(rng, 100) < percent
}

fn index(rng: &mut ChaCha8Rng, end: u64) -> usize {
    usize::try_from(below(rng, end)).unwrap()
}
