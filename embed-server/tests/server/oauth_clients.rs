//! Clients that rotate their secrets, and clients that sign instead of sending one.

use base64::{Engine, engine::general_purpose::STANDARD};
use oriel::{provision, token::crypto::PublicKey};
use oriel_contract::ClientKeyId;
use oriel_store::{Context, OPERATOR};
use serde_json::{Value, json};

use crate::{
    apps::encode,
    forge::{sign, sign_es256},
    harness::{Answer, ISSUER, Server, form},
};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

async fn by_secret(server: &Server, secret: &str) -> u16 {
    let body = [
        ("grant_type", "client_credentials"),
        ("client_id", server.ours.client.id.as_str()),
        ("client_secret", secret),
    ];
    let answer = server.send(form("/oauth/token", &encode(&body))).await;
    answer.status.as_u16()
}

#[tokio::test]
async fn both_secrets_are_taken_until_one_is_retired() {
    let mut server = Server::start().await;
    let (store, client) = (server.store.clone(), server.ours.client.clone());
    let first = store.client_secrets(&client).await.unwrap().remove(0).id;
    let cx = &mut server.context();
    let made = provision::new_secret(cx).unwrap();
    let second = store.add_client_secret(cx, &client, &made.hash).await;
    let second = second.unwrap();
    let old = server.ours.secret.clone();
    assert_eq!(by_secret(&server, &old).await, 200);
    assert_eq!(by_secret(&server, &made.secret).await, 200);
    let cx = &mut server.context();
    store
        .retire_client_secret(cx, &client, &first)
        .await
        .unwrap();
    assert_eq!(by_secret(&server, &old).await, 401);
    assert_eq!(by_secret(&server, &made.secret).await, 200);
    let cx = &mut server.context();
    store
        .retire_client_secret(cx, &client, &second)
        .await
        .unwrap();
    assert_eq!(by_secret(&server, &made.secret).await, 401);
}

/// How its secrets are kept: what anybody finds in the database is of no use.
#[tokio::test]
async fn secrets_are_kept_as_argon2id() {
    let server = Server::start().await;
    let secrets = server.store.client_secrets(&server.ours.client).await;
    let secrets = secrets.unwrap();
    assert!(
        secrets[0]
            .hash
            .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
    );
    assert!(!secrets[0].hash.contains(&server.ours.secret));
}

/// A client's key, and an assertion that is right but for what a test changes.
struct Signer {
    kid: ClientKeyId,
    key: ed25519_dalek::SigningKey,
    header: Value,
    claims: Value,
}

impl Signer {
    async fn new(server: &Server, seed: u8) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
        let public = PublicKey::Ed25519(key.verifying_key());
        let kid = add_key(server, &public).await;
        let (client, now) = (&server.ours.client.id, server.now().as_second());
        Self {
            header: json!({ "alg": "EdDSA", "kid": kid }),
            claims: json!({
                "iss": client,
                "sub": client,
                "aud": format!("{ISSUER}/oauth/token"),
                "exp": now + 60,
                "iat": now,
                "jti": "1",
            }),
            kid,
            key,
        }
    }

    /// Another one of the same key.
    fn new_of(other: &Self) -> Self {
        Self {
            kid: other.kid.clone(),
            key: other.key.clone(),
            header: other.header.clone(),
            claims: other.claims.clone(),
        }
    }

    /// The assertion with this changed; `null` takes a claim away.
    fn with(&self, part: &str, name: &str, value: Value) -> String {
        let (mut header, mut claims) = (self.header.clone(), self.claims.clone());
        let of = if part == "header" {
            &mut header
        } else {
            &mut claims
        };
        if value.is_null() {
            of.as_object_mut().unwrap().remove(name);
        } else {
            of[name] = value;
        }
        sign(&self.key, &header.to_string(), &claims.to_string())
    }

    fn assertion(&self, jti: &str) -> String {
        self.with("claims", "jti", json!(jti))
    }
}

async fn add_key(server: &Server, key: &PublicKey) -> ClientKeyId {
    let cx = &mut Context {
        now: server.now(),
        rng: &mut server.app.entropy.fork(),
        actor: OPERATOR,
    };
    let (client, jwk) = (&server.ours.client, key.jwk());
    let adding = server.store.add_client_key(cx, client, key.alg(), &jwk);
    adding.await.unwrap()
}

async fn retire(server: &Server, kid: &ClientKeyId) {
    let cx = &mut Context {
        now: server.now(),
        rng: &mut server.app.entropy.fork(),
        actor: OPERATOR,
    };
    let client = &server.ours.client;
    let retiring = server.store.retire_client_key(cx, client, kid);
    retiring.await.unwrap();
}

async fn present(server: &Server, assertion: &str, more: &[(&str, &str)]) -> Answer {
    let mut body = vec![
        ("grant_type", "client_credentials"),
        ("client_assertion_type", TYPE),
        ("client_assertion", assertion),
    ];
    body.extend(more);
    let answer = server.send(form("/oauth/token", &encode(&body))).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    answer
}

fn error(answer: &Answer) -> (u16, String) {
    let error = answer.json()["error"].as_str().unwrap().to_owned();
    (answer.status.as_u16(), error)
}

#[tokio::test]
async fn an_assertion_gets_a_token_by_either_algorithm_and_either_audience() {
    let server = Server::start().await;
    let signer = Signer::new(&server, 1).await;
    let endpoint = format!("{ISSUER}/oauth/token");
    let id = server.ours.client.id.to_string();
    let audiences = [
        json!(endpoint),
        json!(ISSUER),
        json!([endpoint]),
        json!([ISSUER]),
    ];
    for (n, audience) in audiences.into_iter().enumerate() {
        let mut signer = Signer::new(&server, 2 + u8::try_from(n).unwrap()).await;
        signer.claims["aud"] = audience.clone();
        let assertion = signer.assertion(&format!("aud {n}"));
        let answer = present(&server, &assertion, &[("client_id", &id)]).await;
        assert_eq!(answer.status, 200, "{audience}");
        // Five keys are the most.
        retire(&server, &signer.kid).await;
    }
    for (part, name, value) in [
        ("header", "kid", Value::Null),
        ("header", "alg", json!("Ed25519")),
        ("header", "typ", json!("JWT")),
        ("header", "typ", json!("client-authentication+jwt")),
        ("claims", "iat", Value::Null),
        ("claims", "nbf", json!(server.now().as_second())),
        ("claims", "exp", json!(server.now().as_second() + 3_600)),
        ("claims", "more", json!({ "than": "needed" })),
    ] {
        let mut signer = Signer::new_of(&signer);
        signer.claims["jti"] = json!(format!("{name} {value}"));
        let answer = present(&server, &signer.with(part, name, value), &[]).await;
        assert_eq!(answer.status, 200, "{name}: {:?}", answer.body);
    }
    let p256 = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    let public = PublicKey::P256(*p256.verifying_key());
    let kid = add_key(&server, &public).await;
    let header = json!({ "alg": "ES256", "kid": kid });
    let assertion = sign_es256(&p256, &header, &signer.claims);
    assert_eq!(present(&server, &assertion, &[]).await.status, 200);
}

#[tokio::test]
async fn an_assertion_is_taken_once_also_by_the_server_beside_it() {
    let server = Server::start().await;
    let signer = Signer::new(&server, 1).await;
    let assertion = signer.assertion("once");
    assert_eq!(present(&server, &assertion, &[]).await.status, 200);
    let again = present(&server, &assertion, &[]).await;
    assert_eq!(error(&again), (401, "invalid_client".to_owned()));
    // It is in the database, and so survives a restart.
    let pool = sqlx::SqlitePool::connect(server.app.config.database_url.reveal());
    let count = "SELECT COUNT(*) FROM used_assertions";
    let count: i64 = sqlx::query_scalar(count)
        .fetch_one(&pool.await.unwrap())
        .await
        .unwrap();
    assert_eq!(count, 1);
    let next = present(&server, &signer.assertion("next"), &[]).await;
    assert_eq!(next.status, 200);
}

#[tokio::test]
async fn an_assertion_that_is_wrong_in_anything_looks_like_a_wrong_secret() {
    let server = Server::start().await;
    let signer = Signer::new(&server, 1).await;
    let mut other = Signer::new_of(&signer);
    other.key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let now = server.now().as_second();
    let theirs = json!(server.other.client.id);
    let mut wrong = vec![
        ("signature", other.assertion("2")),
        ("nonsense", "nonsense".to_owned()),
    ];
    for (part, name, value) in [
        ("header", "alg", json!("none")),
        ("header", "alg", json!("ES256")),
        ("header", "alg", json!("HS256")),
        ("header", "kid", json!("cky_01jd8x0c6tfwasq9m2yjz0v4kb")),
        ("header", "typ", json!("at+jwt")),
        ("header", "crit", json!([])),
        ("header", "jwk", json!({})),
        ("claims", "iss", theirs.clone()),
        ("claims", "sub", theirs),
        ("claims", "iss", Value::Null),
        ("claims", "sub", Value::Null),
        ("claims", "aud", Value::Null),
        ("claims", "aud", json!("oriel:api")),
        ("claims", "aud", json!(format!("{ISSUER}/"))),
        ("claims", "aud", json!([ISSUER, "https://else.example"])),
        ("claims", "aud", json!([])),
        ("claims", "exp", Value::Null),
        ("claims", "exp", json!(now - 30)),
        ("claims", "exp", json!(now + 3_631)),
        ("claims", "exp", json!("soon")),
        ("claims", "iat", json!(now + 31)),
        ("claims", "nbf", json!(now + 31)),
        ("claims", "jti", Value::Null),
        ("claims", "jti", json!("")),
        ("claims", "jti", json!("a".repeat(257))),
    ] {
        wrong.push((name, signer.with(part, name, value)));
    }
    let expected = {
        let body = "grant_type=client_credentials&client_id=nobody&client_secret=x";
        server.send(form("/oauth/token", body)).await.body
    };
    for (what, assertion) in wrong {
        let answer = present(&server, &assertion, &[]).await;
        assert_eq!(error(&answer), (401, "invalid_client".to_owned()), "{what}");
        assert_eq!(answer.body, expected, "{what}");
    }
    assert_eq!(
        present(&server, &signer.assertion("1"), &[]).await.status,
        200
    );
}

#[tokio::test]
async fn a_retired_key_and_another_client_s_key_sign_for_nobody() {
    let server = Server::start().await;
    let signer = Signer::new(&server, 1).await;
    let mut theirs = Signer::new_of(&signer);
    for claim in ["iss", "sub"] {
        theirs.claims[claim] = json!(server.other.client.id);
    }
    let answer = present(&server, &theirs.assertion("1"), &[]).await;
    assert_eq!(error(&answer), (401, "invalid_client".to_owned()));
    retire(&server, &signer.kid).await;
    let answer = present(&server, &signer.assertion("2"), &[]).await;
    assert_eq!(error(&answer), (401, "invalid_client".to_owned()));
}

#[tokio::test]
async fn credentials_come_in_one_way() {
    let server = Server::start().await;
    let signer = Signer::new(&server, 1).await;
    let assertion = signer.assertion("1");
    let (id, secret) = (server.ours.client.id.as_str(), &server.ours.secret);
    for more in [
        [("client_id", id), ("client_secret", secret)],
        [("client_id", server.other.client.id.as_str()), ("x", "x")],
    ] {
        let answer = present(&server, &assertion, &more).await;
        assert_eq!(error(&answer), (400, "invalid_request".to_owned()));
    }
    let body = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", TYPE),
        ("client_assertion", &assertion),
    ];
    let mut both = form("/oauth/token", &encode(&body));
    let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let headers = both.headers_mut();
    headers.insert("authorization", basic.parse().unwrap());
    let answer = server.send(both).await;
    assert_eq!(error(&answer), (400, "invalid_request".to_owned()));
    let no_type = encode(&[body[0], body[2]]);
    let answer = server.send(form("/oauth/token", &no_type)).await;
    assert_eq!(error(&answer), (400, "invalid_request".to_owned()));
    assert_eq!(present(&server, &assertion, &[]).await.status, 200);
}
