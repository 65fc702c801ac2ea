//! Tokens that must not be believed. Each differs from a good one in one thing,
//! so that it would be taken if its check were gone.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    forge::Forge,
    harness::{Answer, Server},
    reads::World,
};

pub async fn read(server: &Server, token: &str) -> Answer {
    server.get_with("/v1/embed/tasks", token).await
}

pub async fn assert_refused(server: &Server, what: &str, token: &str, code: &str) {
    let answer = read(server, token).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (401, code),
        "{what}"
    );
    let challenge = answer.header("www-authenticate");
    assert!(
        challenge.contains(r#"error="invalid_token""#),
        "{what}: {challenge}"
    );
}

#[tokio::test]
async fn a_forged_token_that_is_right_in_everything_is_taken() {
    let server = Server::start().await;
    let forge = Forge::of(&server, &server.ours).await;
    assert_eq!(read(&server, &forge.token()).await.status, 200);
}

#[tokio::test]
async fn a_header_that_is_not_ours_to_the_member_is_refused() {
    let server = Server::start().await;
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": "AAAA" });
    for (name, value) in [
        ("typ", json!("at+jwt")),
        ("typ", json!("JWT")),
        ("typ", json!("EMBED+JWT")),
        ("typ", Value::Null),
        ("alg", json!("none")),
        ("alg", json!("NONE")),
        ("alg", json!("None")),
        ("alg", json!("nOnE")),
        ("alg", json!("")),
        ("alg", Value::Null),
        ("alg", json!("HS256")),
        ("alg", json!("ES256")),
        ("alg", json!("RS256")),
        ("alg", json!("Ed25519")),
        ("alg", json!("eddsa")),
        ("alg", json!(["EdDSA"])),
        ("kid", json!("key_01jd8x0c6tfwasq9m2yjz0v4kb")),
        ("kid", json!("../../etc/passwd")),
        ("kid", json!(7)),
        ("kid", json!("")),
        ("kid", json!([])),
        ("crit", json!(["b64"])),
        ("crit", json!(["exp"])),
        ("crit", json!(["unknown"])),
        ("crit", json!([])),
        ("crit", Value::Null),
        ("b64", json!(false)),
        ("jwk", jwk),
        ("jku", json!("https://evil.test/jwks.json")),
        ("x5u", json!("https://evil.test/cert")),
        ("x5c", json!(["AAAA"])),
        ("zip", json!("DEF")),
    ] {
        let what = format!("{name}: {value}");
        let forge = Forge::of(&server, &server.ours).await.header(name, value);
        assert_refused(&server, &what, &forge.token(), "token_invalid").await;
    }
    for name in ["typ", "alg", "kid"] {
        let mut forge = Forge::of(&server, &server.ours).await;
        forge.header.as_object_mut().unwrap().remove(name);
        assert_refused(&server, name, &forge.token(), "token_invalid").await;
    }
}

#[tokio::test]
async fn claims_that_are_missing_or_of_another_type_are_refused() {
    let server = Server::start().await;
    let names = [
        "iss", "aud", "sub", "tid", "emb", "sid", "jti", "iat", "nbf", "exp", "scope",
    ];
    for name in names {
        let forge = Forge::of(&server, &server.ours).await.without(name);
        assert_refused(
            &server,
            &format!("no {name}"),
            &forge.token(),
            "token_invalid",
        )
        .await;
        for value in [
            Value::Null,
            json!([]),
            json!({}),
            json!(true),
            json!(["x"]),
            json!(1.5),
        ] {
            let what = format!("{name}: {value}");
            let forge = Forge::of(&server, &server.ours).await.claim(name, value);
            assert_refused(&server, &what, &forge.token(), "token_invalid").await;
        }
    }
    for name in &names[..10] {
        let what = format!("an empty {name}");
        let forge = Forge::of(&server, &server.ours).await;
        let token = forge.claim(name, json!("")).token();
        assert_refused(&server, &what, &token, "token_invalid").await;
    }
    for name in ["prj", "lock", "cnf"] {
        for value in [Value::Null, json!("x"), json!(7), json!([7])] {
            let what = format!("{name}: {value}");
            let forge = Forge::of(&server, &server.ours).await.claim(name, value);
            assert_refused(&server, &what, &forge.token(), "token_invalid").await;
        }
    }
}

/// A token may come from a tenant's own backend, which no mint has checked.
#[tokio::test]
async fn limits_that_make_no_sense_or_are_another_tenant_s_are_refused() {
    let server = Server::start().await;
    let of = async |party| {
        let projects = World::of(&server, party).await.projects;
        projects
            .iter()
            .map(|each| each["id"].clone())
            .collect::<Vec<_>>()
    };
    let (ours, theirs) = (of(&server.ours).await, of(&server.other).await);
    let unknown = "prj_01jd8x0c6tfwasq9m2yjz0v4kb";
    let good = json!({ "date": "due_on", "to": "2025-06-30" });
    for (name, value) in [
        ("prj", json!(ours)),
        ("prj", json!([ours[1]])),
        ("lock", good),
    ] {
        let forge = Forge::of(&server, &server.ours).await.claim(name, value);
        assert_eq!(read(&server, &forge.token()).await.status, 200);
    }
    for (name, value) in [
        ("prj", json!([])),
        ("prj", json!([theirs[0]])),
        ("prj", json!([ours[0], theirs[0]])),
        ("prj", json!([ours[0], unknown])),
        ("prj", json!([ours[0], ours[0]])),
        ("prj", json!([server.other.tenant.id])),
        ("prj", json!(vec![ours[0].clone(); 51])),
        ("lock", json!({ "status": [] })),
        ("lock", json!({ "status": ["done", "done"] })),
        ("lock", json!({ "date": "due_on" })),
        ("lock", json!({ "from": "2025-06-02", "to": "2025-06-01" })),
        ("lock", json!({ "from": null })),
        ("lock", json!({ "from": "2025-06-02", "to": null })),
        ("lock", json!({ "to": "2025-06-31" })),
        ("lock", json!({ "to": 1 })),
        ("lock", json!({ "dates": {} })),
    ] {
        let what = format!("{name}: {value}");
        let forge = Forge::of(&server, &server.ours).await.claim(name, value);
        assert_refused(&server, &what, &forge.token(), "token_invalid").await;
    }
}

#[tokio::test]
async fn claims_that_are_not_exact_are_refused() {
    let server = Server::start().await;
    let now = server.now().as_second();
    for (name, value) in [
        ("iss", json!("https://embed.example.com/")),
        ("iss", json!("https://evil.test")),
        ("aud", json!("oriel:api")),
        ("aud", json!(["oriel:embed"])),
        ("aud", json!("")),
        ("jti", json!("")),
        ("iat", json!(now + 31)),
        ("nbf", json!(now + 31)),
        ("exp", json!(now + 601)),
        ("exp", json!(now)),
        ("exp", json!(i64::MAX)),
        ("iat", json!(i64::MIN)),
        ("tid", json!(server.other.tenant.id)),
        ("emb", json!(server.other.embed.id)),
        ("emb", json!("emb_01jd8x0c6tfwasq9m2yjz0v4kb")),
        ("admin", json!(true)),
    ] {
        let what = format!("{name}: {value}");
        let forge = Forge::of(&server, &server.ours).await.claim(name, value);
        assert_refused(&server, &what, &forge.token(), "token_invalid").await;
    }
}

#[tokio::test]
async fn a_key_speaks_for_its_own_tenant_only() {
    let server = Server::start().await;
    let other = Forge::of(&server, &server.other).await;
    let mut forge = Forge::of(&server, &server.ours).await;
    forge.key = other.key.clone();
    assert_refused(
        &server,
        "our kid, their signature",
        &forge.token(),
        "token_invalid",
    )
    .await;
    forge.header["kid"] = json!(other.kid);
    assert_refused(
        &server,
        "their kid and signature",
        &forge.token(),
        "token_invalid",
    )
    .await;
}

#[tokio::test]
async fn a_public_key_is_no_hmac_secret() {
    let server = Server::start().await;
    let forge = Forge::of(&server, &server.ours)
        .await
        .header("alg", json!("HS256"));
    let jwks = server.get("/.well-known/jwks.json").await;
    let public = forge.key.verifying_key().to_bytes();
    let x = BASE64.encode(public);
    let der = [&SPKI[..], &public].concat();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        STANDARD.encode(&der)
    );
    let keys = jwks.json()["keys"].clone();
    let of_x = |key: &&Value| key["x"] == x.as_str();
    let jwk = keys
        .as_array()
        .unwrap()
        .iter()
        .find(of_x)
        .unwrap()
        .to_string();
    for secret in [
        public.as_slice(),
        x.as_bytes(),
        &jwks.body,
        jwk.as_bytes(),
        &der,
        pem.as_bytes(),
        pem.trim_end().as_bytes(),
        b"",
    ] {
        let message = forge.token().rsplit_once('.').unwrap().0.to_owned();
        let token = format!(
            "{message}.{}",
            BASE64.encode(hmac_sha256(secret, message.as_bytes()))
        );
        assert_refused(&server, "HS256", &token, "token_invalid").await;
    }
    let unsigned = Forge::of(&server, &server.ours)
        .await
        .header("alg", json!("none"))
        .token();
    let unsigned = format!("{}.", unsigned.rsplit_once('.').unwrap().0);
    assert_refused(&server, "none, unsigned", &unsigned, "token_invalid").await;
}

/// What stands before a key of Ed25519 in DER (RFC 8410 §4).
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];

/// RFC 2104.
fn hmac_sha256(secret: &[u8], message: &[u8]) -> Vec<u8> {
    let mut key = [0; 64];
    if secret.len() > key.len() {
        key[..32].copy_from_slice(&Sha256::digest(secret));
    } else {
        key[..secret.len()].copy_from_slice(secret);
    }
    let pad = |with: u8| key.map(|byte| byte ^ with);
    let inner = Sha256::new()
        .chain_update(pad(0x36))
        .chain_update(message)
        .finalize();
    Sha256::new()
        .chain_update(pad(0x5c))
        .chain_update(inner)
        .finalize()
        .to_vec()
}

#[tokio::test]
async fn a_token_ends_with_its_life_and_the_leeway_even_when_remembered() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    assert_eq!(read(&server, &token).await.status, 200);
    server.clock.advance_ms(329_000);
    assert_eq!(read(&server, &token).await.status, 200);
    server.clock.advance_ms(1_000);
    assert_refused(&server, "remembered", &token, "token_expired").await;
    let fresh = Forge::of(&server, &server.ours).await;
    let now = server.now().as_second();
    let old = fresh
        .claim("iat", json!(now - 100))
        .claim("nbf", json!(now - 100))
        .claim("exp", json!(now - 30));
    assert_refused(&server, "never seen before", &old.token(), "token_expired").await;
}

#[tokio::test]
async fn clocks_may_differ_by_thirty_seconds_to_the_second() {
    let server = Server::start().await;
    let now = server.now().as_second();
    for (name, value, code) in [
        ("iat", now + 30, None),
        ("iat", now + 31, Some("token_invalid")),
        ("nbf", now + 30, None),
        ("nbf", now + 31, Some("token_invalid")),
        ("exp", now - 29, None),
        ("exp", now - 30, Some("token_expired")),
    ] {
        let what = format!("{name}: {}", value - now);
        let mut forge = Forge::of(&server, &server.ours).await;
        if name == "exp" {
            forge = forge.claim("iat", json!(now - 300));
        }
        let token = forge.claim(name, json!(value)).token();
        match code {
            Some(code) => assert_refused(&server, &what, &token, code).await,
            None => assert_eq!(read(&server, &token).await.status, 200, "{what}"),
        }
    }
}
