//! What the tests serve: a few tasks for a tenant, and a bundle.

use std::collections::HashMap;

use axum::body::Bytes;
use jiff::civil::date;
use oriel::frame::bundle::Bundle;
use oriel_contract::{TaskPriority, TaskStatus};
use oriel_store::{
    Context, ImportBatch, ImportProject, ImportTask, ImportUser, Store, Tenant, TenantScope,
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

/// Six tasks in two projects; one is done, one is overdue.
pub fn batch(name: &str) -> ImportBatch {
    let project = |id: &str| ImportProject {
        external_id: id.to_owned(),
        name: format!("{name} {id}"),
        has_own_name: true,
    };
    ImportBatch {
        users: vec![ImportUser {
            external_id: "ada".to_owned(),
            name: "Ada".to_owned(),
            has_own_name: true,
            email: None,
        }],
        projects: vec![project("alpha"), project("beta")],
        tasks: (1..=6).map(|n| task(name, n)).collect(),
        milestones: Vec::new(),
        source: "test".to_owned(),
    }
}

pub fn task(name: &str, n: u32) -> ImportTask {
    let is_done = n == 1;
    ImportTask {
        external_id: format!("T-{n}"),
        title: format!("{name} task {n}"),
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
        history: Vec::new(),
        contributors: Vec::new(),
        depends_on: Vec::new(),
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
