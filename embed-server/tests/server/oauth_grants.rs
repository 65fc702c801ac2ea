//! Grants of users: codes, refresh tokens, and what becomes of them.

use oriel_store::Chain;
use serde_json::{Value, json};

use crate::{
    apps::{self, App, CALLBACK, SCOPE, VERIFIER, decide, is_taken, parameters, text, user},
    harness::{Answer, Server, form},
    raw,
    suspension::suspend,
};

fn error(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.header("cache-control"), "no-store");
    let error = answer.json()["error"].as_str().unwrap().to_owned();
    (answer.status.as_u16(), error)
}

fn invalid_grant() -> (u16, String) {
    (400, "invalid_grant".to_owned())
}

/// Why grants were revoked, by the tenant's audit log.
async fn revoked_for(server: &Server) -> Vec<String> {
    let chain = Chain::Tenant(server.ours.tenant.id.clone());
    let entries = server
        .store
        .audit_entries(&chain, Some("grant.revoked"), None, 10)
        .await
        .unwrap();
    let reason = |detail: &str| {
        let detail: Value = serde_json::from_str(detail).unwrap();
        detail["reason"].as_str().unwrap().to_owned()
    };
    entries.iter().map(|entry| reason(&entry.detail)).collect()
}

#[tokio::test]
async fn what_users_let_apps_do_is_in_the_tenant_s_log() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    let tokens = app.tokens(&server, &server.ours).await;
    let denied = app.ask(&server).await;
    decide(&server, &server.ours, &denied, "denial", &Value::Null).await;
    app.revoke(&server, text(&tokens, "refresh_token")).await;
    let chain = Chain::Tenant(server.ours.tenant.id.clone());
    let entries = server.store.audit_entries(&chain, None, None, 50).await;
    let entries = entries.unwrap();
    let backend = server.ours.client.id.as_str();
    for (kind, actor) in [
        ("app.created", "operator"),
        ("tenant.login_url_changed", "operator"),
        ("authorization.approved", backend),
        ("authorization.denied", backend),
        ("grant.revoked", app.id()),
    ] {
        let found: Vec<_> = entries.iter().filter(|one| one.kind == kind).collect();
        assert_eq!((found.len(), &*found[0].actor), (1, actor), "{kind}");
    }
    let approved = entries
        .iter()
        .find(|one| one.kind == "authorization.approved");
    let detail: Value = serde_json::from_str(&approved.unwrap().detail).unwrap();
    assert_eq!(detail["user"], user(&server, &server.ours).await);
    assert_eq!(
        (&detail["client"], &detail["granted_scope"]),
        (&json!(app.id()), &json!(SCOPE))
    );
    assert_eq!(revoked_for(&server).await, ["given_back"]);
}

#[tokio::test]
async fn what_an_app_does_and_is_refused_is_in_the_tenant_s_log() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    let tokens = app.tokens(&server, &server.ours).await;
    let listed = server.get_with("/v1/tasks", text(&tokens, "access_token"));
    assert_eq!(listed.await.status, 200);
    for _ in 0..3 {
        assert_eq!(app.refresh(&server, "ort_nothing").await.status, 400);
    }
    server.app.audit.flush(server.now()).await.unwrap();
    let chain = Chain::Tenant(server.ours.tenant.id.clone());
    let entries = server.store.audit_entries(&chain, None, None, 50).await;
    let of_app = |kind: &str, subject: &str| -> Vec<(String, Value)> {
        let all = entries.as_ref().unwrap().iter();
        all.filter(|one| one.actor == app.id() && one.kind == kind && one.subject == subject)
            .map(|one| {
                (
                    one.outcome.clone(),
                    serde_json::from_str(&one.detail).unwrap(),
                )
            })
            .collect()
    };
    let called = of_app("api.called", "GET /v1/tasks");
    assert_eq!(called.len(), 1);
    assert_eq!(called[0].1["acting_for"], user(&server, &server.ours).await);
    assert_eq!(of_app("api.called", "POST /oauth/token").len(), 1);
    // Anybody can be refused in an app's name: those alike are few entries.
    let refused = of_app("access.denied", "/oauth/token");
    let count: u64 = refused
        .iter()
        .map(|(_, detail)| detail["count"].as_u64().unwrap())
        .sum();
    assert_eq!(count, 3);
    assert!(refused.iter().all(|(why, _)| why == "invalid_grant"));
}

#[tokio::test]
async fn a_code_gives_tokens_that_act_for_the_user() {
    let server = Server::start().await;
    for is_public in [true, false] {
        let app = apps::register(&server, &server.ours, is_public).await;
        let tokens = app.tokens(&server, &server.ours).await;
        assert_eq!(tokens["token_type"], "Bearer");
        assert_eq!(
            (&tokens["scope"], &tokens["expires_in"]),
            (&json!(SCOPE), &json!(600))
        );
        assert!(text(&tokens, "refresh_token").starts_with("ort_"));
        let access = text(&tokens, "access_token");
        assert!(is_taken(&server, access).await);
        let claims = server.app.tokens.access(access, server.now()).await;
        let (claims, _) = claims.ok().unwrap();
        assert_eq!(claims.sub, user(&server, &server.ours).await);
        assert_eq!(claims.client_id, app.client.id);
        assert!(claims.grt.is_some());
    }
}

#[tokio::test]
async fn the_user_s_own_scope_is_that_of_the_tokens() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    let waiting = app.ask(&server).await;
    let body = json!({ "user": user(&server, &server.ours).await, "scope": "tasks:read" });
    let answer = decide(&server, &server.ours, &waiting, "approval", &body).await;
    let redirect_to = answer.json();
    let code = &parameters(text(&redirect_to, "redirect_to"))["code"];
    let tokens = app.redeem(&server, code).await.json();
    assert_eq!(tokens["scope"], "tasks:read");
    let refreshed = app.refresh(&server, text(&tokens, "refresh_token")).await;
    assert_eq!(refreshed.json()["scope"], "tasks:read");
}

#[tokio::test]
async fn a_code_is_for_its_own_app_address_and_verifier() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    let other = apps::register(&server, &server.ours, true).await;
    let confidential = apps::register(&server, &server.other, false).await;
    let code = app.code(&server, &server.ours, &[]).await;
    let bring = |redirect_uri: &'static str, verifier: &'static str| {
        app.form(
            "/oauth/token",
            &[
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", redirect_uri),
                ("code_verifier", verifier),
            ],
        )
    };
    for request in [
        bring("http://127.0.0.1/cb", VERIFIER),
        bring(CALLBACK, "another verifier"),
        bring(CALLBACK, &VERIFIER[1..]),
    ] {
        assert_eq!(error(&server.send(request).await), invalid_grant());
    }
    for request in [bring("", VERIFIER), bring(CALLBACK, "")] {
        let answer = server.send(request).await;
        assert_eq!(error(&answer), (400, "invalid_request".to_owned()));
    }
    for stranger in [&other, &confidential] {
        let answer = stranger.redeem(&server, &code).await;
        assert_eq!(error(&answer), invalid_grant());
    }
    // None of that has used it up.
    assert_eq!(app.redeem(&server, &code).await.status, 200);
    assert_eq!(revoked_for(&server).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_code_is_good_for_a_minute() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    for (later, status) in [(59_000, 200), (60_000, 400)] {
        let code = app.code(&server, &server.ours, &[]).await;
        server.clock.advance_ms(later);
        assert_eq!(app.redeem(&server, &code).await.status, status, "{later}");
    }
}

#[tokio::test]
async fn a_code_that_comes_again_takes_back_all_that_came_of_it() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    let code = app.code(&server, &server.ours, &[]).await;
    let tokens = app.redeem(&server, &code).await.json();
    assert!(is_taken(&server, text(&tokens, "access_token")).await);
    assert_eq!(error(&app.redeem(&server, &code).await), invalid_grant());
    server.clock.advance_ms(250);
    assert!(!is_taken(&server, text(&tokens, "access_token")).await);
    let refreshed = app.refresh(&server, text(&tokens, "refresh_token")).await;
    assert_eq!(error(&refreshed), invalid_grant());
    assert_eq!(revoked_for(&server).await, ["code_reuse"]);
}

#[tokio::test]
async fn a_refresh_token_gives_the_next_one_each_time() {
    let server = Server::start().await;
    for is_public in [true, false] {
        let app = apps::register(&server, &server.ours, is_public).await;
        let mut tokens = app.tokens(&server, &server.ours).await;
        for _ in 0..3 {
            server.clock.advance_ms(29 * 24 * 60 * 60 * 1_000);
            let answer = app.refresh(&server, text(&tokens, "refresh_token")).await;
            assert_eq!(answer.status, 200, "{:?}", answer.body);
            let next = answer.json();
            assert_ne!(next["refresh_token"], tokens["refresh_token"]);
            assert_eq!(next["scope"], SCOPE);
            assert!(is_taken(&server, text(&next, "access_token")).await);
            tokens = next;
        }
        server.clock.advance_ms(30 * 24 * 60 * 60 * 1_000);
        let answer = app.refresh(&server, text(&tokens, "refresh_token")).await;
        assert_eq!(error(&answer), invalid_grant());
    }
}

#[tokio::test]
async fn a_refresh_token_that_comes_again_takes_the_whole_grant_back() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    let first = app.tokens(&server, &server.ours).await;
    let kept = app.tokens(&server, &server.ours).await;
    let second = app
        .refresh(&server, text(&first, "refresh_token"))
        .await
        .json();
    let third = app
        .refresh(&server, text(&second, "refresh_token"))
        .await
        .json();
    // Whoever has the first one is a thief, or was robbed.
    let again = app.refresh(&server, text(&first, "refresh_token")).await;
    assert_eq!(error(&again), invalid_grant());
    server.clock.advance_ms(250);
    for tokens in [&first, &second, &third] {
        assert!(!is_taken(&server, text(tokens, "access_token")).await);
    }
    let answer = app.refresh(&server, text(&third, "refresh_token")).await;
    assert_eq!(error(&answer), invalid_grant());
    assert_eq!(revoked_for(&server).await, ["refresh_token_reuse"]);
    // The user's other grant stays.
    assert!(is_taken(&server, text(&kept, "access_token")).await);
    let answer = app.refresh(&server, text(&kept, "refresh_token")).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn of_two_parallel_uses_of_a_refresh_token_one_wins() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    for _ in 0..5 {
        let tokens = app.tokens(&server, &server.ours).await;
        let token = text(&tokens, "refresh_token");
        let (one, other) = tokio::join!(app.refresh(&server, token), app.refresh(&server, token));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400]);
    }
}

#[tokio::test]
async fn a_refresh_may_ask_for_less_and_never_for_more() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    let tokens = app.tokens(&server, &server.ours).await;
    let token = text(&tokens, "refresh_token").to_owned();
    let ask = async |token: &str, scope: &str| {
        let parameters = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("scope", scope),
        ];
        server.send(app.form("/oauth/token", &parameters)).await
    };
    let more = ask(&token, "tasks:read tasks:write").await;
    assert_eq!(error(&more), (400, "invalid_scope".to_owned()));
    let less = ask(&token, "tasks:read").await.json();
    assert_eq!(less["scope"], "tasks:read");
    // What was left out is still the user's word.
    let all = app.refresh(&server, text(&less, "refresh_token")).await;
    assert_eq!(all.json()["scope"], SCOPE);
}

#[tokio::test]
async fn a_refresh_token_is_of_its_own_app_and_needs_what_the_app_has() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, false).await;
    let other = apps::register(&server, &server.ours, true).await;
    let tokens = app.tokens(&server, &server.ours).await;
    let token = text(&tokens, "refresh_token");
    let answer = other.refresh(&server, token).await;
    assert_eq!(error(&answer), invalid_grant());
    let bare = App {
        client: app.client.clone(),
        secret: None,
    };
    let answer = bare.refresh(&server, token).await;
    assert_eq!(error(&answer), (401, "invalid_client".to_owned()));
    // Nobody has used it.
    assert_eq!(app.refresh(&server, token).await.status, 200);
}

#[tokio::test]
async fn each_kind_of_client_has_grants_of_its_own() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, false).await;
    let itself = app.form("/oauth/token", &[("grant_type", "client_credentials")]);
    let answer = server.send(itself).await;
    assert_eq!(error(&answer), (400, "unauthorized_client".to_owned()));
    let backend = App {
        client: server.ours.client.clone(),
        secret: Some(server.ours.secret.clone()),
    };
    for answer in [
        backend.redeem(&server, "oac_x").await,
        backend.refresh(&server, "ort_x").await,
    ] {
        assert_eq!(error(&answer), (400, "unauthorized_client".to_owned()));
    }
    let unknown = form("/oauth/token", "grant_type=refresh_token&client_id=nobody");
    let answer = server.send(unknown).await;
    assert_eq!(error(&answer), (401, "invalid_client".to_owned()));
}

#[tokio::test]
async fn a_suspended_tenant_s_grants_give_nothing_and_are_not_used_up() {
    let mut server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    let tokens = app.tokens(&server, &server.ours).await;
    let token = text(&tokens, "refresh_token");
    suspend(&mut server, true).await;
    let answer = app.refresh(&server, token).await;
    assert_eq!(error(&answer), (400, "unauthorized_client".to_owned()));
    suspend(&mut server, false).await;
    assert_eq!(app.refresh(&server, token).await.status, 200);
}

#[tokio::test]
async fn nothing_is_issued_for_a_user_who_is_not_there_any_longer() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    let code = app.code(&server, &server.ours, &[]).await;
    let tokens = app.tokens(&server, &server.ours).await;
    let away = "UPDATE grants SET user_id = 'usr_01jd8x0c6tfwasq9m2yjz0v4kb'";
    raw::execute(&server, away.to_owned()).await;
    let answer = app.refresh(&server, text(&tokens, "refresh_token")).await;
    assert_eq!(error(&answer), invalid_grant());
    assert_eq!(error(&app.redeem(&server, &code).await), invalid_grant());
}

#[tokio::test]
async fn an_app_that_is_retired_is_left_with_nothing() {
    let mut server = Server::start().await;
    for is_public in [true, false] {
        let app = apps::register(&server, &server.ours, is_public).await;
        let other = apps::register(&server, &server.ours, is_public).await;
        let kept = other.tokens(&server, &server.ours).await;
        let tokens = app.tokens(&server, &server.ours).await;
        let code = app.code(&server, &server.ours, &[]).await;
        let waiting = app.ask(&server).await;
        let store = server.store.clone();
        let cx = &mut server.context();
        store.retire_app(cx, &app.client).await.unwrap();
        server.clock.advance_ms(250);
        assert!(!is_taken(&server, text(&tokens, "access_token")).await);
        let refreshed = app.refresh(&server, text(&tokens, "refresh_token")).await;
        for answer in [refreshed, app.redeem(&server, &code).await] {
            let refused = error(&answer).1;
            let expected = ["invalid_client", "invalid_grant"][usize::from(is_public)];
            assert_eq!(refused, expected);
        }
        let body = json!({ "user": user(&server, &server.ours).await });
        let answer = decide(&server, &server.ours, &waiting, "approval", &body).await;
        assert_eq!(answer.code(), "not_found");
        let asked = server.get(&app.asking(&[])).await;
        assert_eq!(asked.errors_at(), ["redirect_uri"]);
        assert!(is_taken(&server, text(&kept, "access_token")).await);
    }
}

#[tokio::test]
async fn a_resource_is_the_api_or_nothing() {
    let server = Server::start().await;
    let (id, secret) = (server.ours.client.id.as_str(), &server.ours.secret);
    let ask = async |resources: &[&str]| {
        let mut body = vec![
            ("grant_type", "client_credentials"),
            ("client_id", id),
            ("client_secret", secret),
        ];
        body.extend(resources.iter().map(|one| ("resource", *one)));
        server
            .send(form("/oauth/token", &apps::encode(&body)))
            .await
    };
    let (ours, v1) = ("oriel:api", "https://embed.example.com/v1");
    for good in [&[][..], &[""], &[ours], &[v1], &[ours, v1]] {
        assert_eq!(ask(good).await.status, 200, "{good:?}");
    }
    for bad in [
        &["https://else.example"][..],
        &[ours, "https://else.example"],
        &["https://embed.example.com/v1/"],
        &["https://embed.example.com"],
        &["/v1"],
    ] {
        let answer = ask(bad).await;
        assert_eq!(
            error(&answer),
            (400, "invalid_target".to_owned()),
            "{bad:?}"
        );
    }
}
