//! Tokens that are bound to a key (RFC 9449). Each proof that is refused differs from a
//! good one in one thing.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use hyper::{Request, header};
use oriel_contract::PublicJwk;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::forge::{sign, sign_es256};
use crate::harness::{Answer, ISSUER, Server, get, mint_body, mint_request, new_embed, with_token};

const PATH: &str = "/v1/embed/tasks";

/// The key of a frame, and a proof in the making.
pub struct Holder {
    key: SigningKey,
    header: Value,
    claims: Value,
}

impl Holder {
    /// Holds a key, and proves it for a read of [`PATH`] with `token`.
    pub fn new(server: &Server, seed: u8, token: &str) -> Self {
        let key = SigningKey::from_slice(&[seed; 32]).unwrap();
        let jwk = json!(jwk(&key));
        Self {
            key,
            header: json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk }),
            claims: json!({
                "jti": "-BwC3ESc6acc2lTc",
                "htm": "GET",
                "htu": format!("{ISSUER}{PATH}"),
                "iat": server.now().as_second(),
                "ath": BASE64.encode(Sha256::digest(token)),
            }),
        }
    }

    pub fn claim(mut self, name: &str, value: Value) -> Self {
        self.claims[name] = value;
        self
    }

    fn header(mut self, name: &str, value: Value) -> Self {
        self.header[name] = value;
        self
    }

    pub fn proof(&self) -> String {
        self.signed_by(&self.key)
    }

    fn signed_by(&self, key: &SigningKey) -> String {
        sign_es256(key, &self.header, &self.claims)
    }
}

fn jwk(key: &SigningKey) -> PublicJwk {
    oriel::token::crypto::PublicKey::P256(*key.verifying_key()).jwk()
}

fn thumbprint(seed: u8) -> String {
    let key = SigningKey::from_slice(&[seed; 32]).unwrap();
    oriel::token::crypto::PublicKey::P256(*key.verifying_key()).thumbprint()
}

/// A token that is bound to the key of this seed.
pub async fn bound(server: &Server, seed: u8) -> String {
    let minted = server
        .mint(&server.ours, json!({ "dpop_jkt": thumbprint(seed) }))
        .await;
    assert_eq!(minted.token_type, "DPoP");
    minted.token
}

/// The same signature by its other half: (r, n - s) holds for whatever (r, s) does.
pub fn mirrored(token: &str) -> String {
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = BASE64.decode(signature).unwrap();
    let signature = Signature::from_slice(&signature).unwrap();
    let (r, s) = signature.split_scalars();
    let mirrored = Signature::from_scalars(r, -s).unwrap();
    format!("{message}.{}", BASE64.encode(mirrored.to_bytes()))
}

async fn send(server: &Server, path: &str, scheme: &str, token: &str, proofs: &[&str]) -> Answer {
    let mut request: Request<_> = get(path);
    let headers = request.headers_mut();
    headers.insert(
        header::AUTHORIZATION,
        format!("{scheme} {token}").parse().unwrap(),
    );
    for proof in proofs {
        headers.append("dpop", proof.parse().unwrap());
    }
    server.send(request).await
}

fn assert_refused(what: &str, answer: &Answer, code: &str, challenge: &str) {
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (401, code),
        "{what}"
    );
    let said = answer.header("www-authenticate");
    assert!(said.starts_with(challenge), "{what}: {said}");
}

#[tokio::test]
async fn a_bound_token_is_taken_with_a_proof_of_its_key() {
    let server = Server::start().await;
    let token = bound(&server, 7).await;
    for (n, scheme) in ["DPoP", "dpop"].into_iter().enumerate() {
        let proof = Holder::new(&server, 7, &token)
            .claim("jti", json!(n.to_string()))
            .proof();
        let answer = send(&server, PATH, scheme, &token, &[&proof]).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
    }
    // The query is no part of what a proof is about (§4.2), and a port that goes
    // without saying may be said.
    for (jti, htu) in [
        ("a", format!("{ISSUER}{PATH}?limit=7#x")),
        ("b", format!("HTTPS://EMBED.example.com:443{PATH}")),
    ] {
        let proof = Holder::new(&server, 7, &token)
            .claim("jti", json!(jti))
            .claim("htu", json!(htu));
        let path = format!("{PATH}?limit=1");
        let answer = send(&server, &path, "DPoP", &token, &[&proof.proof()]).await;
        assert_eq!(answer.status, 200, "{htu}");
    }
}

#[tokio::test]
async fn a_proof_by_ed25519_is_as_good() {
    use ed25519_dalek::SigningKey;
    let server = Server::start().await;
    let key = SigningKey::from_bytes(&[9; 32]);
    let public = oriel::token::crypto::PublicKey::Ed25519(key.verifying_key());
    let minted = server
        .mint(&server.ours, json!({ "dpop_jkt": public.thumbprint() }))
        .await;
    let holder = Holder::new(&server, 7, &minted.token)
        .header("alg", json!("EdDSA"))
        .header("jwk", json!(public.jwk()));
    let proof = sign(&key, &holder.header.to_string(), &holder.claims.to_string());
    let answer = send(&server, PATH, "DPoP", &minted.token, &[&proof]).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_proof_is_taken_once() {
    let server = Server::start().await;
    let token = bound(&server, 7).await;
    let proof = Holder::new(&server, 7, &token).proof();
    assert_eq!(
        send(&server, PATH, "DPoP", &token, &[&proof]).await.status,
        200
    );
    for later in [0, 1_000, 59_000] {
        server.clock.advance_ms(later);
        let again = send(&server, PATH, "DPoP", &token, &[&proof]).await;
        assert_refused("again", &again, "invalid_dpop_proof", "DPoP ");
    }
}

/// Anybody can mirror a signature on P-256, and has no new proof by that.
#[tokio::test]
async fn a_proof_with_its_signature_mirrored_is_the_same_proof() {
    let server = Server::start().await;
    let token = bound(&server, 7).await;
    let proof = Holder::new(&server, 7, &token).proof();
    let mirror = mirrored(&proof);
    assert_ne!(proof, mirror);
    let first = send(&server, PATH, "DPoP", &token, &[&mirror]).await;
    assert_eq!(first.status, 200);
    for again in [&proof, &mirror] {
        let again = send(&server, PATH, "DPoP", &token, &[again]).await;
        assert_refused("again", &again, "invalid_dpop_proof", "DPoP ");
    }
}

#[tokio::test]
async fn a_proof_that_differs_in_one_thing_is_refused() {
    let server = Server::start().await;
    let token = bound(&server, 7).await;
    let now = server.now().as_second();
    let good = || Holder::new(&server, 7, &token);
    let other_key = SigningKey::from_slice(&[8; 32]).unwrap();
    let mut private = json!(jwk(&good().key));
    private["d"] = json!(BASE64.encode([7; 32]));
    let hash = |text: &str| json!(BASE64.encode(Sha256::digest(text)));
    let mut proofs = vec![
        ("another key", Holder::new(&server, 8, &token).proof()),
        ("another signer", good().signed_by(&other_key)),
        ("a private key", good().header("jwk", private).proof()),
        (
            "no signature",
            good().proof().rsplit_once('.').unwrap().0.to_owned() + ".",
        ),
        ("a token in its place", token.clone()),
        ("nothing", String::new()),
        (
            "no claim that it knows not",
            good().claim("nonce", json!("x")).proof(),
        ),
        ("a kid", good().header("kid", json!("key")).proof()),
        ("crit", good().header("crit", json!([])).proof()),
        (
            "too long",
            good().claim("jti", json!("j".repeat(3_000))).proof(),
        ),
    ];
    for (name, value) in [
        ("typ", json!("jwt")),
        ("typ", json!("DPoP+JWT")),
        ("alg", json!("none")),
        ("alg", json!("HS256")),
        ("alg", json!("EdDSA")),
        ("jwk", Value::Null),
        ("jwk", json!({ "kty": "oct", "k": "AAAA" })),
    ] {
        proofs.push((name, good().header(name, value).proof()));
    }
    for (name, value) in [
        ("jti", json!("")),
        ("jti", json!(7)),
        ("jti", Value::Null),
        ("htm", json!("POST")),
        ("htm", json!("get")),
        ("htu", json!(PATH)),
        ("htu", json!(format!("{ISSUER}/v1/embed/dashboard"))),
        ("htu", json!(format!("{ISSUER}{PATH}/"))),
        ("htu", json!(format!("http://embed.example.com{PATH}"))),
        ("htu", json!(format!("https://evil.example{PATH}"))),
        ("htu", json!(format!("https://a@embed.example.com{PATH}"))),
        ("htu", json!(format!("{ISSUER}:8443{PATH}"))),
        ("iat", json!(now - 61)),
        ("iat", json!(now + 31)),
        ("iat", json!(now.to_string())),
        ("iat", json!(i64::MIN)),
        ("iat", json!(i64::MAX)),
        ("ath", hash("another token")),
        ("ath", json!("")),
        ("ath", Value::Null),
    ] {
        proofs.push((name, good().claim(name, value).proof()));
    }
    for (what, proof) in &proofs {
        let answer = send(&server, PATH, "DPoP", &token, &[proof]).await;
        assert_refused(what, &answer, "invalid_dpop_proof", "DPoP ");
    }
    // None of them used up the good one, which is refused beside another.
    let proof = good().proof();
    let two = send(&server, PATH, "DPoP", &token, &[&proof, &proof]).await;
    assert_refused("two", &two, "invalid_dpop_proof", "DPoP ");
    let none = send(&server, PATH, "DPoP", &token, &[]).await;
    assert_refused("none", &none, "invalid_dpop_proof", "DPoP ");
    assert_eq!(
        send(&server, PATH, "DPoP", &token, &[&proof]).await.status,
        200
    );
}

#[tokio::test]
async fn a_proof_is_for_one_endpoint_and_one_token() {
    let server = Server::start().await;
    let token = bound(&server, 7).await;
    let proof = Holder::new(&server, 7, &token).proof();
    let elsewhere = send(&server, "/v1/embed/dashboard", "DPoP", &token, &[&proof]).await;
    assert_refused("elsewhere", &elsewhere, "invalid_dpop_proof", "DPoP ");
    let next = bound(&server, 7).await;
    let other = send(&server, PATH, "DPoP", &next, &[&proof]).await;
    assert_refused("another token", &other, "invalid_dpop_proof", "DPoP ");
}

#[tokio::test]
async fn neither_kind_of_token_passes_for_the_other() {
    let server = Server::start().await;
    let token = bound(&server, 7).await;
    let proof = Holder::new(&server, 7, &token).proof();
    let copied = send(&server, PATH, "Bearer", &token, &[]).await;
    assert_refused("a copied token", &copied, "token_invalid", "DPoP ");
    let as_bearer = send(&server, PATH, "Bearer", &token, &[&proof]).await;
    assert_refused("as a bearer", &as_bearer, "token_invalid", "DPoP ");

    let plain = server.embed_token().await;
    let proof = Holder::new(&server, 7, &plain).proof();
    let dressed_up = send(&server, PATH, "DPoP", &plain, &[&proof]).await;
    assert_refused("dressed up", &dressed_up, "token_invalid", "Bearer ");
    assert_eq!(server.get_with(PATH, &plain).await.status, 200);

    let access = server.access_token(&server.ours).await;
    let mut request = mint_request(&access, &mint_body(&server.ours, json!({})));
    let headers = request.headers_mut();
    headers.insert(
        header::AUTHORIZATION,
        format!("DPoP {access}").parse().unwrap(),
    );
    let answer = server.send(request).await;
    assert_refused("an access token", &answer, "token_invalid", "Bearer ");
}

#[tokio::test]
async fn a_bound_token_that_no_longer_holds_is_challenged_in_its_own_scheme() {
    const INVALID: &str = r#"DPoP realm="oriel", error="invalid_token", algs="ES256 EdDSA""#;
    let server = Server::start().await;
    let token = bound(&server, 7).await;
    let other = bound(&server, 8).await;
    let proof = Holder::new(&server, 7, &token).proof();
    let (start, _) = token.rsplit_once('.').unwrap();
    let unsigned = format!("{start}.{}", BASE64.encode([1; 64]));
    for (token, code) in [
        ("", "token_malformed"),
        ("nonsense", "token_malformed"),
        (&unsigned, "token_invalid"),
    ] {
        let answer = send(&server, PATH, "DPoP", token, &[&proof]).await;
        assert_refused(token, &answer, code, INVALID);
        // Whoever sends bearer tokens is told of those.
        let answer = send(&server, PATH, "Bearer", token, &[]).await;
        assert_refused(token, &answer, code, "Bearer ");
    }
    let access = server.access_token(&server.ours).await;
    let mut revoke = Request::post("/v1/revocations")
        .header("content-type", "application/json")
        .body(json!({ "embed": server.ours.embed.id }).to_string().into())
        .unwrap();
    revoke = with_token(revoke, &access);
    server.clock.advance_ms(1_000);
    assert_eq!(server.send(revoke).await.status, 201);
    server.clock.advance_ms(500);
    let answer = send(&server, PATH, "DPoP", &token, &[&proof]).await;
    assert_refused("revoked", &answer, "session_revoked", INVALID);
    server.clock.advance_ms(400_000);
    let answer = send(&server, PATH, "DPoP", &other, &[&proof]).await;
    assert_refused("expired", &answer, "token_expired", INVALID);
}

#[tokio::test]
async fn an_embed_may_take_bound_tokens_only() {
    let mut server = Server::start().await;
    let plain = server.embed_token().await;
    let mut new = new_embed();
    new.require_dpop = true;
    let tenant = server.ours.tenant.id.clone();
    let store = server.store.clone();
    let embed = store
        .create_embed(&mut server.context(), &tenant, new)
        .await
        .unwrap();
    server.ours.embed = embed;

    let access = server.access_token(&server.ours).await;
    let mint = |more| mint_request(&access, &mint_body(&server.ours, more));
    let answer = server.send(mint(json!({}))).await;
    assert_eq!(
        (answer.status.as_u16(), answer.errors_at()),
        (422, vec!["/dpop_jkt".to_owned()])
    );
    for no_thumbprint in [
        "",
        "x",
        &"A".repeat(42),
        &"A".repeat(44),
        &format!("{}=", "A".repeat(42)),
    ] {
        let answer = server
            .send(mint(json!({ "dpop_jkt": no_thumbprint })))
            .await;
        assert_eq!(answer.errors_at(), ["/dpop_jkt"], "{no_thumbprint}");
    }
    assert_eq!(
        server.send(mint(json!({ "dpop_jkt": null }))).await.status,
        422
    );

    // A tenant that signs its own tokens does not come through the mint.
    let forged = crate::forge::Forge::of(&server, &server.ours).await.token();
    for scheme in ["Bearer", "DPoP"] {
        let answer = send(&server, PATH, scheme, &forged, &[]).await;
        assert_refused(scheme, &answer, "token_invalid", "DPoP ");
    }
    let bound = bound(&server, 7).await;
    let proof = Holder::new(&server, 7, &bound).proof();
    assert_eq!(
        send(&server, PATH, "DPoP", &bound, &[&proof]).await.status,
        200
    );
    assert_eq!(server.send(with_token(get(PATH), &plain)).await.status, 200);
}
