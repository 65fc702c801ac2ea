use http_body_util::Full;
use hyper::{Request, body::Bytes};
use serde_json::{Value, json};

use crate::harness::{Server, mint_body, mint_request, with_token};

fn raw(access: &str, content_type: &str, body: &str) -> Request<Full<Bytes>> {
    let request = Request::post("/v1/embed-tokens")
        .header("content-type", content_type)
        .body(Full::from(body.to_owned()))
        .unwrap();
    with_token(request, access)
}

#[tokio::test]
async fn a_token_lives_as_long_as_asked_for_and_goes_on_with_its_session() {
    let server = Server::start().await;
    let first = server.mint(&server.ours, json!({})).await;
    assert_eq!(first.expires_in, 300);
    assert_eq!(first.expires_at.to_string(), "2025-06-11T10:05:00Z");
    let next = server
        .mint(
            &server.ours,
            json!({ "session": first.session, "expires_in": 600, "viewer": "ä".repeat(128) }),
        )
        .await;
    assert_eq!(next.session, first.session);
    assert_eq!(next.expires_in, 600);
    assert_ne!(next.token, first.token);
    let session = server
        .get_with("/v1/embed/session", &next.token)
        .await
        .json();
    assert_eq!(session["expires_at"], "2025-06-11T10:10:00Z");
    assert_eq!(session["viewer"], "ä".repeat(128));
}

#[tokio::test]
async fn a_refused_member_is_pointed_at() {
    let server = Server::start().await;
    let access = server.access_token(&server.ours).await;
    let project = "prj_01jd8x0c6tfwasq9m2yjz0v4kb";
    for (more, at) in [
        (json!({ "viewer": "" }), "/viewer"),
        (json!({ "viewer": "a".repeat(129) }), "/viewer"),
        (json!({ "scope": "admin" }), "/scope"),
        (json!({ "scope": "" }), "/scope"),
        (json!({ "scope": "tasks:read  dashboard:read" }), "/scope"),
        (json!({ "projects": [] }), "/projects"),
        (json!({ "projects": [project, project] }), "/projects"),
        (json!({ "projects": [project] }), "/projects/0"),
        (json!({ "locked": { "status": [] } }), "/locked/status"),
        (
            json!({ "locked": { "status": ["done", "done"] } }),
            "/locked/status",
        ),
        (json!({ "locked": { "date": "due_on" } }), "/locked/date"),
        (
            json!({ "locked": { "from": "2025-06-02", "to": "2025-06-01" } }),
            "/locked/from",
        ),
        (json!({ "scope": "people:read tasks" }), "/scope"),
        (json!({ "expires_in": 29 }), "/expires_in"),
        (json!({ "expires_in": 601 }), "/expires_in"),
    ] {
        let answer = server
            .send(mint_request(
                &access,
                &mint_body(&server.ours, more.clone()),
            ))
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (422, "invalid_body"),
            "{more}"
        );
        assert_eq!(answer.errors_at(), [at], "{more}");
    }
}

#[tokio::test]
async fn a_body_that_the_contract_does_not_know_is_refused() {
    let server = Server::start().await;
    let access = server.access_token(&server.ours).await;
    let embed = server.ours.embed.id.as_str();
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let locked = |locked: &str| format!(r#"{{"embed":"{embed}","viewer":"a","locked":{locked}}}"#);
    for (body, status) in [
        ("", 400),
        ("{", 400),
        (deep.as_str(), 400),
        ("[]", 422),
        ("{}", 422),
        (
            &format!(r#"{{"embed":"{embed}","viewer":"a","viewer":"b"}}"#),
            422,
        ),
        (
            &format!(r#"{{"embed":"{embed}","viewer":"a","admin":true}}"#),
            422,
        ),
        (&format!(r#"{{"embed":"{embed}","viewer":null}}"#), 422),
        (
            &format!(r#"{{"embed":"{embed}","viewer":"a","session":null}}"#),
            422,
        ),
        (
            &format!(r#"{{"embed":"{embed}","viewer":"a","projects":null}}"#),
            422,
        ),
        (
            &format!(r#"{{"embed":"{embed}","viewer":"a","scope":null}}"#),
            422,
        ),
        (
            &format!(r#"{{"embed":"{embed}","viewer":"a","expires_in":null}}"#),
            422,
        ),
        (
            &format!(r#"{{"embed":"{embed}","viewer":"a","expires_in":60.5}}"#),
            422,
        ),
        (
            &format!(r#"{{"embed":"{embed}","viewer":"a","locked":{{"status":null}}}}"#),
            422,
        ),
        (
            &format!(r#"{{"embed":"{embed}","viewer":"a","locked":{{"assignee":null}}}}"#),
            422,
        ),
        (&locked(r#"{"date":null,"from":"2025-06-01"}"#), 422),
        (&locked(r#"{"from":null}"#), 422),
        (&locked(r#"{"to":null}"#), 422),
        (&locked(r#"{"from":"2025-06-01","to":null}"#), 422),
        (&locked(r#"{"from":"2025-6-1"}"#), 422),
        (&locked(r#"{"from":"2025-02-29"}"#), 422),
        (&locked(r#"{"to":"2025-06-01T00:00:00Z"}"#), 422),
        (&locked(r#"{"to":20250601}"#), 422),
        (&locked(r#"{"date":"updated_at","to":"2025-06-01"}"#), 422),
        (&locked(r#"{"until":"2025-06-01"}"#), 422),
        (r#"{"embed":"emb_1","viewer":"a"}"#, 422),
    ] {
        let answer = server.send(raw(&access, "application/json", body)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (status, "invalid_body"),
            "{body:.200}"
        );
    }
    let body = mint_body(&server.ours, json!({ "expires_in": 60.0 }));
    let answer = server.send(mint_request(&access, &body)).await;
    assert_eq!(answer.json()["expires_in"], 60);
    let body = mint_body(&server.ours, json!({})).to_string();
    for content_type in [
        "text/plain",
        "application/json; charset=latin1",
        "application/x-www-form-urlencoded",
    ] {
        let answer = server.send(raw(&access, content_type, &body)).await;
        assert_eq!(answer.code(), "unsupported_media_type", "{content_type}");
    }
    let answer = server
        .send(raw(&access, "Application/JSON; charset=UTF-8", &body))
        .await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("cache-control"), "no-store");
    let long = format!("{body}{}", " ".repeat(70_000));
    assert_eq!(
        server
            .send(raw(&access, "application/json", &long))
            .await
            .code(),
        "payload_too_large"
    );
}

#[tokio::test]
async fn an_embed_of_another_tenant_is_not_found() {
    let server = Server::start().await;
    let access = server.access_token(&server.ours).await;
    for embed in [
        server.other.embed.id.as_str(),
        "emb_01jd8x0c6tfwasq9m2yjz0v4kb",
    ] {
        let body = mint_body(&server.ours, json!({ "embed": embed }));
        assert_eq!(
            server.send(mint_request(&access, &body)).await.code(),
            "not_found"
        );
    }
    let theirs = server.mint(&server.other, json!({})).await.token;
    let projects: Value = server.get_with("/v1/embed/projects", &theirs).await.json();
    let body = mint_body(
        &server.ours,
        json!({ "projects": [projects["items"][0]["id"]] }),
    );
    assert_eq!(
        server.send(mint_request(&access, &body)).await.errors_at(),
        ["/projects/0"]
    );
}

#[tokio::test]
async fn minting_needs_an_access_token() {
    let server = Server::start().await;
    let mut request = mint_request("x", &mint_body(&server.ours, json!({})));
    request.headers_mut().remove("authorization");
    let answer = server.send(request).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (401, "token_missing")
    );
    let access = server.access_token(&server.ours).await;
    server.clock.advance_ms(630_000);
    let answer = server.send(mint_request(&access, &json!({}))).await;
    assert_eq!(answer.code(), "token_expired");
}
