//! The one place where a token is believed.
//!
//! `jsonwebtoken` does not check `typ` or `crit`, ignores `nbf` unless told, and
//! takes a token without an audience; so it is used for its signature check
//! alone, and each rule stands here.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use oriel_contract::KeyId;
use serde::Deserialize;

use super::{
    claims::{Kind, LEEWAY, LONGEST_LIFE},
    keys::KeySet,
};

/// Longest token that is looked at, in bytes. Minting keeps to it too.
pub const LONGEST_TOKEN: usize = 6 * 1024;

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a token at all.
    #[error("malformed")]
    Malformed,
    /// A token that is not one of ours, or not for this place.
    #[error("refused")]
    Refused,
    /// Signed by a key that is not known here, which may be one just made.
    #[error("unknown key")]
    UnknownKey,
    /// Was good, and its time is over.
    #[error("expired")]
    Expired,
    /// Was good, and was taken back.
    #[error("revoked")]
    Revoked,
}

/// The header that our tokens have, to the member. Whatever else a header may
/// hold (`crit`, `b64`, `jwk`, `jku`, `x5u`, `x5c`, `zip`, …) is refused, and so
/// is a member that comes twice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

/// A token that is believed: its claims, and the key that signed it.
pub struct Verified<K> {
    pub key: KeyId,
    pub claims: K,
}

/// Checks everything that a token says about itself.
///
/// What the claims name (embed, tenant) is looked up by the caller.
pub fn verify<K: Kind>(
    token: &str,
    keys: &KeySet,
    issuer: &str,
    now: Timestamp,
) -> Result<Verified<K>, TokenError> {
    if token.len() > LONGEST_TOKEN {
        return Err(TokenError::Malformed);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
    let (header, claims) = message.split_once('.').ok_or(TokenError::Malformed)?;
    let header = decode(header)?;
    let claims = decode(claims)?;
    // Broken JSON is malformed; sound JSON of another shape is a refusal.
    serde_json::from_slice::<serde::de::IgnoredAny>(&header).map_err(|_| TokenError::Malformed)?;
    serde_json::from_slice::<serde::de::IgnoredAny>(&claims).map_err(|_| TokenError::Malformed)?;

    let header: Header = serde_json::from_slice(&header).map_err(|_| TokenError::Refused)?;
    if header.alg != "EdDSA" || header.typ != K::TYP {
        return Err(TokenError::Refused);
    }
    let kid: KeyId = header.kid.parse().map_err(|_| TokenError::Refused)?;
    let key = keys.verifying(&kid).ok_or(TokenError::UnknownKey)?;
    if key.is_retired(now) {
        return Err(TokenError::Refused);
    }
    let signed =
        jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key.key, key.algorithm)
            .map_err(|_| TokenError::Malformed)?;
    if !signed {
        return Err(TokenError::Refused);
    }

    let claims: K = serde_json::from_slice(&claims).map_err(|_| TokenError::Refused)?;
    let said = claims.registered();
    let now = now.as_second();
    let refused = said.issuer != issuer
        || said.audience != K::AUDIENCE
        || *said.tenant != key.tenant
        || said.id.is_empty()
        || said.issued_at > now + LEEWAY
        || said.not_before > now + LEEWAY
        || said.expires_at <= said.issued_at
        || said.expires_at.saturating_sub(said.issued_at) > LONGEST_LIFE;
    if refused {
        return Err(TokenError::Refused);
    }
    if has_expired(said.expires_at, now) {
        return Err(TokenError::Expired);
    }
    Ok(Verified { key: kid, claims })
}

/// Whether a token that ends at `expires_at` is over at `now`, both in seconds.
#[must_use]
pub fn has_expired(expires_at: i64, now: i64) -> bool {
    expires_at + LEEWAY <= now
}

fn decode(part: &str) -> Result<Vec<u8>, TokenError> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| TokenError::Malformed)
}
