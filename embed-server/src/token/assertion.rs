//! Assertions that clients sign to show who they are: `private_key_jwt` (RFC 7523 §3,
//! `OpenID` Connect Core §9).
//!
//! They are believed by the same rules as tokens, strictly, and by the client's own keys
//! alone.

use jiff::Timestamp;
use serde::Deserialize;

use super::{claims::LEEWAY, crypto::PublicKey, jws::Jws};

/// Longest assertion that is looked at, in bytes.
const LONGEST_ASSERTION: usize = 4 * 1024;

/// Longest `jti`, in bytes.
const LONGEST_ID: usize = 256;

/// How far ahead an assertion may end, in seconds: as far as the widespread clients go by
/// default (authlib's end after an hour). It is taken once, and remembered for that long.
const LONGEST_AHEAD: i64 = 3_600;

/// An assertion that does not hold. There is one reason for all, as for a wrong secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the assertion does not hold")]
pub struct AssertionError;

/// An assertion that is read, and not yet believed.
pub struct Assertion<'a> {
    jws: Jws<'a>,
    header: Header,
    claims: Claims,
}

/// Whatever else a header may hold (`crit`, `jwk`, `jku`, `x5u`, …) is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    kid: Option<String>,
}

/// RFC 7523 §3 lets clients say more.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    #[serde(default)]
    iat: Option<i64>,
    #[serde(default)]
    nbf: Option<i64>,
    jti: String,
}

/// For one receiver, or an array of that one: an assertion that is for others as well
/// could be passed on by them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Array([String; 1]),
}

/// A key of the client.
pub struct CandidateKey {
    pub kid: String,
    pub key: PublicKey,
}

/// What is left to check: that it was not there before.
#[derive(Debug, PartialEq, Eq)]
pub struct Believed {
    pub jti: String,
    /// From when on it is refused for its age, in seconds.
    pub over_at: i64,
}

impl<'a> Assertion<'a> {
    /// Reads an assertion.
    pub fn read(text: &'a str) -> Result<Self, AssertionError> {
        let jws = Jws::parse(text, LONGEST_ASSERTION).ok_or(AssertionError)?;
        let header = jws.header().map_err(|_| AssertionError)?;
        let claims = jws.payload().map_err(|_| AssertionError)?;
        Ok(Self {
            jws,
            header,
            claims,
        })
    }

    /// The client that it says it is of.
    #[must_use]
    pub fn client(&self) -> &str {
        &self.claims.sub
    }

    /// Believes it, by one of the client's keys, where it is for one of `audiences`.
    pub fn verify(
        self,
        keys: &[CandidateKey],
        audiences: &[&str],
        now: Timestamp,
    ) -> Result<Believed, AssertionError> {
        let Self {
            jws,
            header,
            claims,
        } = self;
        let holds = is_of_the_kind(header.typ.as_deref())
            && claims.iss == claims.sub
            && audiences.contains(&claims.aud.text())
            && is_of_now(&claims, now.as_second())
            && (1..=LONGEST_ID).contains(&claims.jti.len());
        let may_be = |one: &&CandidateKey| {
            is_of_key(&header.alg, &one.key)
                && header.kid.as_ref().is_none_or(|kid| *kid == one.kid)
        };
        if holds
            && keys
                .iter()
                .filter(may_be)
                .any(|one| jws.is_signed_by(&one.key))
        {
            Ok(Believed {
                jti: claims.jti,
                over_at: claims.exp + LEEWAY,
            })
        } else {
            Err(AssertionError)
        }
    }
}

impl Audience {
    fn text(&self) -> &str {
        match self {
            Self::One(text) | Self::Array([text]) => text,
        }
    }
}

/// No token of another kind passes for an assertion (RFC 8725 §3.11). Most clients name
/// none; `client-authentication+jwt` is what the update of RFC 7523 asks for.
fn is_of_the_kind(typ: Option<&str>) -> bool {
    typ.is_none_or(|typ| {
        ["JWT", "client-authentication+jwt"]
            .iter()
            .any(|known| typ.eq_ignore_ascii_case(known))
    })
}

/// Whether `alg` is the key's own. Ed25519 has two names by now (RFC 9864 §2.2), and the
/// current clients use either.
fn is_of_key(alg: &str, key: &PublicKey) -> bool {
    alg == key.alg() || (alg == "Ed25519" && matches!(key, PublicKey::Ed25519(_)))
}

fn is_of_now(claims: &Claims, now: i64) -> bool {
    let has_begun = |at: Option<i64>| at.is_none_or(|at| at <= now + LEEWAY);
    (now - LEEWAY + 1..=now + LONGEST_AHEAD + LEEWAY).contains(&claims.exp)
        && has_begun(claims.iat)
        && has_begun(claims.nbf)
}
