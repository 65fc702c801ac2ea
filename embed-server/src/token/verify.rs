//! The one place where a token is believed.
//!
//! `jsonwebtoken` does not check `typ` or `crit`, ignores `nbf` unless told, and
//! takes a token without an audience; so it verifies nothing, and each rule stands here.

use jiff::Timestamp;
use oriel_contract::{KeyId, TenantId};
use serde::Deserialize;

use super::{
    claims::{Kind, LEEWAY, LONGEST_LIFE, Registered},
    jws::{Jws, Unread},
    keys::{Holder, KeySet, VerifyingKey},
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
    /// An access token that was good, and was revoked, itself or with its grant.
    #[error("given back")]
    GivenBack,
    /// Good, but none of its tenant's tokens is taken now.
    #[error("its tenant is suspended")]
    Suspended,
}

impl From<Unread> for TokenError {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Malformed => Self::Malformed,
            Unread::Shape => Self::Refused,
        }
    }
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

/// A token that is believed.
pub struct Verified<K> {
    /// The key that signed it.
    pub key: KeyId,
    /// Whose key that is; the token says the same.
    pub tenant: TenantId,
    pub claims: K,
}

/// Checks everything that a token says about itself.
///
/// What the claims name (embed, tenant, projects) is looked up by the caller.
pub fn verify<K: Kind>(
    token: &str,
    keys: &KeySet,
    issuer: &str,
    now: Timestamp,
) -> Result<Verified<K>, TokenError> {
    let jws = Jws::parse(token, LONGEST_TOKEN).ok_or(TokenError::Malformed)?;
    let header: Header = jws.header()?;
    let claims: K = jws.payload()?;
    let kid: KeyId = header.kid.parse().map_err(|_| TokenError::Refused)?;
    if header.typ != K::TYP {
        return Err(TokenError::Refused);
    }
    let key = keys.verifying(&kid).ok_or(TokenError::UnknownKey)?;
    let is_right_key =
        header.alg == key.key.alg() && !key.is_retired(now) && K::may_be_of(key.holder);
    if !is_right_key || !jws.is_signed_by(&key.key) {
        return Err(TokenError::Refused);
    }
    check(
        &claims.registered(),
        key,
        issuer,
        K::AUDIENCE,
        now.as_second(),
    )?;
    let tenant = key.tenant.clone();
    Ok(Verified {
        key: kid,
        tenant,
        claims,
    })
}

/// Checks the claims that both kinds have.
fn check(
    said: &Registered<'_>,
    key: &VerifyingKey,
    issuer: &str,
    audience: &str,
    now: i64,
) -> Result<(), TokenError> {
    // Whoever holds the key is the issuer, and nobody in their name (RFC 8725 §3.8).
    let issuer = match key.holder {
        Holder::Oriel => issuer,
        Holder::Tenant => key.tenant.as_str(),
    };
    let refused = said.issuer != issuer
        || said.audience != audience
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
    Ok(())
}

/// Whether a token that ends at `expires_at` is over at `now`, both in seconds.
#[must_use]
pub fn has_expired(expires_at: i64, now: i64) -> bool {
    expires_at.saturating_add(LEEWAY) <= now
}
