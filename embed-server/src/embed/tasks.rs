//! `GET /v1/embed/tasks`

use std::str::FromStr;

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};
use oriel_contract::{TaskStatus, UserId};
use oriel_store::{AssigneeFilter, TaskFilter, TaskQuery};

use super::{answers::answer, question::Question};
use crate::{
    app::App,
    problem::Failure,
    request::parameters::Parameters,
    token::access::{EmbedAccess, ReadTasks},
};

/// Longest text to search for, in characters.
const LONGEST_SEARCH: usize = 100;

/// A page of the tasks that the token may see.
pub async fn list_tasks(
    access: EmbedAccess<ReadTasks>,
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut query = Parameters::of(&uri);
    let tasks = TaskQuery {
        filter: TaskFilter {
            project: query.parsed("project"),
            statuses: query.read("status", statuses).unwrap_or_default(),
            assignee: query.read("assignee", assignee),
            overdue: query.choice("overdue"),
            q: query.read("q", search),
        },
        sort: query.choice("sort").unwrap_or_default(),
        limit: query.limit(),
        cursor: query.cursor(),
    };
    query.finish()?;
    answer(&app, &access, &headers, Question::Tasks(tasks)).await
}

/// One to five statuses, in the contract's order and each once.
fn statuses(text: &str) -> Result<Vec<TaskStatus>, String> {
    let mut statuses = Vec::new();
    for name in text.split(',') {
        let known = TaskStatus::ALL
            .into_iter()
            .find(|status| status.as_str() == name);
        statuses.push(known.ok_or_else(|| {
            "takes `todo`, `in_progress`, `blocked`, `done` and `cancelled`, separated by commas".to_owned()
        })?);
    }
    if statuses.len() > TaskStatus::ALL.len() {
        return Err("takes 5 statuses at most".to_owned());
    }
    statuses.sort_unstable();
    statuses.dedup();
    Ok(statuses)
}

fn assignee(text: &str) -> Result<AssigneeFilter, String> {
    if text == "none" {
        return Ok(AssigneeFilter::Nobody);
    }
    UserId::from_str(text)
        .map(AssigneeFilter::User)
        .map_err(|error| format!("{error}, or `none`"))
}

fn search(text: &str) -> Result<String, String> {
    if (1..=LONGEST_SEARCH).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err(format!("takes 1 to {LONGEST_SEARCH} characters"))
    }
}
