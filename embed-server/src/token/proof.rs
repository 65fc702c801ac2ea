//! Proofs that whoever sends a token holds the key that it is bound to: DPoP (RFC 9449).
//!
//! A token that was copied out of a page is worth nothing without that key, which its
//! frame cannot give away; and a proof that was copied along is for one request, and
//! refused when it comes again.

use jiff::Timestamp;
use oriel_contract::PublicJwk;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{claims::LEEWAY, crypto::PublicKey, jws::Jws};

/// Longest proof that is looked at, in bytes.
const LONGEST_PROOF: usize = 2 * 1024;

/// Longest `jti`, in bytes.
const LONGEST_ID: usize = 128;

/// How old a proof may be, in seconds.
pub const OLDEST: i64 = 60;

/// A proof that does not hold. There is one reason for all: the client makes a new
/// proof, and an attacker learns nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the proof does not hold")]
pub struct ProofError;

/// The request that a proof has to be about.
#[derive(Debug, Clone, Copy)]
pub struct Proven<'a> {
    pub method: &'a str,
    /// Scheme, host and port that the request was sent to.
    pub origin: &'a str,
    pub path: &'a str,
    /// The token that it came with.
    pub token: &'a str,
    /// The thumbprint that the token is bound to.
    pub jkt: &'a str,
}

/// RFC 9449 §4.2, to the member: no `kid`, `crit`, `x5c` or the like.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    typ: String,
    alg: String,
    jwk: PublicJwk,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: i64,
    ath: String,
}

/// Checks all that can be told from a proof by itself (RFC 9449 §4.3), and gives its
/// `jti`: whether that was there before is for [`super::replays::Replays`] to know.
pub fn verify(proof: &str, of: Proven<'_>, now: Timestamp) -> Result<String, ProofError> {
    let jws = Jws::parse(proof, LONGEST_PROOF).ok_or(ProofError)?;
    let header: Header = jws.header().map_err(|_| ProofError)?;
    let claims: Claims = jws.payload().map_err(|_| ProofError)?;
    let key = PublicKey::of(&header.jwk).map_err(|_| ProofError)?;
    let now = now.as_second();
    let is_about_it = header.typ == "dpop+jwt"
        && header.alg == key.alg()
        && key.thumbprint() == of.jkt
        && (1..=LONGEST_ID).contains(&claims.jti.len())
        && claims.htm == of.method
        && is_target(&claims.htu, of)
        && (now - OLDEST..=now + LEEWAY).contains(&claims.iat)
        && claims.ath == URL_SAFE_NO_PAD.encode(Sha256::digest(of.token));
    // The signature last: it costs more than all the rest.
    if is_about_it && jws.is_signed_by(&key) {
        Ok(claims.jti)
    } else {
        Err(ProofError)
    }
}

/// Whether `htu` is the address of the request, query and fragment aside; other
/// spellings of the same address are as good (RFC 3986 §6.2).
fn is_target(htu: &str, of: Proven<'_>) -> bool {
    if htu.strip_prefix(of.origin) == Some(of.path) {
        return true;
    }
    let Ok(url) = Url::parse(htu) else {
        return false;
    };
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    !has_credentials && url.origin().ascii_serialization() == of.origin && url.path() == of.path
}
