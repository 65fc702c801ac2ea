//! `GET /v1/embed/timeline`

use jiff::civil::date;
use serde_json::{Value, json};

use crate::{
    harness::{Server, get, with_token},
    sample::{batch, import},
};

const NOWHERE: &str = "prj_01jd8x0c6tfwasq9m2yjz0v4kb";

/// A server and a token for all of ours.
async fn start() -> (Server, String) {
    let server = Server::start().await;
    let token = server.embed_token().await;
    (server, token)
}

/// The id of a project by the end of its name.
async fn project(server: &Server, token: &str, name: &str) -> String {
    let page = server.get_with("/v1/embed/projects", token).await.json();
    let projects = page["items"].as_array().unwrap();
    let named = |project: &&Value| project["name"].as_str().unwrap().ends_with(name);
    let found = projects.iter().find(named).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

fn path(project: &str, more: &str) -> String {
    format!("/v1/embed/timeline?project={project}{more}")
}

/// Each bar as `2 < 1 3`, by the numbers in the titles of all tasks of ours.
async fn bars(server: &Server, path: &str, token: &str) -> Vec<String> {
    let whole = server.embed_token().await;
    let all = server.get_with("/v1/embed/tasks", &whole).await.json();
    let number = |id: &Value| {
        let mut tasks = all["items"].as_array().unwrap().iter();
        let task = tasks.find(|task| task["id"] == *id).unwrap();
        task["title"].as_str().unwrap().chars().last().unwrap()
    };
    let page = server.get_with(path, token).await.json();
    let mut bars: Vec<String> = page["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bar| {
            let waits_for = bar["depends_on"].as_array().unwrap().iter();
            let mut waits_for: Vec<char> = waits_for.map(number).collect();
            waits_for.sort_unstable();
            let waits_for: String = waits_for.into_iter().collect();
            format!("{} < {waits_for}", number(&bar["id"]))
        })
        .collect();
    bars.sort();
    bars
}

#[tokio::test]
async fn a_timeline_has_the_bars_and_the_milestones_of_its_project() {
    let (server, token) = start().await;
    let alpha = project(&server, &token, "alpha").await;
    let page = server.get_with(&path(&alpha, ""), &token).await.json();
    assert_eq!(
        page["project"],
        json!({ "id": alpha, "name": "Project alpha" })
    );
    // The embed's own range is 12 weeks.
    assert_eq!(page["as_of"], "2025-06-11");
    assert_eq!(
        (&page["from"], &page["to"]),
        (&json!("2025-03-20"), &json!("2025-07-04"))
    );
    assert_eq!(page["milestones"][0]["name"], "Project alpha ready");
    assert_eq!(page["milestones"][0]["due"], "2025-07-04");
    assert_eq!(page["milestones"][0]["reached"], Value::Null);
    assert_eq!(page["milestones"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&page["total"], &page["next_cursor"]),
        (&json!(3), &Value::Null)
    );
    let told = |bar: &Value| {
        let days = format!(
            "{} {}",
            bar["start"].as_str().unwrap(),
            bar["end"].as_str().unwrap()
        );
        (
            bar["title"].as_str().unwrap().to_owned(),
            days,
            bar["is_overdue"] == true,
        )
    };
    let mut told: Vec<_> = page["tasks"].as_array().unwrap().iter().map(told).collect();
    told.sort();
    let bar = |title: &str, days: &str, is_overdue| (title.to_owned(), days.to_owned(), is_overdue);
    assert_eq!(
        told,
        [
            bar("Task 2", "2025-06-01 2025-06-10", true),
            bar("Task 4", "2025-06-01 2025-06-11", false),
            bar("Task 6", "2025-06-01 2025-06-11", false),
        ]
    );
    let beta = project(&server, &token, "beta").await;
    let done = server
        .get_with(&path(&beta, "&status=done&range=all"), &token)
        .await
        .json();
    assert_eq!(
        (&done["from"], &done["total"]),
        (&json!("2025-06-02"), &json!(1))
    );
    assert_eq!(done["tasks"][0]["end"], "2025-06-04");
}

#[tokio::test]
async fn pages_of_a_timeline_follow_one_another() {
    let (server, token) = start().await;
    let alpha = project(&server, &token, "alpha").await;
    let whole = server.get_with(&path(&alpha, ""), &token).await.json();
    let mut tasks = Vec::new();
    let mut next = path(&alpha, "&limit=1");
    loop {
        let page = server.get_with(&next, &token).await.json();
        assert_eq!(
            (&page["total"], &page["milestones"]),
            (&json!(3), &whole["milestones"])
        );
        tasks.extend(page["tasks"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        next = path(&alpha, &format!("&limit=1&cursor={cursor}"));
    }
    assert_eq!(json!(tasks), whole["tasks"]);
}

#[tokio::test]
async fn filters_keep_bars_and_never_milestones() {
    let (server, token) = start().await;
    let alpha = project(&server, &token, "alpha").await;
    for (filter, expected) in [
        ("", vec!["2 < 134", "4 < ", "6 < "]),
        ("&overdue=true", vec!["2 < 134"]),
        ("&assignee=none", vec!["2 < 134"]),
        ("&q=task+4", vec!["4 < "]),
        ("&status=done", vec![]),
        ("&to=2025-06-10", vec!["2 < 134"]),
    ] {
        let path = path(&alpha, filter);
        assert_eq!(bars(&server, &path, &token).await, expected, "{filter}");
        let page = server.get_with(&path, &token).await.json();
        assert_eq!(page["milestones"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn projects_and_locks_of_a_token_hold_for_what_is_waited_for_too() {
    let (server, token) = start().await;
    let alpha = project(&server, &token, "alpha").await;
    let beta = project(&server, &token, "beta").await;
    let people = server.get_with("/v1/embed/people", &token).await.json();
    let ada = &people["items"][0]["user"]["id"];
    for (limits, project, expected) in [
        (
            json!({ "projects": [alpha] }),
            &alpha,
            vec!["2 < 4", "4 < ", "6 < "],
        ),
        (
            json!({ "projects": [alpha, beta] }),
            &alpha,
            vec!["2 < 134", "4 < ", "6 < "],
        ),
        (
            json!({ "locked": { "status": ["todo"] } }),
            &alpha,
            vec!["2 < 34", "4 < ", "6 < "],
        ),
        (json!({ "locked": { "status": ["done"] } }), &alpha, vec![]),
        (
            json!({ "locked": { "status": ["done"] } }),
            &beta,
            vec!["1 < "],
        ),
        (
            json!({ "locked": { "assignee": ada } }),
            &alpha,
            vec!["4 < ", "6 < "],
        ),
    ] {
        let limited = server.mint(&server.ours, limits.clone()).await.token;
        let path = path(project, "");
        assert_eq!(bars(&server, &path, &limited).await, expected, "{limits}");
        let page = server.get_with(&path, &limited).await.json();
        assert_eq!(page["milestones"].as_array().unwrap().len(), 1, "{limits}");
    }
}

#[tokio::test]
async fn a_project_that_a_token_may_not_see_is_as_one_that_is_not_there() {
    let (server, token) = start().await;
    let alpha = project(&server, &token, "alpha").await;
    let beta = project(&server, &token, "beta").await;
    let theirs = server.mint(&server.other, json!({})).await.token;
    let limited = server
        .mint(&server.ours, json!({ "projects": [alpha] }))
        .await
        .token;
    let mut said = Vec::new();
    for (project, token) in [(NOWHERE, &token), (&alpha, &theirs), (&beta, &limited)] {
        let answer = server.get_with(&path(project, ""), token).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (404, "not_found")
        );
        let mut problem = answer.json();
        problem["request_id"] = Value::Null;
        said.push(problem);
    }
    assert!(said.iter().all(|problem| *problem == said[0]), "{said:?}");
    let narrow = server
        .mint(&server.ours, json!({ "scope": "dashboard:read" }))
        .await
        .token;
    let answer = server.get_with(&path(&alpha, ""), &narrow).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (403, "insufficient_scope")
    );
}

#[tokio::test]
async fn wrong_parameters_of_a_timeline_are_named() {
    let (server, token) = start().await;
    let alpha = project(&server, &token, "alpha").await;
    let beta = project(&server, &token, "beta").await;
    let first = server
        .get_with(&path(&alpha, "&limit=1"), &token)
        .await
        .json();
    let cursor = first["next_cursor"].as_str().unwrap();
    for (query, at) in [
        (String::new(), "project"),
        ("project=".to_owned(), "project"),
        ("project=alpha".to_owned(), "project"),
        (format!("project={alpha},{beta}"), "project"),
        (format!("project={alpha}&project={alpha}"), "project"),
        (format!("project={alpha}&range=5w"), "range"),
        (format!("project={alpha}&limit=201"), "limit"),
        (format!("project={alpha}&limit=0"), "limit"),
        (format!("project={alpha}&sort=title"), "sort"),
        (format!("project={alpha}&status=open"), "status"),
        (format!("project={alpha}&milestones=1"), "milestones"),
        (format!("project={alpha}&cursor=x"), "cursor"),
        (
            format!("project={alpha}&limit=1&range=all&cursor={cursor}"),
            "cursor",
        ),
        (
            format!("project={alpha}&overdue=false&cursor={cursor}"),
            "cursor",
        ),
        (format!("project={beta}&cursor={cursor}"), "cursor"),
    ] {
        let answer = server
            .get_with(&format!("/v1/embed/timeline?{query}"), &token)
            .await;
        let said = (answer.status.as_u16(), answer.code());
        assert_eq!(said, (400, "invalid_parameter".to_owned()), "{query}");
        assert_eq!(answer.errors_at(), [at], "{query}");
    }
}

#[tokio::test]
async fn a_timeline_is_kept_until_its_data_changes() {
    let (mut server, token) = start().await;
    let path = path(&project(&server, &token, "alpha").await, "");
    let held = server
        .get_with(&path, &token)
        .await
        .header("etag")
        .to_owned();
    let mut request = with_token(get(&path), &token);
    let tag = held.parse().unwrap();
    request.headers_mut().insert("if-none-match", tag);
    let answer = server.send(request).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (304, 0));

    let mut reached = batch();
    reached.milestones[0].reached_on = Some(date(2025, 6, 11));
    let (store, tenant) = (server.store.clone(), server.ours.tenant.clone());
    import(&store, &mut server.context(), &tenant, reached).await;
    server.clock.advance_ms(250);
    let page = server.get_with(&path, &token).await.json();
    assert_eq!(page["milestones"][0]["reached"], "2025-06-11");
}
