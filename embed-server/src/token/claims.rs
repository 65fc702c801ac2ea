//! What the two kinds of token say.
//!
//! Unknown claims are refused: an older server must not overlook a limit that a
//! newer one wrote into a token.

use oriel_contract::{
    ClientId, EmbedId, GrantId, LockedFilters, ProjectId, SessionId, TenantId, UserId, present,
};
use rand::RngCore;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::keys::Holder;

/// Longest life of either kind, in seconds.
pub const LONGEST_LIFE: i64 = 600;

/// How far clocks may differ, in seconds.
pub const LEEWAY: i64 = 30;

/// A kind of token. Neither is accepted where the other belongs.
pub trait Kind: Serialize + DeserializeOwned {
    /// `typ` of the header.
    const TYP: &'static str;
    /// `aud`.
    const AUDIENCE: &'static str;

    /// Whether keys of this holder may sign it.
    fn may_be_of(holder: Holder) -> bool;

    /// Who sends it: an embed session, or a client.
    fn sender(&self) -> &str;

    /// What it allows, space-separated.
    fn scope(&self) -> &str;

    /// The user whom its sender acts for, where it is an app.
    fn user(&self) -> Option<&str> {
        None
    }

    /// The claims that both kinds have.
    fn registered(&self) -> Registered<'_>;
}

/// Claims that verification checks alike for both kinds.
#[derive(Debug, Clone, Copy)]
pub struct Registered<'a> {
    pub issuer: &'a str,
    pub audience: &'a str,
    pub tenant: &'a TenantId,
    pub id: &'a str,
    /// Seconds since 1970, as are the next two.
    pub issued_at: i64,
    pub not_before: i64,
    pub expires_at: i64,
}

/// Reads the claims that both kinds spell alike. `#[serde(flatten)]` could hold
/// them once, but does not go together with the refusal of unknown claims.
macro_rules! registered {
    () => {
        fn scope(&self) -> &str {
            &self.scope
        }

        fn registered(&self) -> Registered<'_> {
            Registered {
                issuer: &self.iss,
                audience: &self.aud,
                tenant: &self.tid,
                id: &self.jti,
                issued_at: self.iat,
                not_before: self.nbf,
                expires_at: self.exp,
            }
        }
    };
}

/// Claims of an embed token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmbedClaims {
    pub iss: String,
    pub aud: String,
    /// The viewer.
    pub sub: String,
    pub tid: TenantId,
    pub emb: EmbedId,
    pub sid: SessionId,
    pub jti: String,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    /// Space-separated.
    pub scope: String,
    /// The only projects that may be seen. Absent for all; `null` is refused.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub prj: Option<Vec<ProjectId>>,
    /// Filters that cannot be lifted. Absent for none; `null` is refused.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub lock: Option<LockedFilters>,
    /// The key that its sender has to prove to hold; anybody's without it.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub cnf: Option<Confirmation>,
}

/// How a sender is known (RFC 7800 §3.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The thumbprint of the key that proofs are signed with (RFC 9449 §6.1).
    pub jkt: String,
}

impl Kind for EmbedClaims {
    const TYP: &'static str = "embed+jwt";
    const AUDIENCE: &'static str = "oriel:embed";

    fn may_be_of(_: Holder) -> bool {
        true
    }

    fn sender(&self) -> &str {
        self.sid.as_str()
    }

    registered!();
}

/// Claims of an access token (RFC 9068 §2.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessClaims {
    pub iss: String,
    pub aud: String,
    /// The user whom the client acts for, or the client itself.
    pub sub: String,
    pub client_id: ClientId,
    pub tid: TenantId,
    pub jti: String,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    /// Space-separated.
    pub scope: String,
    /// What the user has let the client do. Absent where the client acts for itself;
    /// `null` is refused.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub grt: Option<GrantId>,
}

impl AccessClaims {
    /// Whether the subject is of the kind that the grant, or its absence, asks for.
    #[must_use]
    pub fn has_its_subject(&self) -> bool {
        match &self.grt {
            Some(_) => self.sub.parse::<UserId>().is_ok(),
            None => self.sub == self.client_id.as_str(),
        }
    }
}

impl Kind for AccessClaims {
    const TYP: &'static str = "at+jwt";
    const AUDIENCE: &'static str = "oriel:api";

    /// Whoever holds a key for embed tokens must not get at the management API by it.
    fn may_be_of(holder: Holder) -> bool {
        holder == Holder::Oriel
    }

    fn sender(&self) -> &str {
        self.client_id.as_str()
    }

    fn user(&self) -> Option<&str> {
        self.grt.as_ref().map(|_| self.sub.as_str())
    }

    registered!();
}

/// Whether a space-separated list holds `scope`.
#[must_use]
pub fn has_scope(list: &str, scope: &str) -> bool {
    list.split(' ').any(|each| each == scope)
}

/// A new `jti`: 128 random bits.
pub fn new_id(rng: &mut dyn RngCore) -> String {
    format!("{:016x}{:016x}", rng.next_u64(), rng.next_u64())
}
