//! How projects stand.

use oriel_contract::{ProjectHealthItem, RangePreset, Risk, TaskStatus, TenantId};
use oriel_store::{ImportBatch, ImportTask, TaskFilter};

use crate::{
    harness::{TestDatabase, day},
    sample::{batch, middle, project, task},
};

on_both_databases! {
    risk_turns_at_a_quarter_overdue_and_a_tenth_in_trouble
    twenty_projects_are_named_and_the_others_counted
    a_project_counts_what_the_filter_keeps_of_it
}

/// A project with so many tasks on time, overdue, blocked, overdue and blocked
/// at once, and done.
fn tasks(project: &str, counts: [usize; 5]) -> Vec<ImportTask> {
    use TaskStatus::{Blocked, Done, InProgress, Todo};
    let late = Some(day("2026-03-24"));
    let kinds = [
        (Todo, Some(middle())),
        (InProgress, late),
        (Blocked, None),
        (Blocked, late),
        // What is done is never late.
        (Done, late),
    ];
    let mut tasks = Vec::new();
    for ((status, due_on), count) in kinds.into_iter().zip(counts) {
        for _ in 0..count {
            tasks.push(ImportTask {
                project: project.to_owned(),
                status,
                due_on,
                ..task(&format!("{project}-{}", tasks.len()))
            });
        }
    }
    tasks
}

fn projects(counts: &[(&str, [usize; 5])]) -> ImportBatch {
    let all = counts
        .iter()
        .flat_map(|(name, counts)| tasks(name, *counts));
    ImportBatch {
        projects: counts.iter().map(|(name, _)| project(name, name)).collect(),
        ..batch(all.collect())
    }
}

async fn health(db: &TestDatabase, tenant: &TenantId) -> (Vec<ProjectHealthItem>, u64) {
    let health = db
        .whole(tenant)
        .dashboard(middle(), RangePreset::Weeks4, &TaskFilter::default())
        .await
        .unwrap()
        .health;
    (health.items, health.others)
}

async fn risk_turns_at_a_quarter_overdue_and_a_tenth_in_trouble(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let counts = [
        ("finished", [0, 0, 0, 0, 3]),
        ("fine", [91, 3, 3, 3, 5]),
        ("at the tenth", [90, 4, 3, 3, 0]),
        ("below the quarter", [76, 24, 0, 0, 0]),
        ("at the quarter", [75, 20, 0, 5, 0]),
        ("all blocked", [0, 0, 2, 0, 0]),
    ];
    db.import(&tenant, projects(&counts)).await.unwrap();
    let (items, others) = health(&db, &tenant).await;
    let found: Vec<_> = items
        .iter()
        .map(|item| (item.project.name.as_str(), item.risk))
        .collect();
    let expected = [
        ("at the quarter", Risk::OffTrack),
        ("below the quarter", Risk::AtRisk),
        ("at the tenth", Risk::AtRisk),
        ("all blocked", Risk::AtRisk),
        ("fine", Risk::OnTrack),
        ("finished", Risk::Done),
    ];
    assert_eq!((found.as_slice(), others), (expected.as_slice(), 0));
    let fine = &items[4];
    assert_eq!((fine.tasks, fine.open, fine.completed), (105, 100, 5));
    assert_eq!((fine.overdue, fine.blocked), (6, 6));
    assert_eq!(Some(fine.progress), Some(5.0 / 105.0));
    assert_eq!(fine.next_due_on, Some(middle()));
    assert_eq!((items[3].next_due_on, items[5].progress), (None, 1.0));
}

async fn twenty_projects_are_named_and_the_others_counted(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let names: Vec<String> = (0..22).map(|n| format!("Project {n:02}")).collect();
    let mut counts: Vec<(&str, [usize; 5])> = names
        .iter()
        .map(|name| (name.as_str(), [1, 0, 0, 0, 0]))
        .collect();
    // One without a task, and one in trouble, which comes first.
    counts[7].1 = [0; 5];
    counts[21].1 = [0, 1, 0, 0, 0];
    db.import(&tenant, projects(&counts)).await.unwrap();
    let (items, others) = health(&db, &tenant).await;
    assert_eq!((items.len(), others), (20, 1));
    let at = |index: usize| items[index].project.name.as_str();
    assert_eq!(
        (at(0), at(1), at(19)),
        ("Project 21", "Project 00", "Project 19")
    );
    assert!(items.iter().all(|item| item.project.name != "Project 07"));
}

async fn a_project_counts_what_the_filter_keeps_of_it(mut db: TestDatabase) {
    let tenant = db.tenant("Acme").await;
    let counts = [("A", [3, 2, 1, 0, 4]), ("B", [1, 0, 0, 0, 0])];
    db.import(&tenant, projects(&counts)).await.unwrap();
    let filter = TaskFilter {
        overdue: Some(true),
        ..TaskFilter::default()
    };
    let store = db.whole(&tenant);
    let numbers = store
        .dashboard(middle(), RangePreset::Weeks4, &filter)
        .await;
    let items = numbers.unwrap().health.items;
    assert_eq!(items.len(), 1);
    assert_eq!((items[0].tasks, items[0].overdue), (2, 2));
    assert_eq!(items[0].risk, Risk::OffTrack);
}
