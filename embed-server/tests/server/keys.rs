//! Signing keys: rotation is noticed without a restart.

use oriel::provision::rotate_key;
use oriel_contract::KeyId;
use serde_json::json;

use crate::{
    events::{Event, Events},
    harness::Server,
};

async fn rotate(server: &mut Server, overlap: Option<u32>) -> KeyId {
    let (store, master, tenant) = (
        server.store.clone(),
        server.master.clone(),
        server.ours.tenant.id.clone(),
    );
    rotate_key(&store, &mut server.context(), &master, &tenant, overlap)
        .await
        .unwrap()
}

fn kid(token: &str) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let header = URL_SAFE_NO_PAD
        .decode(token.split('.').next().unwrap())
        .unwrap();
    let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_rotated_key_verifies_until_its_overlap_ends() {
    let mut server = Server::start().await;
    let old = server.embed_token().await;
    let unseen = server.embed_token().await;
    server.clock.advance_ms(60_000);
    let new_key = rotate(&mut server, Some(120)).await;
    server.clock.advance_ms(2_000);
    let new = server.embed_token().await;
    assert_eq!(kid(&new), new_key.as_str());
    assert_ne!(kid(&old), kid(&new));
    assert_eq!(server.get_with("/v1/embed/session", &old).await.status, 200);
    assert_eq!(server.get_with("/v1/embed/session", &new).await.status, 200);
    assert_eq!(
        server.get("/.well-known/jwks.json").await.json()["keys"]
            .as_array()
            .unwrap()
            .len(),
        3
    );

    // 122 s after the rotation the old tokens would still live, but not their key.
    server.clock.advance_ms(120_000);
    for token in [&old, &unseen] {
        let answer = server.get_with("/v1/embed/session", token).await;
        assert_eq!(answer.code(), "token_invalid");
    }
    assert_eq!(server.get_with("/v1/embed/session", &new).await.status, 200);
    assert_eq!(
        server.get("/.well-known/jwks.json").await.json()["keys"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn a_rotated_key_outlives_its_tokens_by_default() {
    let mut server = Server::start().await;
    let token = server
        .mint(&server.ours, json!({ "expires_in": 600 }))
        .await
        .token;
    rotate(&mut server, None).await;
    server.clock.advance_ms(629_000);
    server.app.tokens.refresh_keys(server.now()).await.unwrap();
    assert_eq!(
        server.get_with("/v1/embed/session", &token).await.status,
        200
    );
}

#[tokio::test]
async fn a_key_that_another_process_retires_signs_for_nothing_a_quarter_of_a_second_later() {
    let mut server = Server::start().await;
    let (seen, unseen) = (server.embed_token().await, server.embed_token().await);
    let theirs = server.mint(&server.other, json!({})).await.token;
    let access = server.access_token(&server.ours).await;
    let read = async |server: &Server, token: &str| {
        let answer = server.get_with("/v1/embed/session", token).await;
        answer.status.as_u16()
    };
    let list = async |server: &Server| {
        let answer = server.get_with("/v1/audit-entries", &access).await;
        answer.status.as_u16()
    };
    assert_eq!(
        (read(&server, &seen).await, list(&server).await),
        (200, 200)
    );

    let mut events = Events::open(&server, &seen).await;
    events.next().await.unwrap();

    let new_key = rotate(&mut server, Some(0)).await;
    server.clock.advance_ms(250);
    let end = Event::End("token_invalid".to_owned());
    assert_eq!(events.next().await, Some(end));
    for token in [&seen, &unseen] {
        assert_eq!(read(&server, token).await, 401);
    }
    assert_eq!(list(&server).await, 401);
    assert_eq!(read(&server, &theirs).await, 200);

    // The keys are read again before they sign.
    server.clock.advance_ms(750);
    let new = server.embed_token().await;
    assert_eq!(
        (kid(&new), read(&server, &new).await),
        (new_key.to_string(), 200)
    );
}

#[tokio::test]
async fn a_token_of_a_key_made_by_another_process_is_believed_at_once() {
    let mut server = Server::start().await;
    // Just now: the keys were last read within the same millisecond.
    server.app.tokens.refresh_keys(server.now()).await.unwrap();
    let key = rotate(&mut server, None).await;
    let other = oriel::token::Tokens::load(
        crate::harness::ISSUER.to_owned(),
        server.master.clone(),
        server.store.clone(),
        server.now(),
    )
    .await
    .unwrap();
    let claims = oriel::token::claims::EmbedClaims {
        iss: crate::harness::ISSUER.to_owned(),
        aud: "oriel:embed".to_owned(),
        sub: "viewer-1".to_owned(),
        tid: server.ours.tenant.id.clone(),
        emb: server.ours.embed.id.clone(),
        sid: "ses_01jd8x0c6tfwasq9m2yjz0v4kb".parse().unwrap(),
        jti: "j".to_owned(),
        iat: server.now().as_second(),
        nbf: server.now().as_second(),
        exp: server.now().as_second() + 300,
        scope: "dashboard:read".to_owned(),
        prj: None,
        lock: None,
        cnf: None,
    };
    let token = other.sign(&claims, server.now()).await.unwrap();
    assert_eq!(kid(&token), key.as_str());
    assert_eq!(
        server.get_with("/v1/embed/session", &token).await.status,
        200
    );
}

#[tokio::test]
async fn keys_are_sealed_in_the_store() {
    let server = Server::start().await;
    for key in server.store.signing_keys().await.unwrap() {
        assert_eq!(key.private_sealed.len(), 24 + 32 + 16);
        let seed = server
            .master
            .open(key.id.as_str(), &key.private_sealed)
            .unwrap();
        assert!(!key.private_sealed.windows(32).any(|window| window == seed));
    }
}
