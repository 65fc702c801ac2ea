//! Tokens of an attacker's making.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ed25519_dalek::{Signer, SigningKey};
use oriel_contract::KeyId;
use serde_json::{Value, json};

use crate::harness::{ISSUER, Party, Server};

/// Signs anything at all with a tenant's own key, as an attacker who got hold of
/// a signing oracle, or a later bug of ours, might.
pub struct Forge {
    pub kid: KeyId,
    pub key: SigningKey,
    pub header: Value,
    pub claims: Value,
}

impl Forge {
    pub async fn of(server: &Server, party: &Party) -> Self {
        let keys = server.store.signing_keys().await.unwrap();
        let key = keys
            .into_iter()
            .find(|key| key.tenant == party.tenant.id)
            .unwrap();
        let seed = server
            .master
            .open(key.id.as_str(), &key.private_sealed)
            .unwrap();
        let now = server.now().as_second();
        Self {
            header: json!({ "typ": "embed+jwt", "alg": "EdDSA", "kid": key.id }),
            claims: json!({
                "iss": ISSUER,
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

    pub fn header(mut self, name: &str, value: Value) -> Self {
        self.header[name] = value;
        self
    }

    pub fn claim(mut self, name: &str, value: Value) -> Self {
        self.claims[name] = value;
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.claims.as_object_mut().unwrap().remove(name);
        self
    }

    pub fn token(&self) -> String {
        sign(
            &self.key,
            &self.header.to_string(),
            &self.claims.to_string(),
        )
    }
}

/// A token of these very parts.
pub fn sign(key: &SigningKey, header: &str, claims: &str) -> String {
    signed(header, claims, |message| key.sign(message).to_bytes())
}

/// The same by ES256.
pub fn sign_es256(key: &p256::ecdsa::SigningKey, header: &Value, claims: &Value) -> String {
    signed(&header.to_string(), &claims.to_string(), |message| {
        let signature: p256::ecdsa::Signature = key.sign(message);
        signature.to_bytes()
    })
}

fn signed<S: AsRef<[u8]>>(header: &str, claims: &str, by: impl Fn(&[u8]) -> S) -> String {
    let message = format!("{}.{}", BASE64.encode(header), BASE64.encode(claims));
    let signature = BASE64.encode(by(message.as_bytes()));
    format!("{message}.{signature}")
}
