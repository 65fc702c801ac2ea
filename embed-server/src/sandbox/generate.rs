//! Demo data: the tasks of a busy, healthy team over the last nine months.
//!
//! The same seed and the same `now` give the same data.

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, Weekday},
    tz::Offset,
};
use oriel_contract::{StatusChange, TaskPriority, TaskStatus};
use oriel_store::{ImportBatch, ImportContributor, ImportProject, ImportTask, ImportUser};
use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::{
    plan::plan,
    words::{LABELS, LABELS_BY_CHANCE, PEOPLE, PROJECTS, ProjectPlan, QUALIFIERS},
};

/// The time that the data spans, in days: 39 weeks.
pub(super) const SPAN_DAYS: f64 = 273.0;
/// The first and the last hour of a working day.
const WORKING_HOURS: std::ops::Range<i64> = 8..18;

/// Users, projects, their milestones and `tasks` tasks that end with `now`.
pub fn generate(now: Timestamp, tasks: usize, seed: u64) -> ImportBatch {
    // Labels are drawn from a stream of their own, so that they change nothing
    // about the rest of a seed's data.
    let mut luck = ChaCha8Rng::seed_from_u64(seed);
    luck.set_stream(1);
    let mut team = Team {
        now,
        rng: ChaCha8Rng::seed_from_u64(seed),
        luck,
    };
    let mut batch = ImportBatch {
        users: PEOPLE.iter().map(|&person| user(person)).collect(),
        projects: PROJECTS.iter().map(project).collect(),
        tasks: Vec::with_capacity(tasks),
        milestones: Vec::new(),
        source: "sandbox".to_owned(),
    };
    let mut left = tasks;
    for (index, plan) in PROJECTS.iter().enumerate() {
        let is_last = index + 1 == PROJECTS.len();
        let share = if is_last {
            left
        } else {
            tasks * plan.share as usize / 100
        };
        left -= share;
        batch.tasks.extend(team.project_tasks(plan, share));
    }
    plan(&mut batch, now, seed);
    batch
}

fn user((external_id, name, email): (&str, &str, &str)) -> ImportUser {
    ImportUser {
        external_id: external_id.to_owned(),
        name: name.to_owned(),
        has_own_name: true,
        email: Some(email.to_owned()),
    }
}

fn project(plan: &ProjectPlan) -> ImportProject {
    ImportProject {
        external_id: plan.code.to_owned(),
        name: plan.name.to_owned(),
        has_own_name: true,
    }
}

/// The simulated team.
struct Team {
    now: Timestamp,
    rng: ChaCha8Rng,
    /// What labels are drawn from.
    luck: ChaCha8Rng,
}

impl Team {
    fn project_tasks(&mut self, plan: &ProjectPlan, count: usize) -> Vec<ImportTask> {
        let mut created: Vec<_> = (0..count).map(|_| self.creation(plan)).collect();
        created.sort_unstable();
        let titles = self.titles(plan);
        let numbered = created.into_iter().enumerate();
        numbered
            .map(|(index, created_at)| {
                let (round, title) = (index / titles.len(), &titles[index % titles.len()]);
                let title = match (round, QUALIFIERS.get(round.wrapping_sub(1))) {
                    (0, _) => title.clone(),
                    (_, Some(qualifier)) => format!("{title} {qualifier}"),
                    (again, None) => format!("{title}, part {}", again + 1),
                };
                self.task(
                    plan,
                    format!("{}-{}", plan.code, index + 1),
                    title,
                    created_at,
                )
            })
            .collect()
    }

    /// Every verb with every object, in a random order.
    fn titles(&mut self, plan: &ProjectPlan) -> Vec<String> {
        let pairs = plan
            .objects
            .iter()
            .flat_map(|object| plan.verbs.iter().map(move |verb| (verb, object)));
        let mut titles: Vec<_> = pairs
            .map(|(verb, object)| format!("{verb} {object}"))
            .collect();
        titles.shuffle(&mut self.rng);
        titles
    }

    /// When a task comes in: planned on Mondays, hardly ever at the weekend.
    fn creation(&mut self, plan: &ProjectPlan) -> Timestamp {
        loop {
            let part = self.rng.random_range(plan.from..plan.to);
            let age = SignedDuration::from_secs_f64((1.0 - part) * SPAN_DAYS * 86_400.0);
            let day = day_of(self.now - age);
            let odds = match day.weekday() {
                Weekday::Monday => 1.0,
                Weekday::Tuesday => 0.8,
                Weekday::Wednesday | Weekday::Thursday => 0.7,
                Weekday::Friday => 0.45,
                Weekday::Saturday | Weekday::Sunday => 0.03,
            };
            let at = self.hour_of(day);
            if at <= self.now && self.rng.random_bool(odds) {
                return at;
            }
        }
    }

    fn task(
        &mut self,
        plan: &ProjectPlan,
        external_id: String,
        title: String,
        created_at: Timestamp,
    ) -> ImportTask {
        let priority = self.priority();
        let estimate_hours = self
            .chance(0.85)
            .then(|| self.one_of(&[1.0, 2.0, 3.0, 5.0, 8.0, 13.0]));
        let wait = self.log_normal(typical_wait(priority), 0.7);
        let work = self.log_normal(1.5 + estimate_hours.unwrap_or(4.0) * 0.9, 0.6);
        let started_at = self.working_time(created_at, wait);
        let completed_at = self.working_time(started_at, work);
        let is_parked =
            self.chance(0.06) && !matches!(priority, TaskPriority::Urgent | TaskPriority::High);
        let is_dropped = self.chance(0.04);

        let status = match () {
            () if is_dropped && completed_at <= self.now => TaskStatus::Cancelled,
            () if is_parked || started_at > self.now => TaskStatus::Todo,
            () if completed_at <= self.now => TaskStatus::Done,
            () if self.chance(0.25) => TaskStatus::Blocked,
            () => TaskStatus::InProgress,
        };
        let started_at = (status != TaskStatus::Todo).then_some(started_at);
        let ended_at = (!status.is_open()).then_some(completed_at);
        let assignee = self.assignee(plan, status);
        let contributors = self.contributors(plan, assignee, started_at.and(estimate_hours));
        ImportTask {
            due_on: self.due(completed_at, is_parked),
            history: self.history(status, created_at, started_at, ended_at),
            project: plan.code.to_owned(),
            assignee: assignee.map(|index| PEOPLE[index].0.to_owned()),
            labels: self.labels(&title),
            depends_on: Vec::new(),
            completed_at: ended_at.filter(|_| status == TaskStatus::Done),
            external_id,
            title,
            status,
            priority,
            created_at,
            started_at,
            estimate_hours,
            contributors,
        }
    }

    fn priority(&mut self) -> TaskPriority {
        match self.rng.random_range(0..100) {
            0..6 => TaskPriority::Urgent,
            6..28 => TaskPriority::High,
            28..72 => TaskPriority::Medium,
            72..92 => TaskPriority::Low,
            _ => TaskPriority::None,
        }
    }

    /// What the title speaks of, and now and then something more.
    fn labels(&mut self, title: &str) -> Vec<String> {
        let told = LABELS.iter().filter(|(word, _)| title.contains(word));
        let mut labels: Vec<String> = told.map(|(_, label)| (*label).to_owned()).collect();
        for (label, odds) in LABELS_BY_CHANCE {
            if self.luck.random_bool(odds) {
                labels.push(label.to_owned());
            }
        }
        labels.sort_unstable();
        labels.dedup();
        labels
    }

    fn assignee(&mut self, plan: &ProjectPlan, status: TaskStatus) -> Option<usize> {
        let is_unassigned = status == TaskStatus::Todo && self.chance(0.25);
        (!is_unassigned).then(|| self.one_of(plan.team))
    }

    fn contributors(
        &mut self,
        plan: &ProjectPlan,
        assignee: Option<usize>,
        hours: Option<f64>,
    ) -> Vec<ImportContributor> {
        let (Some(assignee), Some(hours)) = (assignee, hours) else {
            return Vec::new();
        };
        let other = self.one_of(plan.team);
        let is_pair = other != assignee && self.chance(0.3);
        let (people, each) = if is_pair {
            (vec![assignee, other], hours / 2.0)
        } else {
            (vec![assignee], hours)
        };
        people
            .into_iter()
            .map(|index| ImportContributor {
                user: PEOPLE[index].0.to_owned(),
                // To the quarter of an hour, as people write hours down.
                hours: Some((self.log_normal(each, 0.4) * 4.0).ceil() / 4.0),
            })
            .collect()
    }

    /// Most promises are kept: the due date is rarely before the completion.
    fn due(&mut self, completed_at: Timestamp, is_parked: bool) -> Option<Date> {
        if is_parked || !self.chance(0.7) {
            return None;
        }
        let slack = if self.chance(0.65) {
            self.rng.random_range(0..10)
        } else {
            self.rng.random_range(-20..0)
        };
        day_of(completed_at).checked_add(slack.days()).ok()
    }

    fn history(
        &mut self,
        status: TaskStatus,
        created_at: Timestamp,
        started_at: Option<Timestamp>,
        ended_at: Option<Timestamp>,
    ) -> Vec<StatusChange> {
        let mut changes = vec![StatusChange {
            status: TaskStatus::Todo,
            at: created_at,
        }];
        let Some(started) = started_at else {
            return changes;
        };
        changes.push(StatusChange {
            status: TaskStatus::InProgress,
            at: started,
        });
        let until = ended_at.unwrap_or(self.now);
        let between = |part: f64| started + until.duration_since(started).mul_f64(part);
        if status == TaskStatus::Blocked {
            changes.push(StatusChange {
                status,
                at: between(0.5),
            });
        } else if self.chance(0.08) {
            changes.push(StatusChange {
                status: TaskStatus::Blocked,
                at: between(0.3),
            });
            changes.push(StatusChange {
                status: TaskStatus::InProgress,
                at: between(0.7),
            });
        }
        if let Some(at) = ended_at {
            changes.push(StatusChange { status, at });
        }
        changes
    }

    /// A working hour that is about `days` after `from`, and never before it.
    fn working_time(&mut self, from: Timestamp, days: f64) -> Timestamp {
        let mut day = day_of(from + SignedDuration::from_secs_f64(days * 86_400.0));
        while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            day = day.tomorrow().unwrap_or(day);
        }
        self.hour_of(day).max(from + SignedDuration::from_mins(20))
    }

    fn hour_of(&mut self, day: Date) -> Timestamp {
        let hour = self.rng.random_range(WORKING_HOURS);
        let minute = self.rng.random_range(0..60);
        midnight(day) + SignedDuration::from_mins(hour * 60 + minute)
    }

    fn chance(&mut self, odds: f64) -> bool {
        self.rng.random_bool(odds)
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.rng.random_range(0..choices.len())]
    }

    /// A log-normal value, as durations of real work are: most are near the
    /// median, a few take far longer.
    fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        // The sum of twelve uniform values is near enough to a normal one
        // (Irwin-Hall), and no crate is needed for it.
        let normal: f64 = (0..12).map(|_| self.rng.random::<f64>()).sum::<f64>() - 6.0;
        median * (sigma * normal).exp()
    }
}

/// Days from creation to start, in the median.
fn typical_wait(priority: TaskPriority) -> f64 {
    match priority {
        TaskPriority::Urgent => 0.5,
        TaskPriority::High => 4.0,
        TaskPriority::Medium => 10.0,
        TaskPriority::Low | TaskPriority::None => 21.0,
    }
}

pub(super) fn day_of(at: Timestamp) -> Date {
    Offset::UTC.to_datetime(at).date()
}

fn midnight(day: Date) -> Timestamp {
    Offset::UTC
        .to_timestamp(day.to_datetime(jiff::civil::Time::midnight()))
        .unwrap_or(Timestamp::UNIX_EPOCH)
}
