//! Tokens that must not be believed. Each differs from a good one in one thing,
//! so that it would be taken if its check were gone.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ed25519_dalek::{Signer, SigningKey};
use oriel_contract::{KeyId, LockedFilters, TaskStatus};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::harness::{Answer, Party, Server, get, mint_request, with_token};

/// Signs anything at all with a tenant's own key, as an attacker who got hold of
/// a signing oracle, or a later bug of ours, might.
struct Forge {
    kid: KeyId,
    key: SigningKey,
    header: Value,
    claims: Value,
}

impl Forge {
    async fn of(server: &Server, party: &Party) -> Self {
        let keys = server.store.signing_keys().await.unwrap();
        let key = keys
            .into_iter()
            .find(|key| key.tenant == party.tenant.id)
            .unwrap();
        let seed = server.master.open(&key.id, &key.private_sealed).unwrap();
        let now = server.now().as_second();
        Self {
            header: json!({ "typ": "embed+jwt", "alg": "EdDSA", "kid": key.id }),
            claims: json!({
                "iss": crate::harness::ISSUER,
                "aud": "oriel:embed",
                "sub": "viewer-1",
                "tid": party.tenant.id,
                "emb": party.embed.id,
                "sid": "ses_01jd8x0c6tfwasq9m2yjz0v4kb",
                "jti": "a-jti",
                "iat": now,
                "nbf": now,
                "exp": now + 300,
                "scope": "dashboard:read tasks:read",
            }),
            kid: key.id,
            key: SigningKey::from_bytes(&seed.try_into().unwrap()),
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

    fn without(mut self, name: &str) -> Self {
        self.claims.as_object_mut().unwrap().remove(name);
        self
    }

    fn token(&self) -> String {
        sign(
            &self.key,
            &self.header.to_string(),
            &self.claims.to_string(),
        )
    }
}

fn sign(key: &SigningKey, header: &str, claims: &str) -> String {
    let message = format!("{}.{}", BASE64.encode(header), BASE64.encode(claims));
    let signature = BASE64.encode(key.sign(message.as_bytes()).to_bytes());
    format!("{message}.{signature}")
}

async fn read(server: &Server, token: &str) -> Answer {
    server.get_with("/v1/embed/tasks", token).await
}

async fn assert_refused(server: &Server, what: &str, token: &str, code: &str) {
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
        ("alg", json!("HS256")),
        ("alg", json!("ES256")),
        ("alg", json!("eddsa")),
        ("alg", json!(["EdDSA"])),
        ("kid", json!("key_01jd8x0c6tfwasq9m2yjz0v4kb")),
        ("kid", json!("../../etc/passwd")),
        ("kid", json!(7)),
        ("crit", json!(["b64"])),
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
    for name in ["prj", "lock"] {
        for value in [Value::Null, json!("x"), json!(7), json!([7])] {
            let what = format!("{name}: {value}");
            let forge = Forge::of(&server, &server.ours).await.claim(name, value);
            assert_refused(&server, &what, &forge.token(), "token_invalid").await;
        }
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
    for secret in [public.as_slice(), x.as_bytes(), &jwks.body] {
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
async fn a_signature_is_taken_in_its_one_spelling() {
    let server = Server::start().await;
    let token = Forge::of(&server, &server.ours).await.token();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let good = BASE64.decode(signature).unwrap();

    // S + L verifies the same equation (RFC 8032 §5.1.7 asks to refuse it).
    let mut large = good.clone();
    let order = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0;
    for (byte, add) in large[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + add + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    let mut tampered = good.clone();
    tampered[3] ^= 1;
    for (what, bytes) in [
        ("S >= L", large),
        ("tampered", tampered),
        ("zero", vec![0; 64]),
        ("short", good[..63].to_vec()),
    ] {
        let token = format!("{message}.{}", BASE64.encode(bytes));
        assert_refused(&server, what, &token, "token_invalid").await;
    }
    assert_refused(&server, "padded", &format!("{token}=="), "token_malformed").await;
    assert_refused(&server, "none", &format!("{message}."), "token_invalid").await;
}

#[tokio::test]
async fn what_is_no_token_is_malformed() {
    let server = Server::start().await;
    let forge = Forge::of(&server, &server.ours).await;
    let nested = format!("{}{}", "[".repeat(2_000), "]".repeat(2_000));
    let token = forge.token();
    for (what, token) in [
        ("a word", "nonsense".to_owned()),
        ("two parts", "a.b".to_owned()),
        ("four parts", format!("{token}.AAAA")),
        ("dots", "..".to_owned()),
        ("truncated", token[..token.len() / 2].to_owned()),
        (
            "too long",
            sign(
                &forge.key,
                &forge.header.to_string(),
                &format!("\"{}\"", "a".repeat(6_000)),
            ),
        ),
        ("nested header", sign(&forge.key, &nested[..400], "{}")),
    ] {
        assert_refused(&server, what, &token, "token_malformed").await;
    }
    let deep = sign(&forge.key, &forge.header.to_string(), &nested);
    assert_refused(&server, "nested claims", &deep, "token_invalid").await;
    let huge = with_token(get("/v1/embed/tasks"), &"a".repeat(20_000));
    assert_eq!(server.send(huge).await.status, 431);
}

#[tokio::test]
async fn a_member_that_comes_twice_is_refused() {
    let server = Server::start().await;
    let forge = Forge::of(&server, &server.ours).await;
    let twice =
        |text: String, name: &str, value: &Value| format!("{{\"{name}\":{value},{}", &text[1..]);
    let header = twice(forge.header.to_string(), "alg", &json!("EdDSA"));
    let token = sign(&forge.key, &header, &forge.claims.to_string());
    assert_refused(&server, "alg twice", &token, "token_invalid").await;
    let claims = twice(forge.claims.to_string(), "sub", &json!("viewer-1"));
    let token = sign(&forge.key, &forge.header.to_string(), &claims);
    assert_refused(&server, "sub twice", &token, "token_invalid").await;
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
async fn neither_kind_works_in_the_place_of_the_other() {
    let server = Server::start().await;
    let access = server.access_token(&server.ours).await;
    assert_refused(&server, "access token", &access, "token_invalid").await;
    let embed = server.embed_token().await;
    let answer = server.send(mint_request(&embed, &json!({}))).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (401, "token_invalid")
    );
}

#[tokio::test]
async fn a_token_comes_in_the_authorization_header_only() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    let missing = |answer: Answer| {
        assert_eq!(answer.code(), "token_missing");
        assert_eq!(answer.header("www-authenticate"), r#"Bearer realm="oriel""#);
    };
    missing(server.get("/v1/embed/tasks").await);
    missing(
        server
            .get(&format!("/v1/embed/tasks?access_token={token}"))
            .await,
    );
    let mut request = get("/v1/embed/tasks");
    request
        .headers_mut()
        .insert("cookie", format!("token={token}").parse().unwrap());
    missing(server.send(request).await);
    let mut request = get("/v1/embed/tasks");
    request
        .headers_mut()
        .insert("authorization", "Basic YTpi".parse().unwrap());
    missing(server.send(request).await);

    let mut twice = with_token(get("/v1/embed/tasks"), &token);
    twice
        .headers_mut()
        .append("authorization", format!("Bearer {token}").parse().unwrap());
    assert_eq!(server.send(twice).await.code(), "token_malformed");
    let mut lower = get("/v1/embed/tasks");
    lower
        .headers_mut()
        .insert("authorization", format!("bearer {token}").parse().unwrap());
    assert_eq!(server.send(lower).await.status, 200);
}

#[tokio::test]
async fn a_scope_lets_through_what_it_names_and_no_more() {
    let server = Server::start().await;
    let token = server
        .mint(&server.ours, json!({ "scope": "dashboard:read" }))
        .await
        .token;
    for (path, status) in [
        ("/v1/embed/session", 200),
        ("/v1/embed/dashboard", 200),
        ("/v1/embed/projects", 200),
        ("/v1/embed/tasks", 403),
        ("/v1/embed/tasks/tsk_01jd8x0c6tfwasq9m2yjz0v4kb", 403),
    ] {
        let answer = server.get_with(path, &token).await;
        assert_eq!(answer.status, status, "{path}");
        if status == 403 {
            assert_eq!(answer.code(), "insufficient_scope");
            let challenge =
                r#"Bearer realm="oriel", error="insufficient_scope", scope="tasks:read""#;
            assert_eq!(answer.header("www-authenticate"), challenge);
        }
    }
}

#[tokio::test]
async fn projects_and_locks_of_a_token_hold_on_every_endpoint() {
    let server = Server::start().await;
    let all = server.embed_token().await;
    let projects = server.get_with("/v1/embed/projects", &all).await.json();
    let alpha = &projects["items"][0]["id"];
    let limited = server
        .mint(&server.ours, json!({ "projects": [alpha] }))
        .await
        .token;
    let locked = LockedFilters {
        status: Some(vec![TaskStatus::Done]),
        assignee: None,
    };
    let done = server
        .mint(&server.ours, json!({ "locked": locked }))
        .await
        .token;

    let mut seen = BTreeMap::new();
    for (who, token) in [("all", &all), ("limited", &limited), ("done", &done)] {
        let tasks = server.get_with("/v1/embed/tasks", token).await.json();
        let open =
            server.get_with("/v1/embed/dashboard", token).await.json()["kpis"]["open"].clone();
        let projects = server.get_with("/v1/embed/projects", token).await.json();
        let count = projects["items"].as_array().unwrap().len();
        seen.insert(
            who,
            (
                tasks["total"].as_u64().unwrap(),
                open.as_u64().unwrap(),
                count,
            ),
        );
    }
    assert_eq!(seen["all"], (6, 5, 2));
    assert_eq!(seen["limited"], (3, 3, 1));
    assert_eq!(seen["done"].0, 1);
    assert_eq!(seen["done"].1, 0);

    let tasks = server.get_with("/v1/embed/tasks", &all).await.json();
    for task in tasks["items"].as_array().unwrap() {
        let path = format!("/v1/embed/tasks/{}", task["id"].as_str().unwrap());
        let status = server.get_with(&path, &limited).await.status;
        assert_eq!(status == 200, task["project"]["id"] == *alpha, "{task}");
    }
    let theirs = server.mint(&server.other, json!({})).await.token;
    let id = tasks["items"][0]["id"].as_str().unwrap();
    assert_eq!(
        server
            .get_with(&format!("/v1/embed/tasks/{id}"), &theirs)
            .await
            .status,
        404
    );
}
