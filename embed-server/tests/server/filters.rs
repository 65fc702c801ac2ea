//! The filter parameters, and the lists that filters are chosen from.

use serde_json::{Value, json};

use crate::harness::Server;

const PROJECT: &str = "prj_01jd8x0c6tfwasq9m2yjz0v4kb";
const LABEL: &str = "lbl_01jd8x0c6tfwasq9m2yjz0v4kb";

/// An id and a comma, so often.
fn ids(id: &str, count: usize) -> String {
    vec![id; count].join(",")
}

#[tokio::test]
async fn wrong_filters_are_named() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    for (query, at) in [
        ("project=prj_1", "project"),
        (&format!("project={PROJECT},"), "project"),
        (&format!("project={PROJECT}&project={PROJECT}"), "project"),
        (&format!("project={}", ids(PROJECT, 51)), "project"),
        (&format!("label={PROJECT}"), "label"),
        ("label=bug", "label"),
        ("priority=", "priority"),
        ("priority=Urgent", "priority"),
        ("priority=urgent,urgent,high,high,low,low", "priority"),
        ("assignee=none,ada", "assignee"),
        ("date=updated_at", "date"),
        ("from=2025-6-1", "from"),
        ("from=2025-02-29", "from"),
        ("from=2025-06-01T00:00:00Z", "from"),
        ("to=yesterday", "to"),
        ("from=2025-06-02&to=2025-06-01", "from"),
        ("sort=title,-title", "sort"),
        ("sort=title,title", "sort"),
        ("sort=title,", "sort"),
        ("sort=title,status,due_on,priority", "sort"),
        ("sort=--title", "sort"),
        ("sort=Title", "sort"),
    ] {
        let path = format!("/v1/embed/tasks?{query}");
        let answer = server.get_with(&path, &token).await;
        let said = (answer.status.as_u16(), answer.code());
        assert_eq!(said, (400, "invalid_parameter".to_owned()), "{query}");
        assert_eq!(answer.errors_at(), [at], "{query}");
    }
    let path = "/v1/embed/tasks?tag=x&date=x&from=2025-06-02&to=2025-06-01&priority=p&sort=x";
    let answer = server.get_with(path, &token).await;
    assert_eq!(
        answer.errors_at(),
        ["priority", "date", "from", "sort", "tag"]
    );
}

/// The ids of a list's items, by their names.
async fn ids_by_name(server: &Server, path: &str, token: &str) -> Vec<(String, Value)> {
    let page = server.get_with(path, token).await.json();
    let items = page["items"].as_array().unwrap();
    let of = |item: &Value| item.get("user").unwrap_or(item).clone();
    let named = |item: Value| {
        (
            item["name"].as_str().unwrap().to_owned(),
            item["id"].clone(),
        )
    };
    items.iter().map(of).map(named).collect()
}

#[tokio::test]
async fn filters_keep_what_they_say() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    let projects = ids_by_name(&server, "/v1/embed/projects", &token).await;
    let (alpha, beta) = (&projects[0].1, &projects[1].1);
    let labels = ids_by_name(&server, "/v1/embed/labels", &token).await;
    let (harbour, road) = (&labels[0].1, &labels[1].1);
    let ada = &ids_by_name(&server, "/v1/embed/people", &token).await[0].1;
    let text = |id: &Value| id.as_str().unwrap().to_owned();
    let (alpha, beta, ada) = (text(alpha), text(beta), text(ada));
    let (harbour, road) = (text(harbour), text(road));
    for (query, total) in [
        (format!("project={alpha}"), 3),
        (format!("project={alpha},{beta}"), 6),
        (format!("project={alpha}%2C{PROJECT}"), 3),
        (format!("label={road}"), 4),
        (format!("label={harbour}"), 1),
        (format!("label={harbour},{road}"), 4),
        (format!("label={LABEL}"), 0),
        (format!("assignee={ada}"), 3),
        (format!("assignee={ada},none"), 6),
        ("priority=medium,low".to_owned(), 6),
        ("priority=urgent,high".to_owned(), 0),
        ("from=2025-06-10&to=2025-06-10".to_owned(), 1),
        ("to=2025-06-09".to_owned(), 0),
        ("date=due_on".to_owned(), 6),
        (
            "date=created_at&from=2025-06-01&to=2025-06-01".to_owned(),
            6,
        ),
        ("date=created_at&from=2025-06-02".to_owned(), 0),
        ("date=completed_at&to=2025-06-04".to_owned(), 1),
        ("date=completed_at&from=2025-06-05".to_owned(), 0),
        (format!("label={road}&project={beta}&status=todo&q=task"), 1),
    ] {
        let path = format!("/v1/embed/tasks?{query}");
        let answer = server.get_with(&path, &token).await;
        assert_eq!(answer.json()["total"], total, "{query}");
    }
}

#[tokio::test]
async fn tasks_are_sorted_by_several_keys_over_all_pages() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    let mut titles = Vec::new();
    let mut path = "/v1/embed/tasks?sort=-status,due_on,-title&limit=2".to_owned();
    loop {
        let page = server.get_with(&path, &token).await.json();
        let items = page["items"].as_array().unwrap().iter();
        titles.extend(items.map(|task| task["title"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/v1/embed/tasks?sort=-status,due_on,-title&limit=2&cursor={cursor}");
    }
    let numbers: String = titles
        .iter()
        .filter_map(|title| title.chars().last())
        .collect();
    assert_eq!(numbers, "126543");
}

#[tokio::test]
async fn tasks_have_their_labels_by_name() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    let page = server
        .get_with("/v1/embed/tasks?q=T-3", &token)
        .await
        .json();
    let task = &page["items"][0];
    let names: Vec<_> = task["labels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| &l["name"])
        .collect();
    assert_eq!(names, ["harbour", "road"]);
    let path = format!("/v1/embed/tasks/{}", task["id"].as_str().unwrap());
    let detail = server.get_with(&path, &token).await.json();
    assert_eq!(detail["task"], *task);
}

/// People and labels with their counts, as a token sees them.
async fn seen(server: &Server, token: &str) -> Value {
    let people = server.get_with("/v1/embed/people", token).await.json();
    let labels = server.get_with("/v1/embed/labels", token).await.json();
    let people = people["items"].as_array().unwrap().iter();
    let labels = labels["items"].as_array().unwrap().iter();
    json!({
        "people": people.map(|p| json!([p["user"]["name"], p["open"]])).collect::<Vec<_>>(),
        "labels": labels.map(|l| json!([l["name"], l["tasks"]])).collect::<Vec<_>>(),
    })
}

#[tokio::test]
async fn people_and_labels_are_those_of_the_tasks_that_a_token_may_see() {
    let server = Server::start().await;
    let all = server.embed_token().await;
    let everything = json!({
        "people": [["Ada", 3]],
        "labels": [["harbour", 1], ["road", 4]],
    });
    assert_eq!(seen(&server, &all).await, everything);

    let projects = ids_by_name(&server, "/v1/embed/projects", &all).await;
    let ada = &ids_by_name(&server, "/v1/embed/people", &all).await[0].1;
    for (limits, people, labels) in [
        (
            json!({ "scope": "dashboard:read people:read" }),
            json!([["Ada", 3]]),
            json!([["harbour", 1], ["road", 4]]),
        ),
        (
            json!({ "scope": "tasks:read people:read" }),
            json!([["Ada", 3]]),
            json!([["harbour", 1], ["road", 4]]),
        ),
        (
            json!({ "projects": [projects[0].1] }),
            json!([["Ada", 2]]),
            json!([["road", 3]]),
        ),
        (
            json!({ "locked": { "status": ["done"] } }),
            json!([]),
            json!([]),
        ),
        (
            json!({ "locked": { "assignee": ada } }),
            json!([["Ada", 3]]),
            json!([["road", 2]]),
        ),
    ] {
        let token = server.mint(&server.ours, limits.clone()).await.token;
        let expected = json!({ "people": people, "labels": labels });
        assert_eq!(seen(&server, &token).await, expected, "{limits}");
    }
}

#[tokio::test]
async fn ids_of_another_tenant_find_nothing() {
    let server = Server::start().await;
    let ours = server.embed_token().await;
    let theirs = server.mint(&server.other, json!({})).await.token;
    for (list, filter) in [
        ("people", "assignee"),
        ("labels", "label"),
        ("projects", "project"),
    ] {
        let path = format!("/v1/embed/{list}");
        let mine = ids_by_name(&server, &path, &ours).await;
        let other = ids_by_name(&server, &path, &theirs).await;
        assert_eq!(mine.len(), other.len(), "the tenants have the same names");
        for (_, id) in other {
            assert!(!mine.iter().any(|(_, own)| *own == id));
            let path = format!("/v1/embed/tasks?{filter}={}", id.as_str().unwrap());
            assert_eq!(server.get_with(&path, &ours).await.json()["total"], 0);
            assert_ne!(server.get_with(&path, &theirs).await.json()["total"], 0);
        }
    }
}

#[tokio::test]
async fn people_and_labels_are_searched_paged_and_strict() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    let page = server
        .get_with("/v1/embed/labels?limit=1", &token)
        .await
        .json();
    assert_eq!(page["items"][0]["name"], "harbour");
    let cursor = page["next_cursor"].as_str().unwrap();
    let path = format!("/v1/embed/labels?limit=1&cursor={cursor}");
    let page = server.get_with(&path, &token).await.json();
    assert_eq!(
        (&page["items"][0]["name"], &page["next_cursor"]),
        (&json!("road"), &Value::Null)
    );
    for (path, found) in [
        ("/v1/embed/labels?q=OA", 1),
        ("/v1/embed/labels?q=x", 0),
        ("/v1/embed/people?q=ada", 1),
        ("/v1/embed/people?q=%25", 0),
    ] {
        let page = server.get_with(path, &token).await.json();
        assert_eq!(page["items"].as_array().unwrap().len(), found, "{path}");
    }
    for (path, at) in [
        (format!("/v1/embed/people?cursor={cursor}"), "cursor"),
        (format!("/v1/embed/labels?q=r&cursor={cursor}"), "cursor"),
        ("/v1/embed/labels?q=".to_owned(), "q"),
        ("/v1/embed/people?limit=201".to_owned(), "limit"),
        ("/v1/embed/people?status=done".to_owned(), "status"),
    ] {
        let answer = server.get_with(&path, &token).await;
        assert_eq!(
            (answer.status.as_u16(), answer.errors_at()),
            (400, vec![at.to_owned()]),
            "{path}"
        );
    }
}
