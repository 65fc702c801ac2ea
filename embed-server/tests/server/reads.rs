//! Every read of the read API, for tests of what none of them may tell.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    contract,
    events::{self, Events},
    harness::{Party, Server},
};

/// What a tenant has, as its own token with every right sees it.
pub struct World {
    /// The answers of `/v1/embed/tasks/{task}`, by title.
    pub tasks: Vec<Value>,
    pub projects: Vec<Value>,
    pub people: Vec<Value>,
    pub labels: Vec<Value>,
}

/// What was asked, and the body that came, to the letter.
pub type Reads = Vec<(String, String)>;

impl World {
    pub async fn of(server: &Server, party: &Party) -> Self {
        let token = server.mint(party, serde_json::json!({})).await.token;
        let list = async |path: &str| {
            let page = server.get_with(path, &token).await.json();
            page["items"].as_array().unwrap().clone()
        };
        let mut tasks = Vec::new();
        for task in list("/v1/embed/tasks?sort=title").await {
            let path = format!("/v1/embed/tasks/{}", id(&task));
            tasks.push(server.get_with(&path, &token).await.json());
        }
        let people = list("/v1/embed/people").await.into_iter();
        Self {
            tasks,
            projects: list("/v1/embed/projects").await,
            people: people.map(|person| person["user"].clone()).collect(),
            labels: list("/v1/embed/labels").await,
        }
    }

    /// Asks each operation of the tag `embed` for all that this world knows of.
    pub async fn read(&self, server: &Server, token: &str) -> Reads {
        let mut reads = Reads::new();
        for operation in operations() {
            for path in self.paths(&operation) {
                let body = if path == events::PATH {
                    let mut events = Events::open(server, token).await;
                    events.block().await.unwrap()
                } else {
                    let answer = server.get_with(&path, token).await;
                    String::from_utf8(answer.plain()).unwrap()
                };
                reads.push((path, body));
            }
        }
        reads
    }

    /// The rows of the table. An operation without one fails all that is held here.
    fn paths(&self, operation: &str) -> Vec<String> {
        let each =
            |all: &[Value], path: &str| all.iter().map(|it| format!("{path}{}", id(it))).collect();
        let filtered = |path: &str| -> Vec<String> {
            let by = |all: &[Value], name: &str| -> Vec<String> {
                each(all, &format!("{path}?{name}="))
            };
            let mut paths = vec![
                path.to_owned(),
                format!("{path}?q=t"),
                format!("{path}?status=todo,in_progress,blocked,done,cancelled"),
                format!("{path}?date=created_at&from=2025-01-01"),
                format!("{path}?overdue=false"),
            ];
            paths.extend(by(&self.projects, "project"));
            paths.extend(by(&self.people, "assignee"));
            paths.extend(by(&self.labels, "label"));
            paths
        };
        let found = |path: &str| {
            ["", "?q=a", "?q=r", "?limit=1"]
                .map(|q| format!("{path}{q}"))
                .to_vec()
        };
        let tasks: Vec<Value> = self.tasks.iter().map(|each| each["task"].clone()).collect();
        match operation {
            "read_session" => vec!["/v1/embed/session".to_owned()],
            "stream_events" => vec![events::PATH.to_owned()],
            "read_dashboard" => filtered("/v1/embed/dashboard"),
            "list_tasks" => filtered("/v1/embed/tasks"),
            "export_tasks" => filtered("/v1/embed/tasks/export"),
            "read_task" => each(&tasks, "/v1/embed/tasks/"),
            "read_timeline" => each(&self.projects, "/v1/embed/timeline?range=all&project="),
            "list_projects" => vec!["/v1/embed/projects".to_owned()],
            "list_people" => found("/v1/embed/people"),
            "list_labels" => found("/v1/embed/labels"),
            other => panic!("`{other}` has no row here: how is it asked for all that it can tell?"),
        }
    }
}

/// The operations of the tag `embed`, by their ids.
fn operations() -> Vec<String> {
    let all = contract::operations().into_iter();
    let reads = all.filter(|(.., says)| says["tags"][0] == "embed");
    reads
        .map(|(.., says)| says["operationId"].as_str().unwrap().to_owned())
        .collect()
}

pub fn id(of: &Value) -> &str {
    of["id"].as_str().unwrap()
}

/// What things are known by in an answer: ids, names, titles, external ids.
pub fn words(answer: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    match answer {
        Value::Array(all) => found.extend(all.iter().flat_map(words)),
        Value::Object(all) => {
            for (member, value) in all {
                match (member.as_str(), value) {
                    ("id" | "name" | "title" | "external_id", Value::String(word)) => {
                        found.insert(word.clone());
                    }
                    (_, value) => found.extend(words(value)),
                }
            }
        }
        _ => {}
    }
    found
}

/// All TypeIDs of a text, wherever they stand.
pub fn ids(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let all = text.split(is_part);
    let is_id = |word: &&str| word.len() == 30 && word.as_bytes()[3] == b'_';
    all.filter(is_id).map(str::to_owned).collect()
}
