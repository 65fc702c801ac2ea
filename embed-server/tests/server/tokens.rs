//! Tokens that must not be believed. Each differs from a good one in one thing,
//! so that it would be taken if its check were gone.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    forge::{Forge, sign},
    harness::{Answer, Server, get, with_token},
    reads::World,
};

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
