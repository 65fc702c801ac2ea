use serde_json::json;

use crate::harness::Server;

#[tokio::test]
async fn a_minted_token_reads_every_endpoint() {
    let server = Server::start().await;
    let token = server.embed_token().await;

    let session = server.get_with("/v1/embed/session", &token).await.json();
    assert_eq!(session["tenant_name"], "Ours");
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
