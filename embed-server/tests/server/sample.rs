//! What the tests serve: a few tasks for each tenant, and a bundle.

use std::collections::HashMap;

use axum::body::Bytes;
use jiff::civil::date;
use oriel::frame::bundle::Bundle;
use oriel_contract::{StatusChange, TaskPriority, TaskStatus};
use oriel_store::{
    Context, ImportBatch, ImportContributor, ImportMilestone, ImportProject, ImportTask,
    ImportUser, Store, Tenant, TenantScope,
};
use serde_json::json;

pub async fn import(store: &Store, cx: &mut Context<'_>, tenant: &Tenant, batch: ImportBatch) {
    let scope = TenantScope::whole(tenant.id.clone());
    store
        .within(scope)
        .import(cx, batch, &mut |_| {})
        .await
        .unwrap();
}

/// Six tasks in two projects, each with a milestone; one is done, one is overdue,
/// and task 2 of `alpha` waits for 4 of `alpha` and for 1 and 3 of `beta`. Ada has
/// tasks, and Grace has worked on two.
///
/// Every tenant has the same, to the letter: only ids tell whose something is.
pub fn batch() -> ImportBatch {
    let user = |id: &str, name: &str| ImportUser {
        external_id: id.to_owned(),
        name: name.to_owned(),
        has_own_name: true,
        email: Some(format!("{id}@example.test")),
    };
    let project = |id: &str| ImportProject {
        external_id: id.to_owned(),
        name: format!("Project {id}"),
        has_own_name: true,
    };
    let milestone = |project: &str| ImportMilestone {
        external_id: format!("{project}-M1"),
        name: format!("Project {project} ready"),
        project: project.to_owned(),
        due_on: date(2025, 7, 4),
        reached_on: None,
    };
    ImportBatch {
        users: vec![user("ada", "Ada"), user("grace", "Grace")],
        projects: vec![project("alpha"), project("beta")],
        tasks: (1..=6).map(task).collect(),
        milestones: vec![milestone("alpha"), milestone("beta")],
        source: "test".to_owned(),
    }
}

pub fn task(n: u32) -> ImportTask {
    let is_done = n == 1;
    let worked_on = n == 1 || n == 4;
    let status = |status, at: &str| StatusChange {
        status,
        at: at.parse().unwrap(),
    };
    ImportTask {
        external_id: format!("T-{n}"),
        title: format!("Task {n}"),
        project: if n.is_multiple_of(2) { "alpha" } else { "beta" }.to_owned(),
        status: if is_done {
            TaskStatus::Done
        } else {
            TaskStatus::Todo
        },
        priority: TaskPriority::Medium,
        assignee: (n > 3).then(|| "ada".to_owned()),
        created_at: "2025-06-01T08:00:00Z".parse().unwrap(),
        started_at: is_done.then(|| "2025-06-02T08:00:00Z".parse().unwrap()),
        completed_at: is_done.then(|| "2025-06-04T08:00:00Z".parse().unwrap()),
        due_on: (n == 2).then(|| date(2025, 6, 10)),
        estimate_hours: None,
        history: if is_done {
            vec![
                status(TaskStatus::Blocked, "2025-06-03T08:00:00Z"),
                status(TaskStatus::Done, "2025-06-04T08:00:00Z"),
            ]
        } else {
            Vec::new()
        },
        contributors: if worked_on {
            vec![ImportContributor {
                user: "grace".to_owned(),
                hours: Some(1.5),
            }]
        } else {
            Vec::new()
        },
        depends_on: if n == 2 {
            ["T-1", "T-3", "T-4"].map(str::to_owned).to_vec()
        } else {
            Vec::new()
        },
        labels: match n {
            3 => vec!["road".to_owned(), "harbour".to_owned()],
            2 | 4 | 6 => vec!["road".to_owned()],
            _ => Vec::new(),
        },
    }
}

/// A bundle that was not built, but looks like one.
pub fn bundle() -> Bundle {
    let named = |file: &str| json!({ "file": file, "integrity": "sha384-AAAA" });
    let manifest = json!({
        "loader": named("loader.0a.js"),
        "boot": named("boot.js"),
        "style": named("frame.css"),
        "widget": named("widget.0c.wasm"),
        "later": named("later.0e.wasm"),
        "table": named("table.0f.js"),
        "messages": {
            "ar": named("messages-ar.0d.json"),
            "en": named("messages-en.0e.json"),
        },
    });
    let mut files: HashMap<String, Bytes> = HashMap::new();
    files.insert(
        "manifest.json".to_owned(),
        Bytes::from(manifest.to_string()),
    );
    for path in [
        "assets/loader.0a.js",
        "boot.js",
        "frame.css",
        "assets/widget.0c.wasm",
        "assets/messages-ar.0d.json",
        "assets/messages-en.0e.json",
    ] {
        for suffix in ["", ".br", ".gz"] {
            files.insert(
                format!("{path}{suffix}"),
                Bytes::from(format!("{path} as{suffix}")),
            );
        }
    }
    Bundle::of(&files)
}
