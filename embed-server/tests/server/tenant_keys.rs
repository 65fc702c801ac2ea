//! Keys that tenants hold themselves, and what they may sign.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use http_body_util::Full;
use hyper::{Method, Request, body::Bytes};
use oriel::token::crypto::PublicKey;
use serde_json::{Value, json};

use crate::forge::sign_es256;
use crate::harness::{Answer, ISSUER, Party, Server, method, with_token};

const KEYS: &str = "/v1/tenant-keys";

pub fn p256() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[5; 32]).unwrap()
}

fn ed25519() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[6; 32])
}

fn registration(access: &str, body: &Value) -> Request<Full<Bytes>> {
    let request = Request::post(KEYS)
        .header("content-type", "application/json")
        .body(Full::from(body.to_string()))
        .unwrap();
    with_token(request, access)
}

async fn register(server: &Server, party: &Party, jwk: &Value) -> Answer {
    let access = server.access_token(party).await;
    server
        .send(registration(&access, &json!({ "jwk": jwk })))
        .await
}

/// A registered key on P-256, by its id.
pub async fn registered(server: &Server, party: &Party) -> String {
    let jwk = json!(PublicKey::P256(*p256().verifying_key()).jwk());
    let answer = register(server, party, &jwk).await;
    assert_eq!(answer.status, 201, "{:?}", answer.body);
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn retire(server: &Server, party: &Party, kid: &str) -> Answer {
    let access = server.access_token(party).await;
    server
        .send(with_token(
            method(Method::DELETE, &format!("{KEYS}/{kid}")),
            &access,
        ))
        .await
}

/// What a tenant's backend signs with [`p256`].
pub struct OwnToken {
    header: Value,
    claims: Value,
}

impl OwnToken {
    pub fn new(server: &Server, party: &Party, kid: &str) -> Self {
        let now = server.now().as_second();
        Self {
            header: json!({ "typ": "embed+jwt", "alg": "ES256", "kid": kid }),
            claims: json!({
                "iss": party.tenant.id,
                "aud": "oriel:embed",
                "sub": "viewer-1",
                "tid": party.tenant.id,
                "emb": party.embed.id,
                "sid": "ses_01jd8x0c6tfwasq9m2yjz0v4kb",
                "jti": "1",
                "iat": now,
                "nbf": now,
                "exp": now + 300,
                "scope": "dashboard:read tasks:read",
            }),
        }
    }

    fn header(mut self, name: &str, value: Value) -> Self {
        self.header[name] = value;
        self
    }

    fn claim(mut self, name: &str, value: Value) -> Self {
        self.claims[name] = value;
        self
    }

    pub fn token(&self) -> String {
        sign_es256(&p256(), &self.header, &self.claims)
    }
}

async fn read(server: &Server, token: &str) -> (u16, String) {
    let answer = server.get_with("/v1/embed/tasks", token).await;
    let status = answer.status.as_u16();
    (
        status,
        if status == 200 {
            String::new()
        } else {
            answer.code()
        },
    )
}

#[tokio::test]
async fn a_token_of_a_registered_key_is_taken_at_once_until_the_key_is_retired() {
    let server = Server::start().await;
    let kid = registered(&server, &server.ours).await;
    let token = OwnToken::new(&server, &server.ours, &kid).token();
    assert_eq!(read(&server, &token).await.0, 200);

    assert_eq!(retire(&server, &server.ours, &kid).await.status, 204);
    // As any server notices: with no look at the keys themselves.
    server.clock.advance_ms(250);
    let unseen = OwnToken::new(&server, &server.ours, &kid)
        .claim("jti", json!("2"))
        .token();
    for token in [&token, &unseen] {
        assert_eq!(
            read(&server, token).await,
            (401, "token_invalid".to_owned())
        );
    }
    assert_eq!(retire(&server, &server.ours, &kid).await.status, 204);
}

#[tokio::test]
async fn a_registered_key_signs_for_its_own_tenant_and_nothing_else() {
    let server = Server::start().await;
    let kid = registered(&server, &server.ours).await;
    let own = || OwnToken::new(&server, &server.ours, &kid);
    let ours_signs = &server.store.signing_keys().await.unwrap()[0].id;
    for (what, token) in [
        ("in our name", own().claim("iss", json!(ISSUER))),
        (
            "of another tenant",
            own().claim("tid", json!(server.other.tenant.id)),
        ),
        (
            "by another tenant",
            own()
                .claim("iss", json!(server.other.tenant.id))
                .claim("tid", json!(server.other.tenant.id)),
        ),
        (
            "for its embed",
            own().claim("emb", json!(server.other.embed.id)),
        ),
        ("by no tenant", own().claim("tid", Value::Null)),
        (
            "by several",
            own().claim("tid", json!([server.ours.tenant.id])),
        ),
        ("by another algorithm", own().header("alg", json!("EdDSA"))),
        ("under our key", own().header("kid", json!(ours_signs))),
        (
            "that lives too long",
            own().claim("exp", json!(server.now().as_second() + 601)),
        ),
    ] {
        assert_eq!(
            read(&server, &token.token()).await,
            (401, "token_invalid".to_owned()),
            "{what}"
        );
    }
    let access = own().header("typ", json!("at+jwt")).token();
    assert_eq!(server.get_with(KEYS, &access).await.code(), "token_invalid");
}

#[tokio::test]
async fn a_registered_key_signs_no_access_token() {
    let server = Server::start().await;
    let kid = registered(&server, &server.ours).await;
    let now = server.now().as_second();
    let token = OwnToken {
        header: json!({ "typ": "at+jwt", "alg": "ES256", "kid": kid }),
        claims: json!({
            "iss": server.ours.tenant.id,
            "aud": "oriel:api",
            "sub": server.ours.client.id,
            "client_id": server.ours.client.id,
            "tid": server.ours.tenant.id,
            "jti": "1",
            "iat": now,
            "nbf": now,
            "exp": now + 300,
            "scope": "tenant_keys:read",
        }),
    };
    let answer = server.get_with(KEYS, &token.token()).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (401, "token_invalid")
    );
}

#[tokio::test]
async fn a_tenant_sees_and_retires_its_own_keys_only() {
    let server = Server::start().await;
    let kid = registered(&server, &server.ours).await;
    assert_eq!(retire(&server, &server.other, &kid).await.status, 404);
    let token = OwnToken::new(&server, &server.ours, &kid).token();
    assert_eq!(read(&server, &token).await.0, 200);
    for (party, count) in [(&server.ours, 1), (&server.other, 0)] {
        let access = server.access_token(party).await;
        let list = server.get_with(KEYS, &access).await.json();
        assert_eq!(list["items"].as_array().unwrap().len(), count);
    }
    // What others hold is for no relying party to verify.
    let jwks = server
        .get("/.well-known/jwks.json")
        .await
        .json()
        .to_string();
    assert!(!jwks.contains(&kid));
}

#[tokio::test]
async fn weak_foreign_and_private_keys_are_refused() {
    let server = Server::start().await;
    let good = json!(PublicKey::Ed25519(ed25519().verifying_key()).jwk());
    let with = |name: &str, value: Value| {
        let mut jwk = good.clone();
        jwk[name] = value;
        jwk
    };
    let mut identity = [0; 32];
    identity[0] = 1;
    let zero = BASE64.encode([0; 32]);
    for jwk in [
        with("x", json!(zero)),
        with("x", json!(BASE64.encode(identity))),
        with("x", json!("AAAA")),
        with("d", json!(zero)),
        with("crv", json!("X25519")),
        with("crv", json!("P-256")),
        with("y", Value::Null),
        json!({ "kty": "EC", "crv": "P-256", "x": zero, "y": zero }),
        json!({ "kty": "oct", "k": "c2VjcmV0" }),
        json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" }),
        json!({}),
        json!("key"),
    ] {
        let answer = register(&server, &server.ours, &jwk).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (422, "invalid_body"),
            "{jwk}"
        );
    }
    assert_eq!(register(&server, &server.ours, &good).await.status, 201);
}

#[tokio::test]
async fn a_tenant_has_fifty_keys_at_most() {
    let server = Server::start().await;
    let jwk = json!(PublicKey::Ed25519(ed25519().verifying_key()).jwk());
    let access = server.access_token(&server.ours).await;
    let mut last = String::new();
    for _ in 0..50 {
        let answer = server
            .send(registration(&access, &json!({ "jwk": jwk })))
            .await;
        assert_eq!(answer.status, 201);
        answer.json()["id"].as_str().unwrap().clone_into(&mut last);
    }
    let one_too_many = server
        .send(registration(&access, &json!({ "jwk": jwk })))
        .await;
    assert_eq!(one_too_many.errors_at(), ["/jwk"]);
    assert_eq!(register(&server, &server.other, &jwk).await.status, 201);
    assert_eq!(retire(&server, &server.ours, &last).await.status, 204);
    assert_eq!(register(&server, &server.ours, &jwk).await.status, 201);
}
