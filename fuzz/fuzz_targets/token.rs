//! The token parser: as an attacker without a key sends it, and as one who can have
//! anything signed. Nothing panics, and what is believed keeps to every rule.

#![no_main]

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ed25519_dalek::{Signer, SigningKey};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use oriel::token::{
    claims::{AccessClaims, EmbedClaims, LEEWAY, LONGEST_LIFE},
    crypto::PublicKey,
    keys::KeySet,
    verify::verify,
};
use oriel_store::TenantKey;

const NOW: i64 = 1_750_000_000;
const KEY: &str = "key_01jd8x0c6tfwasq9m2yjz0v4kb";
const TENANT: &str = "tnt_01jd8x0c6tfwasq9m2yjz0v4kb";

static SIGNER: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_bytes(&[7; 32]));
static KEYS: LazyLock<KeySet> = LazyLock::new(|| {
    let public = PublicKey::Ed25519(SIGNER.verifying_key());
    let key = TenantKey {
        id: KEY.parse().unwrap(),
        tenant: TENANT.parse().unwrap(),
        name: String::new(),
        alg: public.alg().to_owned(),
        public_jwk: public.jwk(),
        created_at: Timestamp::UNIX_EPOCH,
        retires_at: None,
    };
    KeySet::of(vec![key], Vec::new())
});

fuzz_target!(|text: &str| {
    let now = Timestamp::from_second(NOW).unwrap();
    let issuer = "https://embed.example.com";
    assert!(verify::<EmbedClaims>(text, &KEYS, issuer, now).is_err());

    let header = format!(r#"{{"typ":"embed+jwt","alg":"EdDSA","kid":"{KEY}"}}"#);
    let message = format!("{}.{}", BASE64.encode(header), BASE64.encode(text));
    let signature = SIGNER.sign(message.as_bytes());
    let token = format!("{message}.{}", BASE64.encode(signature.to_bytes()));
    assert!(verify::<AccessClaims>(&token, &KEYS, issuer, now).is_err());
    let Ok(believed) = verify::<EmbedClaims>(&token, &KEYS, issuer, now) else {
        return;
    };
    let claims = believed.claims;
    assert_eq!(claims.iss, TENANT);
    assert_eq!(claims.tid.as_str(), TENANT);
    assert_eq!(claims.aud, "oriel:embed");
    assert!(claims.iat <= NOW + LEEWAY && claims.exp > NOW - LEEWAY);
    assert!(claims.exp - claims.iat <= LONGEST_LIFE);
});
