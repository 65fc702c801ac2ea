//! A client's id and secret: how they come, and whether they are right.

use argon2::{
    Argon2, PasswordHash, PasswordHasher, PasswordVerifier,
    password_hash::{self, SaltString},
};
use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use oriel_contract::{ClientId, OAuthErrorCode};
use oriel_store::{Client, LIVE_SECRETS};
use rand::RngCore;
use url::form_urlencoded;

use crate::{app::App, problem::Failure};

/// A client id and secret, as they were sent.
pub struct Credentials {
    pub id: String,
    pub secret: String,
}

/// Hashes a client secret with Argon2id, to be stored.
pub fn hash_secret(rng: &mut dyn RngCore, secret: &str) -> Result<String, password_hash::Error> {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    let salt = SaltString::encode_b64(&bytes)?;
    let hash = Argon2::default().hash_password(secret.as_bytes(), &salt)?;
    Ok(hash.to_string())
}

/// A hash of no client's secret, checked wherever a client has fewer secrets than it may,
/// or is not there at all: each check takes as long as any other.
pub struct DummyHash(String);

impl DummyHash {
    /// A hash of random bytes, as expensive to check as a real one.
    pub fn new(rng: &mut dyn RngCore) -> anyhow::Result<Self> {
        let secret = rng.next_u64().to_string();
        hash_secret(rng, &secret)
            .map(Self)
            .map_err(|error| anyhow::anyhow!("cannot hash with Argon2: {error}"))
    }
}

/// The credentials of an `Authorization: Basic` header: base64 of two
/// form-encoded halves (RFC 6749 §2.3.1). `None` where there is no such header.
pub fn basic(headers: &HeaderMap) -> Option<Result<Credentials, OAuthErrorCode>> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let value = all.next()?;
    if all.next().is_some() {
        return Some(Err(OAuthErrorCode::InvalidRequest));
    }
    let text = value.to_str().unwrap_or_default();
    let encoded = match text.split_once(' ') {
        Some((scheme, encoded)) if scheme.eq_ignore_ascii_case("basic") => {
            encoded.trim_matches(' ')
        }
        _ => return Some(Err(OAuthErrorCode::InvalidClient)),
    };
    Some(decode_basic(encoded).ok_or(OAuthErrorCode::InvalidClient))
}

fn decode_basic(encoded: &str) -> Option<Credentials> {
    let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some(Credentials {
        id: form_decode(id)?,
        secret: form_decode(secret)?,
    })
}

/// Decodes one value of `application/x-www-form-urlencoded`.
fn form_decode(text: &str) -> Option<String> {
    // A bare `&` or `=` would be read as syntax; clients must encode both.
    let literal = text.replace('&', "%26").replace('=', "%3D");
    let (value, _) = form_urlencoded::parse(literal.as_bytes())
        .next()
        .unwrap_or_default();
    (!value.contains('\u{FFFD}')).then(|| value.into_owned())
}

/// The client of that id, if there is one.
pub async fn find(app: &App, id: &str) -> Result<Option<Client>, Failure> {
    match id.parse::<ClientId>() {
        Ok(id) => Ok(app.store.find_client(&id).await?),
        Err(_) => Ok(None),
    }
}

/// The client of these credentials; `None` alike for an unknown client and for
/// a wrong secret, after the same work.
pub async fn authenticate(app: &App, sent: Credentials) -> Result<Option<Client>, Failure> {
    let client = find(app, &sent.id).await?;
    let hashes = live_hashes(app, client.as_ref()).await?;
    let permit = app
        .secret_checks
        .clone()
        .acquire_owned()
        .await
        .map_err(Failure::internal)?;
    let is_right = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        matches_one(&sent.secret, &hashes)
    })
    .await
    .map_err(Failure::internal)?;
    Ok(client.filter(|_| is_right))
}

/// The hashes of a client's live secrets, filled up to as many as there may be.
async fn live_hashes(app: &App, client: Option<&Client>) -> Result<Vec<String>, Failure> {
    let secrets = match client {
        Some(client) => app.store.client_secrets(client).await?,
        None => Vec::new(),
    };
    let live = secrets
        .into_iter()
        .filter(|secret| secret.retired_at.is_none());
    let hashes = live.map(|secret| secret.hash).collect();
    Ok(filled_up(hashes, &app.dummy_hash))
}

/// As many hashes as there may be, whoever the client is.
fn filled_up(mut hashes: Vec<String>, dummy: &DummyHash) -> Vec<String> {
    while hashes.len() < LIVE_SECRETS {
        hashes.push(dummy.0.clone());
    }
    hashes
}

/// Checks every hash, also after one that is right: how long it takes tells nothing.
fn matches_one(secret: &str, hashes: &[String]) -> bool {
    let mut is_right = false;
    for hash in hashes {
        is_right |= PasswordHash::new(hash).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(secret.as_bytes(), &hash)
                .is_ok()
        });
    }
    is_right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_halves_of_basic_are_form_decoded() {
        let encoded = STANDARD.encode("cli%5F1:%3A%25%2B+%C3%A9");
        let credentials = decode_basic(&encoded).unwrap();
        assert_eq!(credentials.id, "cli_1");
        assert_eq!(credentials.secret, ":%+ é");
    }

    #[test]
    fn an_unknown_client_and_one_with_one_secret_have_as_much_to_check_as_one_with_two() {
        let dummy = DummyHash("dummy".to_owned());
        for own in 0..=LIVE_SECRETS {
            let hashes = filled_up(vec!["own".to_owned(); own], &dummy);
            assert_eq!(hashes.len(), 2);
            assert_eq!(hashes.iter().filter(|hash| **hash == "own").count(), own);
        }
    }

    #[test]
    fn halves_that_are_not_utf_8_or_not_there_are_refused() {
        for text in ["cli", "cli:%ff", ""] {
            assert!(decode_basic(&STANDARD.encode(text)).is_none(), "{text}");
        }
        assert!(decode_basic("not base64!").is_none());
    }
}
