//! The proof parser: as an attacker without the key sends it, and as the holder of the
//! key could. Nothing panics, and no proof holds that was not signed.

#![no_main]

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use oriel::token::{
    crypto::PublicKey,
    proof::{Proven, verify},
};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};

const NOW: i64 = 1_750_000_000;

static SIGNER: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_slice(&[7; 32]).unwrap());
static PUBLIC: LazyLock<PublicKey> = LazyLock::new(|| PublicKey::P256(*SIGNER.verifying_key()));

fuzz_target!(|text: &str| {
    let now = Timestamp::from_second(NOW).unwrap();
    let jkt = PUBLIC.thumbprint();
    let of = Proven {
        method: "GET",
        origin: "https://embed.example.com",
        path: "/v1/embed/tasks",
        token: "token",
        jkt: &jkt,
    };
    assert!(verify(text, of, now).is_err());

    let jwk = PUBLIC.jwk();
    let y = jwk.y.unwrap_or_default();
    let header = format!(
        r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{{"kty":"EC","crv":"P-256","x":"{}","y":"{y}"}}}}"#,
        jwk.x
    );
    let message = format!("{}.{}", BASE64.encode(header), BASE64.encode(text));
    let signature: Signature = SIGNER.sign(message.as_bytes());
    let proof = format!("{message}.{}", BASE64.encode(signature.to_bytes()));
    if let Ok(id) = verify(&proof, of, now) {
        assert!(!id.is_empty() && text.contains("htu"));
    }
});
