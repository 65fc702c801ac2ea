//! Tokens that are taken back. What a server knows of that is a quarter of a second
//! old at most, by the fixed clock.

use http_body_util::Full;
use hyper::{Request, body::Bytes};
use oriel_contract::MintedToken;
use serde_json::{Value, json};

use crate::{
    events::{Event, Events},
    harness::{Answer, Party, Server, form, get, mint_body, mint_request, with_token},
    raw,
};

fn request(access: &str, body: &Value) -> Request<Full<Bytes>> {
    let request = Request::post("/v1/revocations")
        .header("content-type", "application/json")
        .body(Full::from(body.to_string()))
        .unwrap();
    with_token(request, access)
}

async fn revoke(server: &Server, party: &Party, body: &Value) -> Answer {
    let access = server.access_token(party).await;
    let answer = server.send(request(&access, body)).await;
    server.clock.advance_ms(250);
    answer
}

async fn assert_taken(server: &Server, what: &str, minted: &MintedToken) {
    let answer = server.get_with("/v1/embed/tasks", &minted.token).await;
    assert_eq!(answer.status, 200, "{what}");
}

async fn assert_revoked(server: &Server, what: &str, minted: &MintedToken) {
    for path in [
        "/v1/embed/tasks",
        "/v1/embed/dashboard",
        "/v1/embed/session",
    ] {
        let answer = server.get_with(path, &minted.token).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (401, "session_revoked"),
            "{what}: {path}"
        );
        let challenge = answer.header("www-authenticate");
        assert!(challenge.contains(r#"error="invalid_token""#), "{what}");
    }
}

#[tokio::test]
async fn what_is_revoked_is_refused_at_once_and_nothing_else_is() {
    for (what, takes_the_other) in [
        ("session", false),
        ("viewer", false),
        ("embed", true),
        ("key", true),
        ("all", true),
    ] {
        let server = Server::start().await;
        let theirs = server.mint(&server.other, json!({})).await;
        let ours = server.mint(&server.ours, json!({})).await;
        let other = server
            .mint(&server.ours, json!({ "viewer": "viewer-2" }))
            .await;
        // All are remembered by now.
        for minted in [&theirs, &ours, &other] {
            assert_taken(&server, what, minted).await;
        }
        server.clock.advance_ms(1_000);
        let jwks = server.get("/.well-known/jwks.json").await.json();
        let kid = key_of(&server, &ours, &jwks).await;
        let body = match what {
            "session" => json!({ "session": ours.session }),
            "viewer" => json!({ "viewer": "viewer-1" }),
            "embed" => json!({ "embed": server.ours.embed.id }),
            "key" => json!({ "key": kid }),
            _ => json!({ "all": true }),
        };
        let answer = revoke(&server, &server.ours, &body).await;
        assert_eq!(answer.status, 201, "{what}");
        assert_eq!(answer.json()["issued_before"], "2025-06-11T10:00:01Z");
        assert_revoked(&server, what, &ours).await;
        if takes_the_other {
            assert_revoked(&server, what, &other).await;
        } else {
            assert_taken(&server, what, &other).await;
        }
        assert_taken(&server, what, &theirs).await;
        // What is minted later holds.
        let later = server.mint(&server.ours, json!({})).await;
        assert_taken(&server, what, &later).await;
        // The same once more is no error.
        let again = revoke(&server, &server.ours, &body).await;
        assert_eq!(again.status, 201, "{what}");
    }
}

/// The `kid` of a token, which the tenant's backend reads in its header.
async fn key_of(server: &Server, minted: &MintedToken, jwks: &Value) -> String {
    let header = minted.token.split('.').next().unwrap();
    let header = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, header);
    let header: Value = serde_json::from_slice(&header.unwrap()).unwrap();
    let kid = header["kid"].as_str().unwrap().to_owned();
    assert!(
        jwks["keys"]
            .as_array()
            .unwrap()
            .iter()
            .any(|key| key["kid"] == *kid)
    );
    assert_eq!(server.get("/.well-known/jwks.json").await.status, 200);
    kid
}

#[tokio::test]
async fn tokens_of_before_an_instant_are_refused_and_later_ones_are_not() {
    let server = Server::start().await;
    let early = server.mint(&server.ours, json!({})).await;
    server.clock.advance_ms(60_000);
    let late = server.mint(&server.ours, json!({})).await;
    server.clock.advance_ms(60_000);
    let body = json!({ "all": true, "issued_before": "2025-06-11T10:01:00Z" });
    assert_eq!(revoke(&server, &server.ours, &body).await.status, 201);
    assert_revoked(&server, "early", &early).await;
    assert_taken(&server, "late", &late).await;
    // An earlier instant takes nothing back of a later one.
    let body = json!({ "all": true, "issued_before": "2025-06-11T09:00:00Z" });
    assert_eq!(revoke(&server, &server.ours, &body).await.status, 201);
    assert_revoked(&server, "early", &early).await;
}

#[tokio::test]
async fn a_session_that_was_revoked_cannot_be_gone_on_with() {
    let server = Server::start().await;
    let minted = server.mint(&server.ours, json!({})).await;
    let body = json!({ "session": minted.session });
    assert_eq!(revoke(&server, &server.ours, &body).await.status, 201);
    let access = server.access_token(&server.ours).await;
    let body = mint_body(&server.ours, json!({ "session": minted.session }));
    let answer = server.send(mint_request(&access, &body)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.errors_at()),
        (422, vec!["/session".to_owned()])
    );
    // A session is known by its tenant and itself.
    let theirs = mint_body(&server.other, json!({ "session": minted.session }));
    let access = server.access_token(&server.other).await;
    assert_eq!(
        server.send(mint_request(&access, &theirs)).await.status,
        201
    );
}

#[tokio::test]
async fn a_revocation_names_one_thing_of_its_own_tenant() {
    let server = Server::start().await;
    let access = server.access_token(&server.ours).await;
    for (body, at) in [
        (json!({}), ""),
        (json!({ "all": false }), ""),
        (json!({ "all": true, "viewer": "viewer-1" }), ""),
        (json!({ "viewer": "" }), "/viewer"),
        (json!({ "viewer": "a".repeat(129) }), "/viewer"),
        (
            json!({ "all": true, "issued_before": "2025-06-11T10:00:01Z" }),
            "/issued_before",
        ),
    ] {
        let answer = server.send_unchecked(request(&access, &body)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.errors_at()),
            (422, vec![at.to_owned()]),
            "{body}"
        );
    }
    let theirs = json!({ "embed": server.other.embed.id });
    let answer = server.send(request(&access, &theirs)).await;
    assert_eq!(answer.code(), "not_found");
}

#[tokio::test]
async fn revoking_needs_its_own_scope_and_an_access_token() {
    let server = Server::start().await;
    let party = &server.ours;
    let only_mint = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope=embed_tokens:mint",
        party.client.id, party.secret
    );
    let token = server.send(form("/oauth/token", &only_mint)).await.json();
    let body = json!({ "all": true });
    let access = token["access_token"].as_str().unwrap();
    let answer = server.send(request(access, &body)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (403, "insufficient_scope")
    );
    let minted = server.mint(party, json!({})).await;
    let answer = server.send(request(&minted.token, &body)).await;
    assert_eq!(answer.code(), "token_invalid");
    assert_taken(&server, "nothing was revoked", &minted).await;
}

#[tokio::test]
async fn an_open_stream_ends_with_its_session() {
    let server = Server::start().await;
    let (ours, other) = (
        server.mint(&server.ours, json!({})).await,
        server.mint(&server.ours, json!({})).await,
    );
    let mut events = Events::open(&server, &ours.token).await;
    let mut goes_on = Events::open(&server, &other.token).await;
    events.next().await.unwrap();
    goes_on.next().await.unwrap();
    let body = json!({ "session": ours.session });
    assert_eq!(revoke(&server, &server.ours, &body).await.status, 201);
    assert_eq!(
        events.next().await,
        Some(Event::End("session_revoked".to_owned()))
    );
    assert_eq!(events.next().await, None);
    assert_eq!(server.app.live.streams(), 1);
}

#[tokio::test]
async fn a_list_that_cannot_be_read_lets_nobody_by() {
    let server = Server::start().await;
    let minted = server.mint(&server.ours, json!({})).await;
    assert_taken(&server, "before", &minted).await;
    let body = json!({ "embed": server.ours.embed.id, "issued_before": "2025-06-11T09:00:00Z" });
    assert_eq!(revoke(&server, &server.ours, &body).await.status, 201);
    assert_taken(&server, "of before its time", &minted).await;
    let sql = "UPDATE revocations SET subject = 'nonsense'";
    raw::execute(&server, sql.to_owned()).await;
    server.clock.advance_ms(250);
    let request = with_token(get("/v1/embed/tasks"), &minted.token);
    let answer = server.send_unchecked(request).await;
    assert_eq!(answer.code(), "internal");
}
