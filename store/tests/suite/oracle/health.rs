//! How projects stand, one after the other.

use std::collections::HashMap;

use jiff::civil::Date;
use oriel_contract::{ProjectHealth, ProjectHealthItem, ProjectRef, Risk, TaskStatus};
use oriel_store::ImportTask;

use super::{is_open, is_overdue};

pub fn health(
    tasks: &[&ImportTask],
    projects: &HashMap<String, ProjectRef>,
    as_of: Date,
) -> ProjectHealth {
    let mut items: Vec<ProjectHealthItem> = projects
        .iter()
        .map(|(external_id, project)| {
            let tasks = tasks.iter().filter(|task| task.project == *external_id);
            project_health(project, &tasks.copied().collect::<Vec<_>>(), as_of)
        })
        .filter(|item| item.tasks > 0)
        .collect();
    items.sort_by(|a, b| {
        let key = |item: &ProjectHealthItem| (item.overdue, item.blocked, item.open);
        let name = |item: &ProjectHealthItem| (item.project.name.clone(), item.project.id.clone());
        (a.risk.cmp(&b.risk))
            .then(key(b).cmp(&key(a)))
            .then(name(a).cmp(&name(b)))
    });
    let others = items.split_off(items.len().min(20)).len() as u64;
    ProjectHealth { items, others }
}

fn project_health(project: &ProjectRef, tasks: &[&ImportTask], as_of: Date) -> ProjectHealthItem {
    let of = |status| tasks.iter().filter(|task| task.status == status).count() as u64;
    let open: Vec<_> = tasks.iter().filter(|task| is_open(task)).collect();
    let late = open.iter().filter(|task| is_overdue(task, as_of)).count();
    let stuck = open
        .iter()
        .filter(|task| is_overdue(task, as_of) || task.status == TaskStatus::Blocked)
        .count();
    let share = |part: usize| part as f64 / open.len() as f64;
    let all = tasks.len() as u64 - of(TaskStatus::Cancelled);
    ProjectHealthItem {
        project: project.clone(),
        tasks: all,
        open: open.len() as u64,
        overdue: late as u64,
        blocked: of(TaskStatus::Blocked),
        completed: of(TaskStatus::Done),
        progress: of(TaskStatus::Done) as f64 / all as f64,
        risk: match () {
            () if open.is_empty() => Risk::Done,
            () if share(late) >= 0.25 => Risk::OffTrack,
            () if share(stuck) >= 0.1 => Risk::AtRisk,
            () => Risk::OnTrack,
        },
        next_due_on: open
            .iter()
            .filter_map(|task| task.due_on)
            .filter(|due| *due >= as_of)
            .min(),
    }
}
