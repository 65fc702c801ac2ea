//! Apps that ask to act for a user, and what the tenant answers.

use serde_json::json;

use crate::{
    apps::{self, CALLBACK, LOGIN, SCOPE, decide, parameters, user},
    harness::{Answer, ISSUER, Server, get, with_token},
    suspension::suspend,
};

/// What the app is told.
fn told(answer: &Answer) -> (u16, String, String) {
    let to = answer.header("location").to_owned();
    assert!(to.starts_with("https://app.example.com/callback?"), "{to}");
    let said = parameters(&to);
    assert_eq!(said["iss"], ISSUER);
    let state = said.get("state").cloned().unwrap_or_default();
    (answer.status.as_u16(), said["error"].clone(), state)
}

#[tokio::test]
async fn a_request_that_is_right_goes_on_to_the_tenant_s_own_login() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    for instead in [
        vec![],
        vec![("state", ""), ("scope", "tasks:read"), ("nonce", "ignored")],
        vec![("resource", "oriel:api"), ("response_mode", "query")],
        vec![("resource", "https://embed.example.com/v1")],
        vec![("redirect_uri", "http://127.0.0.1:51004/cb")],
    ] {
        let answer = server.get(&app.asking(&instead)).await;
        assert_eq!(answer.status, 303, "{instead:?}: {:?}", answer.body);
        let to = answer.header("location");
        assert!(to.starts_with(LOGIN), "{to}");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("cross-origin-opener-policy"), "unsafe-none");
        assert_eq!(answer.header("access-control-allow-origin"), "");
        let waiting = &parameters(to)["authorization"];
        assert!(waiting.starts_with("aut_"), "{waiting}");
    }
}

#[tokio::test]
async fn nobody_is_sent_to_where_the_app_is_not_registered_for() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    let backend = server.ours.client.id.to_string();
    let twice = app.asking(&[]);
    for (what, path, at) in [
        ("no app", app.asking(&[("client_id", "")]), "client_id"),
        (
            "an unknown app",
            app.asking(&[("client_id", "cli_01jd8x0c6tfwasq9m2yjz0v4kb")]),
            "client_id",
        ),
        (
            "a backend",
            app.asking(&[("client_id", &backend)]),
            "client_id",
        ),
        (
            "two apps",
            format!("{twice}&client_id={}", app.id()),
            "client_id",
        ),
        (
            "no address",
            app.asking(&[("redirect_uri", "")]),
            "redirect_uri",
        ),
        (
            "a longer path",
            app.asking(&[("redirect_uri", &format!("{CALLBACK}/../evil"))]),
            "redirect_uri",
        ),
        (
            "another host",
            app.asking(&[(
                "redirect_uri",
                "https://app.example.com.evil.example/callback",
            )]),
            "redirect_uri",
        ),
        (
            "another query",
            app.asking(&[("redirect_uri", &format!("{CALLBACK}?x=1"))]),
            "redirect_uri",
        ),
        (
            "two addresses",
            format!("{twice}&redirect_uri=https://evil.example/"),
            "redirect_uri",
        ),
    ] {
        let answer = server.get(&path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (400, "invalid_parameter"),
            "{what}"
        );
        assert_eq!(answer.errors_at(), [at], "{what}");
        assert_eq!(answer.header("location"), "", "{what}");
    }
}

#[tokio::test]
async fn what_else_is_wrong_is_told_to_the_app() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    let same = "a state & more";
    let long = "a".repeat(1025);
    for (instead, error, state) in [
        (("response_type", ""), "invalid_request", same),
        (
            ("response_type", "token"),
            "unsupported_response_type",
            same,
        ),
        (("response_mode", "fragment"), "invalid_request", same),
        (("code_challenge", ""), "invalid_request", same),
        (("code_challenge", "short"), "invalid_request", same),
        (("code_challenge_method", ""), "invalid_request", same),
        (("code_challenge_method", "plain"), "invalid_request", same),
        (("scope", "tasks:write"), "invalid_scope", same),
        (("scope", "authorizations:write"), "invalid_scope", same),
        (("scope", "tasks:read  audit:read"), "invalid_scope", same),
        (("resource", "https://else.example"), "invalid_target", same),
        (("state", "ä"), "invalid_request", ""),
        (("state", &long), "invalid_request", ""),
    ] {
        let answer = server.get(&app.asking(&[instead])).await;
        let expected = (303, error.to_owned(), state.to_owned());
        assert_eq!(told(&answer), expected, "{instead:?}");
    }
    let twice = format!("{}&scope=tasks:read&scope=tasks:read", app.asking(&[]));
    let answer = server.get(&twice).await;
    let expected = (303, "invalid_request".to_owned(), same.to_owned());
    assert_eq!(told(&answer), expected);
}

#[tokio::test]
async fn a_suspended_tenant_s_users_are_asked_nothing() {
    let mut server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    suspend(&mut server, true).await;
    let answer = server.get(&app.asking(&[])).await;
    assert_eq!(told(&answer).1, "unauthorized_client");
}

#[tokio::test]
async fn the_tenant_sees_what_is_asked_and_answers_once() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    let access = server.access_token(&server.ours).await;
    let user = user(&server, &server.ours).await;
    for decision in ["approval", "denial"] {
        let waiting = app.ask(&server).await;
        let path = format!("/v1/authorizations/{waiting}");
        let asked = server.get_with(&path, &access).await.json();
        assert_eq!(asked["app"], json!({ "id": app.id(), "name": "Planner" }));
        assert_eq!(
            (&asked["scope"], &asked["id"]),
            (&json!(SCOPE), &json!(waiting))
        );
        assert_eq!(asked["redirect_uri"], CALLBACK);

        let body = json!({ "user": user });
        let answer = decide(&server, &server.ours, &waiting, decision, &body).await;
        let redirect_to = answer.json()["redirect_to"].as_str().unwrap().to_owned();
        let said = parameters(&redirect_to);
        assert!(redirect_to.starts_with(CALLBACK), "{redirect_to}");
        assert_eq!((&*said["state"], &*said["iss"]), ("a state & more", ISSUER));
        let denied = said.get("error").map(String::as_str);
        assert_eq!(denied, (decision == "denial").then_some("access_denied"));
        assert_eq!(said.contains_key("code"), decision == "approval");

        for again in ["approval", "denial"] {
            let answer = decide(&server, &server.ours, &waiting, again, &body).await;
            assert_eq!(answer.code(), "not_found", "{decision}, then {again}");
        }
        assert_eq!(server.get_with(&path, &access).await.code(), "not_found");
    }
}

#[tokio::test]
async fn nobody_waits_longer_than_ten_minutes() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    let waiting = app.ask(&server).await;
    let body = json!({ "user": user(&server, &server.ours).await });
    server.clock.advance_ms(600_000);
    let answer = decide(&server, &server.ours, &waiting, "approval", &body).await;
    assert_eq!(answer.code(), "not_found");
}

#[tokio::test]
async fn an_approval_is_for_a_user_of_the_tenant_and_for_no_more_than_was_asked() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    let waiting = app.ask_with(&server, &[("scope", "tasks:read")]).await;
    let ours = user(&server, &server.ours).await;
    let theirs = user(&server, &server.other).await;
    for (body, at) in [
        (json!({ "user": theirs }), "/user"),
        (json!({ "user": "usr_01jd8x0c6tfwasq9m2yjz0v4kb" }), "/user"),
        (json!({ "user": ours, "scope": SCOPE }), "/scope"),
        (json!({ "user": ours, "scope": "" }), "/scope"),
    ] {
        let answer = decide(&server, &server.ours, &waiting, "approval", &body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.errors_at()),
            (422, vec![at.to_owned()]),
            "{body}"
        );
    }
    // None of that has answered it.
    let body = json!({ "user": ours, "scope": "tasks:read" });
    let answer = decide(&server, &server.ours, &waiting, "approval", &body).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn what_is_asked_of_another_tenant_s_user_is_not_found() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    let waiting = app.ask(&server).await;
    let access = server.access_token(&server.other).await;
    let path = format!("/v1/authorizations/{waiting}");
    let answer = server.send(with_token(get(&path), &access)).await;
    assert_eq!(answer.code(), "not_found");
    let body = json!({ "user": user(&server, &server.other).await });
    for decision in ["approval", "denial"] {
        let answer = decide(&server, &server.other, &waiting, decision, &body).await;
        assert_eq!(answer.code(), "not_found", "{decision}");
    }
}
