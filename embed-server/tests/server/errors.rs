use http_body_util::Full;
use hyper::{Method, Request};
use serde_json::json;

use crate::harness::{Server, get, method, mint_request, with_token};

#[tokio::test]
async fn an_unknown_path_is_a_problem_and_so_is_another_method() {
    let server = Server::start().await;
    for path in [
        "/",
        "/v1",
        "/v1/embed/",
        "/v1/embed/tasks/",
        "/v2/embed/tasks",
        "/V1/embed/tasks",
        "//",
        "/assets/",
        "/v1/frame",
    ] {
        let answer = server.get(path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (404, "not_found"),
            "{path}"
        );
    }
    for (wrong, path, allow) in [
        (Method::POST, "/v1/embed/tasks", "GET,HEAD"),
        (Method::DELETE, "/v1/embed-tokens", "POST"),
        (Method::GET, "/oauth/token", "POST"),
        (Method::OPTIONS, "/v1/embed/dashboard", "GET,HEAD"),
        (Method::TRACE, "/healthz", "GET,HEAD"),
    ] {
        let answer = server.send(method(wrong, path)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (405, "method_not_allowed")
        );
        assert_eq!(answer.header("allow"), allow);
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
}

#[tokio::test]
async fn parameters_that_are_unknown_repeated_or_wrong_are_named() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    let user = "usr_01jd8x0c6tfwasq9m2yjz0v4kb";
    for (path, at) in [
        ("/v1/embed/session?x=1", "x"),
        ("/v1/embed/dashboard?range=3w", "range"),
        ("/v1/embed/dashboard?range=4w&range=4w", "range"),
        ("/v1/embed/dashboard?project=prj_1", "project"),
        ("/v1/embed/dashboard?project=", "project"),
        ("/v1/embed/projects?limit=0", "limit"),
        ("/v1/embed/projects?limit=201", "limit"),
        ("/v1/embed/projects?limit=1e2", "limit"),
        ("/v1/embed/projects?cursor=nonsense", "cursor"),
        ("/v1/embed/tasks?sort=id", "sort"),
        ("/v1/embed/tasks?sort=title;drop", "sort"),
        ("/v1/embed/tasks?status=open", "status"),
        ("/v1/embed/tasks?status=", "status"),
        (
            "/v1/embed/tasks?status=done,done,done,done,done,done",
            "status",
        ),
        ("/v1/embed/tasks?assignee=ada", "assignee"),
        ("/v1/embed/tasks?overdue=1", "overdue"),
        ("/v1/embed/tasks?q=", "q"),
        ("/v1/embed/tasks?q=%00", "q"),
        ("/v1/embed/tasks?q=%ff", "q"),
        ("/v1/embed/tasks?cursor=", "cursor"),
        ("/v1/embed/tasks?access_token=x", "access_token"),
        ("/v1/embed/tasks?tenant=x", "tenant"),
        (
            &format!("/v1/embed/tasks?assignee={user}&assignee=none"),
            "assignee",
        ),
        (&format!("/v1/embed/tasks?q={}", "a".repeat(101)), "q"),
        (
            &format!("/v1/embed/tasks?cursor={}", "a".repeat(1_025)),
            "cursor",
        ),
        ("/v1/embed/tasks/tsk_01jd8x0c6tfwasq9m2yjz0v4kb?x=1", "x"),
    ] {
        let answer = server.get_with(path, &token).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (400, "invalid_parameter"),
            "{path}"
        );
        assert_eq!(answer.errors_at(), [at], "{path}");
    }
}

#[tokio::test]
async fn parameters_of_the_contract_are_taken() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    for (query, total) in [
        ("status=done", 1),
        ("status=todo,done", 6),
        ("status=todo%2Cdone", 6),
        ("overdue=true", 1),
        ("overdue=false", 5),
        ("assignee=none", 3),
        ("assignee=usr_01jd8x0c6tfwasq9m2yjz0v4kb", 0),
        ("project=prj_01jd8x0c6tfwasq9m2yjz0v4kb", 0),
        ("q=TASK%203", 1),
        ("q=%25", 0),
        ("q=t-4", 1),
        ("sort=-priority&limit=200", 6),
    ] {
        let answer = server
            .get_with(&format!("/v1/embed/tasks?{query}"), &token)
            .await;
        assert_eq!(answer.json()["total"], total, "{query}");
    }
    let first = server
        .get_with("/v1/embed/tasks?limit=1&sort=title", &token)
        .await
        .json();
    let cursor = first["next_cursor"].as_str().unwrap();
    let moved = server
        .get_with(&format!("/v1/embed/tasks?limit=1&cursor={cursor}"), &token)
        .await;
    assert_eq!(moved.errors_at(), ["cursor"], "a cursor of another sort");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    for id in [
        "tsk_01jd8x0c6tfwasq9m2yjz0v4kb",
        "nonsense",
        "prj_01jd8x0c6tfwasq9m2yjz0v4kb",
        "%ff",
        "..%2f",
    ] {
        let answer = server
            .get_with(&format!("/v1/embed/tasks/{id}"), &token)
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (404, "not_found"),
            "{id}"
        );
    }
}

#[tokio::test]
async fn a_well_formed_request_id_comes_back_and_another_does_not() {
    let server = Server::start().await;
    for (sent, kept) in [
        ("abc-123_DEF", true),
        ("short", false),
        ("with space in it", false),
        ("<script>alert(1)", false),
        (&"a".repeat(65), false),
    ] {
        let mut request = get("/v1/embed/tasks");
        request
            .headers_mut()
            .insert("x-request-id", sent.parse().unwrap());
        let answer = server.send(request).await;
        assert_eq!(answer.header("x-request-id") == sent, kept, "{sent}");
    }
    let (one, two) = (server.get("/healthz").await, server.get("/healthz").await);
    assert_ne!(one.header("x-request-id"), two.header("x-request-id"));
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    for path in [
        "/healthz",
        "/readyz",
        "/v1/loader.js",
        "/v1/embed/tasks",
        "/v1/embed/session",
        "/.well-known/jwks.json",
    ] {
        let mut request = method(Method::HEAD, path);
        let bearer = format!("Bearer {token}").parse().unwrap();
        request.headers_mut().insert("authorization", bearer);
        let head = server.send(request).await;
        let get = server.get_with(path, &token).await;
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        assert_eq!(
            head.header("content-length"),
            get.body.len().to_string(),
            "{path}"
        );
        assert_eq!(head.header("etag"), get.header("etag"), "{path}");
    }
}

#[tokio::test]
async fn no_body_takes_what_postgresql_cannot_keep() {
    let server = Server::start().await;
    let access = server.access_token(&server.ours).await;
    let embed = &server.ours.embed.id;
    for (path, body, at) in [
        (
            "/v1/embed-tokens",
            json!({ "embed": embed, "viewer": "a\0b" }),
            "/viewer",
        ),
        ("/v1/revocations", json!({ "viewer": "\0" }), "/viewer"),
        (
            "/v1/tenant-keys",
            json!({ "jwk": { "kty": "OKP", "crv": "Ed25519", "x": "a\0" }, "name": "a" }),
            "/jwk/x",
        ),
    ] {
        let request = Request::post(path)
            .header("content-type", "application/json")
            .body(Full::from(body.to_string()))
            .unwrap();
        let answer = server.send(with_token(request, &access)).await;
        assert_eq!(answer.status, 422, "{path} {body}");
        assert_eq!(answer.errors_at(), [at], "{path} {body}");
    }
    // What only looks like one is text like any other.
    let body = json!({ "embed": embed, "viewer": "a\\u0000" });
    let answer = server.send(mint_request(&access, &body)).await;
    assert_eq!(answer.status, 201);
}
