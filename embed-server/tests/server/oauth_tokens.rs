//! Tokens that are given back, and what is told of a token.

use serde_json::{Value, json};

use crate::{
    apps::{self, App, SCOPE, is_taken, text, user},
    deny::{assert_denied, assert_taken, target},
    forge::Forge,
    harness::{Answer, ISSUER, Party, Server, form},
    operations,
    suspension::suspend,
};

fn backend(party: &Party) -> App {
    App {
        client: party.client.clone(),
        secret: Some(party.secret.clone()),
    }
}

async fn introspect(server: &Server, asker: &App, token: &str) -> Value {
    let answer = introspection(server, asker, token).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.json()
}

async fn introspection(server: &Server, asker: &App, token: &str) -> Answer {
    let request = asker.form("/oauth/introspect", &[("token", token)]);
    server.send(request).await
}

#[tokio::test]
async fn an_access_token_that_is_given_back_is_refused_at_once_and_no_other_is() {
    let server = Server::start().await;
    let ours = backend(&server.ours);
    let token = server.access_token(&server.ours).await;
    let kept = server.access_token(&server.ours).await;
    assert!(is_taken(&server, &token).await);
    let answer = ours.revoke(&server, &token).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
    assert!(!is_taken(&server, &token).await);
    assert!(is_taken(&server, &kept).await);
    // The same once more is no error, and nothing that nobody knows is.
    for token in [&*token, "nonsense", "ort_nonsense", "a.b.c"] {
        assert_eq!(ours.revoke(&server, token).await.status, 200, "{token}");
    }
}

/// The row of the deny matrix for it.
#[tokio::test]
async fn an_access_token_that_was_given_back_is_refused_everywhere() {
    let server = Server::start().await;
    let (ours, target) = (backend(&server.ours), target(&server, &server.ours).await);
    let challenge = r#"Bearer realm="oriel", error="invalid_token""#;
    for operation in operations::guarded() {
        if operation.is_embed() {
            continue;
        }
        // Of one that the server has seen, and of one that it has not.
        for is_seen in [true, false] {
            let token = server.access_token(&server.ours).await;
            if is_seen {
                let answer = server.send(operation.request_with(&target, &token)).await;
                assert_taken("a good token", &operation, &answer);
            }
            ours.revoke(&server, &token).await;
            let answer = server.send(operation.request_with(&target, &token)).await;
            let denial = (401, "token_revoked", challenge);
            assert_denied("a revoked token", &operation, &answer, denial);
        }
    }
}

#[tokio::test]
async fn either_token_of_a_grant_takes_the_grant_back() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    for member in ["access_token", "refresh_token"] {
        let tokens = app.tokens(&server, &server.ours).await;
        let kept = app.tokens(&server, &server.ours).await;
        assert_eq!(app.revoke(&server, text(&tokens, member)).await.status, 200);
        assert!(!is_taken(&server, text(&tokens, "access_token")).await);
        let answer = app.refresh(&server, text(&tokens, "refresh_token")).await;
        assert_eq!(answer.json()["error"], "invalid_grant", "{member}");
        assert!(is_taken(&server, text(&kept, "access_token")).await);
    }
}

#[tokio::test]
async fn nobody_gives_back_another_s_token() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    let tokens = app.tokens(&server, &server.ours).await;
    let sibling = apps::register(&server, &server.ours, true).await;
    let foreign = apps::register(&server, &server.other, true).await;
    let embed = server.embed_token().await;
    for (stranger, status) in [
        (&sibling, 400),
        (&backend(&server.ours), 400),
        (&foreign, 200),
        (&backend(&server.other), 200),
    ] {
        for member in ["access_token", "refresh_token"] {
            let answer = stranger.revoke(&server, text(&tokens, member)).await;
            // A token of another tenant is as one that is not there.
            assert_eq!(answer.status, status, "{member}");
            if status == 400 {
                assert_eq!(answer.json()["error"], "invalid_grant");
            }
        }
    }
    assert!(is_taken(&server, text(&tokens, "access_token")).await);
    let refreshed = app.refresh(&server, text(&tokens, "refresh_token")).await;
    assert_eq!(refreshed.status, 200);
    // An embed token is no access token here either.
    let ours = backend(&server.ours);
    assert_eq!(ours.revoke(&server, &embed).await.status, 200);
    assert_eq!(server.get_with("/v1/embed/tasks", &embed).await.status, 200);
}

#[tokio::test]
async fn a_backend_is_told_what_a_token_of_its_tenant_is_good_for() {
    let server = Server::start().await;
    let ours = backend(&server.ours);
    let app = apps::register(&server, &server.ours, false).await;
    let tokens = app.tokens(&server, &server.ours).await;
    let user = user(&server, &server.ours).await;
    let now = server.now().as_second();
    for asker in [&ours, &app] {
        let access = introspect(&server, asker, text(&tokens, "access_token")).await;
        for (member, value) in [
            ("active", json!(true)),
            ("scope", json!(SCOPE)),
            ("client_id", json!(app.id())),
            ("sub", json!(user)),
            ("token_type", json!("Bearer")),
            ("aud", json!("oriel:api")),
            ("iss", json!(ISSUER)),
            ("exp", json!(now + 600)),
        ] {
            assert_eq!(access[member], value, "{member}");
        }
        let refresh = introspect(&server, asker, text(&tokens, "refresh_token")).await;
        assert_eq!(
            (&refresh["active"], &refresh["sub"]),
            (&json!(true), &json!(user))
        );
        assert_eq!(refresh["exp"], now + 30 * 24 * 60 * 60);
    }
    let own = server.access_token(&server.ours).await;
    let own = introspect(&server, &ours, &own).await;
    assert_eq!(own["sub"], ours.id());
}

#[tokio::test]
async fn of_any_other_token_nothing_is_told() {
    let mut server = Server::start().await;
    let ours = backend(&server.ours);
    let app = apps::register(&server, &server.ours, false).await;
    let sibling = apps::register(&server, &server.ours, false).await;
    let tokens = app.tokens(&server, &server.ours).await;
    let (access, refresh) = (
        text(&tokens, "access_token"),
        text(&tokens, "refresh_token"),
    );
    let inactive = json!({ "active": false });
    for stranger in [&backend(&server.other), &sibling] {
        for token in [access, refresh] {
            assert_eq!(introspect(&server, stranger, token).await, inactive);
        }
    }
    let own = server.access_token(&server.ours).await;
    assert_eq!(introspect(&server, &app, &own).await, inactive);
    let embed = server.embed_token().await;
    for token in [&*embed, "nonsense", "ort_nonsense", "a.b.c"] {
        assert_eq!(introspect(&server, &ours, token).await, inactive, "{token}");
    }
    let next = app.refresh(&server, refresh).await.json();
    assert_eq!(
        introspect(&server, &ours, refresh).await,
        inactive,
        "it was used"
    );
    suspend(&mut server, true).await;
    for token in [access, text(&next, "refresh_token")] {
        assert_eq!(
            introspect(&server, &ours, token).await,
            inactive,
            "suspended"
        );
    }
    suspend(&mut server, false).await;
    app.revoke(&server, text(&next, "refresh_token")).await;
    for token in [access, text(&next, "refresh_token")] {
        assert_eq!(introspect(&server, &ours, token).await, inactive, "revoked");
    }
    let over = server.access_token(&server.ours).await;
    server.clock.advance_ms(630_000);
    assert_eq!(introspect(&server, &ours, &over).await, inactive, "expired");
}

#[tokio::test]
async fn who_shows_nothing_is_told_and_may_do_nothing() {
    let server = Server::start().await;
    let app = apps::register(&server, &server.ours, true).await;
    let tokens = app.tokens(&server, &server.ours).await;
    let access = text(&tokens, "access_token");
    let answer = introspection(&server, &app, access).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["error"]),
        (401, &json!("invalid_client"))
    );
    for path in ["/oauth/introspect", "/oauth/revoke"] {
        let body = apps::encode(&[
            ("token", access),
            ("client_id", server.ours.client.id.as_str()),
        ]);
        let answer = server.send(form(path, &body)).await;
        assert_eq!(answer.status, 401, "{path}");
        let query = format!("{path}?token={access}");
        let answer = server.send(form(&query, "")).await;
        assert_eq!(answer.json()["error"], "invalid_request", "{path}");
    }
    let no_token = app.form("/oauth/revoke", &[]);
    let answer = server.send(no_token).await;
    assert_eq!(answer.json()["error"], "invalid_request");
    assert!(is_taken(&server, access).await);
}

/// As an older or a later version of ours might sign them.
#[tokio::test]
async fn an_access_token_acts_for_its_client_or_by_a_grant_for_a_user() {
    let server = Server::start().await;
    let (client, now) = (&server.ours.client.id, server.now().as_second());
    let user = user(&server, &server.ours).await;
    let grant = json!("grt_01jd8x0c6tfwasq9m2yjz0v4kb");
    let token = async |sub: &str, grt: Option<&Value>| {
        let mut forge = Forge::of(&server, &server.ours).await;
        forge.header["typ"] = json!("at+jwt");
        forge.claims = json!({
            "iss": ISSUER, "aud": "oriel:api", "sub": sub, "client_id": client,
            "tid": server.ours.tenant.id, "jti": "a-jti", "iat": now, "nbf": now,
            "exp": now + 600, "scope": "audit:read",
        });
        if let Some(grt) = grt {
            forge.claims["grt"] = grt.clone();
        }
        let answer = server.get_with("/v1/audit-entries", &forge.token()).await;
        answer.status.as_u16()
    };
    assert_eq!(token(client.as_str(), None).await, 200);
    assert_eq!(token(&user, Some(&grant)).await, 200);
    for (sub, grt) in [
        (&*user, None),
        (server.other.client.id.as_str(), None),
        (client.as_str(), Some(&grant)),
        ("", Some(&grant)),
        (&user, Some(&json!("grt_x"))),
        (&user, Some(&Value::Null)),
        (client.as_str(), Some(&Value::Null)),
    ] {
        assert_eq!(token(sub, grt).await, 401, "{sub} {grt:?}");
    }
}
