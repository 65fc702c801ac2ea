//! What a good token lets through, and how it must come.

use std::collections::BTreeMap;

use oriel_contract::{LockedFilters, TaskStatus};
use serde_json::json;

use crate::harness::{Answer, Server, get, mint_request, with_token};

#[tokio::test]
async fn neither_kind_works_in_the_place_of_the_other() {
    let server = Server::start().await;
    let access = server.access_token(&server.ours).await;
    let answer = server.get_with("/v1/embed/tasks", &access).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (401, "token_invalid")
    );
    let embed = server.embed_token().await;
    let answer = server.send(mint_request(&embed, &json!({}))).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (401, "token_invalid")
    );
}

#[tokio::test]
async fn a_token_comes_in_the_authorization_header_only() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    let missing = |answer: Answer| {
        assert_eq!(answer.code(), "token_missing");
        assert_eq!(answer.header("www-authenticate"), r#"Bearer realm="oriel""#);
    };
    missing(server.get("/v1/embed/tasks").await);
    missing(
        server
            .get(&format!("/v1/embed/tasks?access_token={token}"))
            .await,
    );
    let mut request = get("/v1/embed/tasks");
    request
        .headers_mut()
        .insert("cookie", format!("token={token}").parse().unwrap());
    missing(server.send(request).await);
    let mut request = get("/v1/embed/tasks");
    request
        .headers_mut()
        .insert("authorization", "Basic YTpi".parse().unwrap());
    missing(server.send(request).await);

    let mut twice = with_token(get("/v1/embed/tasks"), &token);
    twice
        .headers_mut()
        .append("authorization", format!("Bearer {token}").parse().unwrap());
    assert_eq!(server.send(twice).await.code(), "token_malformed");
    let mut lower = get("/v1/embed/tasks");
    lower
        .headers_mut()
        .insert("authorization", format!("bearer {token}").parse().unwrap());
    assert_eq!(server.send(lower).await.status, 200);
}

#[tokio::test]
async fn a_scope_lets_through_what_it_names_and_no_more() {
    let server = Server::start().await;
    let token = server
        .mint(&server.ours, json!({ "scope": "dashboard:read" }))
        .await
        .token;
    for (path, status) in [
        ("/v1/embed/session", 200),
        ("/v1/embed/dashboard", 200),
        ("/v1/embed/dashboard?status=todo", 200),
        ("/v1/embed/dashboard?q=t", 403),
        ("/v1/embed/projects", 200),
        ("/v1/embed/tasks", 403),
        (
            "/v1/embed/timeline?project=prj_01jd8x0c6tfwasq9m2yjz0v4kb",
            403,
        ),
        ("/v1/embed/tasks/tsk_01jd8x0c6tfwasq9m2yjz0v4kb", 403),
    ] {
        let answer = server.get_with(path, &token).await;
        assert_eq!(answer.status, status, "{path}");
        if status == 403 {
            assert_eq!(answer.code(), "insufficient_scope");
            let challenge =
                r#"Bearer realm="oriel", error="insufficient_scope", scope="tasks:read""#;
            assert_eq!(answer.header("www-authenticate"), challenge);
        }
    }
}

#[tokio::test]
async fn projects_and_locks_of_a_token_hold_on_every_endpoint() {
    let server = Server::start().await;
    let all = server.embed_token().await;
    let projects = server.get_with("/v1/embed/projects", &all).await.json();
    let alpha = &projects["items"][0]["id"];
    let limited = server
        .mint(&server.ours, json!({ "projects": [alpha] }))
        .await
        .token;
    let locked = LockedFilters {
        status: Some(vec![TaskStatus::Done]),
        ..LockedFilters::default()
    };
    let done = server
        .mint(&server.ours, json!({ "locked": locked }))
        .await
        .token;

    let mut seen = BTreeMap::new();
    for (who, token) in [("all", &all), ("limited", &limited), ("done", &done)] {
        let tasks = server.get_with("/v1/embed/tasks", token).await.json();
        let open =
            server.get_with("/v1/embed/dashboard", token).await.json()["kpis"]["open"].clone();
        let projects = server.get_with("/v1/embed/projects", token).await.json();
        let count = projects["items"].as_array().unwrap().len();
        seen.insert(
            who,
            (
                tasks["total"].as_u64().unwrap(),
                open.as_u64().unwrap(),
                count,
            ),
        );
    }
    assert_eq!(seen["all"], (6, 5, 2));
    assert_eq!(seen["limited"], (3, 3, 1));
    assert_eq!(seen["done"].0, 1);
    assert_eq!(seen["done"].1, 0);

    let tasks = server.get_with("/v1/embed/tasks", &all).await.json();
    for task in tasks["items"].as_array().unwrap() {
        let path = format!("/v1/embed/tasks/{}", task["id"].as_str().unwrap());
        let status = server.get_with(&path, &limited).await.status;
        assert_eq!(status == 200, task["project"]["id"] == *alpha, "{task}");
    }
    let theirs = server.mint(&server.other, json!({})).await.token;
    let id = tasks["items"][0]["id"].as_str().unwrap();
    assert_eq!(
        server
            .get_with(&format!("/v1/embed/tasks/{id}"), &theirs)
            .await
            .status,
        404
    );
}
