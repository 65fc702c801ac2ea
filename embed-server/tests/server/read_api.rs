use serde_json::json;

use crate::harness::Server;

#[tokio::test]
async fn a_minted_token_reads_every_endpoint() {
    let server = Server::start().await;
    let token = server.embed_token().await;

    let session = server.get_with("/v1/embed/session", &token).await.json();
    assert_eq!(session["tenant_name"], "Acme");
    assert_eq!(session["as_of"], "2025-06-11");

    let dashboard = server
        .get_with("/v1/embed/dashboard?range=4w", &token)
        .await
        .json();
    assert_eq!(dashboard["kpis"]["open"], 5);
    assert_eq!(dashboard["kpis"]["overdue"], 1);

    let projects = server.get_with("/v1/embed/projects", &token).await.json();
    assert_eq!(projects["items"].as_array().unwrap().len(), 2);

    let tasks = server
        .get_with("/v1/embed/tasks?limit=2", &token)
        .await
        .json();
    assert_eq!(tasks["total"], 6);
    let cursor = tasks["next_cursor"].as_str().unwrap();
    let next = server
        .get_with(&format!("/v1/embed/tasks?limit=2&cursor={cursor}"), &token)
        .await;
    assert_eq!(next.json()["items"].as_array().unwrap().len(), 2);

    let id = tasks["items"][0]["id"].as_str().unwrap();
    let task = server
        .get_with(&format!("/v1/embed/tasks/{id}"), &token)
        .await
        .json();
    assert_eq!(task["task"]["id"], json!(id));
}

/// The dashboard of the tasks that the filter keeps.
async fn dashboard(server: &Server, filter: &str, token: &str) -> serde_json::Value {
    let path = format!("/v1/embed/dashboard?range=4w&{filter}");
    server.get_with(&path, token).await.json()
}

#[tokio::test]
async fn every_number_of_the_dashboard_is_of_the_tasks_that_the_filters_keep() {
    let server = Server::start().await;
    let token = server.embed_token().await;

    let all = dashboard(&server, "", &token).await;
    let overdue = dashboard(&server, "overdue=true", &token).await;
    assert_eq!(overdue["kpis"]["open"], 1);
    assert_eq!(overdue["kpis"]["trend"][11]["overdue"], 1);
    assert_eq!(overdue["health"]["items"].as_array().unwrap().len(), 1);
    assert_eq!(overdue["health"]["items"][0]["risk"], "off_track");
    let last = |answer: &serde_json::Value| {
        let points = answer["status_over_time"]["points"].as_array().unwrap();
        points.last().unwrap()["todo"].clone()
    };
    assert_eq!((last(&all), last(&overdue)), (json!(5), json!(1)));

    let done = dashboard(&server, "status=done&priority=medium,high", &token).await;
    assert_eq!(done["kpis"]["open"], 0);
    assert_eq!(done["cycle_time"]["tasks"], 1);
    assert_eq!(done["cycle_time"]["p95_days"], 2.0);
    assert_eq!(done["workload"]["people"], json!([]));

    let nobodys = dashboard(&server, "assignee=none&q=task&from=2025-06-10", &token).await;
    assert_eq!(nobodys["kpis"]["open"], 1);
    assert_eq!(nobodys["forecast"], json!(null));
}
