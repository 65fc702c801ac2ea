//! Authentication as an argument type: a handler that takes an [`EmbedAccess`]
//! or a [`ManagementAccess`] cannot be reached without the right token.

use std::{marker::PhantomData, ops::Deref, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use oriel_contract::ProblemCode;

use super::{
    AccessError, EmbedSession,
    claims::{AccessClaims, has_scope},
    verify::TokenError,
};
use crate::{app::App, problem::Failure};

/// What a token must allow.
pub trait Permission {
    /// Scopes of which one is needed; none where any token of the kind will do.
    const SCOPES: &'static [&'static str];
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $scopes:expr;)*) => {$(
        $(#[$doc])*
        pub enum $name {}
        impl Permission for $name {
            const SCOPES: &'static [&'static str] = &$scopes;
        }
    )*};
}

permissions! {
    /// Any token of the kind.
    AnyScope = [];
    /// Reading numbers and projects.
    ReadDashboard = ["dashboard:read"];
    /// Reading tasks.
    ReadTasks = ["tasks:read"];
    /// Reading what tasks can be filtered by.
    ReadEither = ["dashboard:read", "tasks:read"];
    /// Minting embed tokens.
    MintEmbedTokens = ["embed_tokens:mint"];
    /// Taking embed tokens back.
    RevokeEmbedTokens = ["embed_tokens:revoke"];
}

/// The scope without which people are called by pseudonyms. It opens no endpoint.
pub const NAME_PEOPLE: &str = "people:read";

/// Scopes that an embed token may have, in the order they are written.
pub const EMBED_SCOPES: [&str; 3] = ["dashboard:read", "tasks:read", NAME_PEOPLE];

/// Scopes that an access token may have.
pub const MANAGEMENT_SCOPES: [&str; 2] = ["embed_tokens:mint", "embed_tokens:revoke"];

/// A verified embed token with the scope `P`.
pub struct EmbedAccess<P> {
    session: Arc<EmbedSession>,
    permission: PhantomData<P>,
}

impl<P> EmbedAccess<P> {
    /// Asks for another permission, for a part of what the endpoint does.
    pub fn require<Q: Permission>(&self) -> Result<(), Failure> {
        require::<Q>(&self.session.claims.scope)
    }

    /// The session, for an answer that outlives its handler. It must be checked
    /// again on the way, by [`super::Tokens::recheck`].
    #[must_use]
    pub fn into_session(self) -> Arc<EmbedSession> {
        self.session
    }
}

impl<P> Deref for EmbedAccess<P> {
    type Target = EmbedSession;

    fn deref(&self) -> &EmbedSession {
        &self.session
    }
}

impl<P: Permission> FromRequestParts<App> for EmbedAccess<P> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let token = bearer(&parts.headers)?;
        let session = app.tokens.embed(token, app.clock.now()).await?;
        require::<P>(&session.claims.scope)?;
        Ok(Self {
            session,
            permission: PhantomData,
        })
    }
}

/// A verified access token with the scope `P`.
pub struct ManagementAccess<P> {
    pub claims: AccessClaims,
    permission: PhantomData<P>,
}

impl<P: Permission> FromRequestParts<App> for ManagementAccess<P> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let token = bearer(&parts.headers)?;
        let claims = app.tokens.access(token, app.clock.now()).await?;
        require::<P>(&claims.scope)?;
        Ok(Self {
            claims,
            permission: PhantomData,
        })
    }
}

/// The token of the one `Authorization` header (RFC 6750 §2.1). A header of
/// another scheme counts as none.
fn bearer(headers: &HeaderMap) -> Result<&str, Failure> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = all.next() else {
        return Err(Failure::new(ProblemCode::TokenMissing));
    };
    if all.next().is_some() {
        return Err(Failure::new(ProblemCode::TokenMalformed));
    }
    let bytes = value.as_bytes();
    let is_bearer = bytes
        .get(..6)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer"));
    if !is_bearer || bytes.get(6).is_some_and(|next| *next != b' ') {
        return Err(Failure::new(ProblemCode::TokenMissing));
    }
    value
        .to_str()
        .ok()
        .map(|text| text[6..].trim_matches(' '))
        .filter(|token| !token.is_empty())
        .ok_or_else(|| Failure::new(ProblemCode::TokenMalformed))
}

fn require<P: Permission>(granted: &str) -> Result<(), Failure> {
    match P::SCOPES {
        [first, ..] if !P::SCOPES.iter().any(|scope| has_scope(granted, scope)) => {
            Err(Failure::insufficient_scope(first))
        }
        _ => Ok(()),
    }
}

impl From<AccessError> for Failure {
    fn from(error: AccessError) -> Self {
        Self::new(match error {
            AccessError::Store(error) => return error.into(),
            AccessError::Unreadable(failure) => return *failure,
            AccessError::Token(TokenError::Malformed) => ProblemCode::TokenMalformed,
            AccessError::Token(TokenError::Expired) => ProblemCode::TokenExpired,
            AccessError::Token(TokenError::Revoked) => ProblemCode::SessionRevoked,
            AccessError::Token(TokenError::Refused | TokenError::UnknownKey) => {
                ProblemCode::TokenInvalid
            }
        })
    }
}
