//! Authentication as an argument type: a handler that takes an [`EmbedAccess`]
//! or a [`ManagementAccess`] cannot be reached without the right token.

use std::{marker::PhantomData, ops::Deref, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, header, request::Parts},
};
use oriel_contract::{ProblemCode, TenantId};
use oriel_store::{Actor, Change, Context, Tenant, TenantScope, TenantStore, Touches};
use rand_chacha::ChaCha20Rng;

use super::{
    AccessError, EmbedSession,
    claims::{AccessClaims, EmbedClaims, Kind, has_scope},
    jws::Jws,
    proof::Proven,
    verify::{LONGEST_TOKEN, TokenError},
};
use crate::{
    app::App,
    audit::Attribution,
    problem::Failure,
    serve::{edge::RequestId, passage::Passage},
};

/// Where a proof is sent (RFC 9449 §4.1).
const DPOP: HeaderName = HeaderName::from_static("dpop");

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
    /// Seeing the keys that the tenant has registered.
    ReadTenantKeys = ["tenant_keys:read"];
    /// Registering keys, and retiring them.
    WriteTenantKeys = ["tenant_keys:write"];
    /// Answering apps that ask to act for the tenant's users.
    WriteAuthorizations = ["authorizations:write"];
    /// Reading the tenant's audit log.
    ReadAudit = ["audit:read"];
    /// Reading the tenant's projects.
    ReadProjects = ["projects:read"];
    /// Changing the tenant's projects.
    WriteProjects = ["projects:write"];
    /// Reading the tenant's tasks.
    ReadTaskResources = ["tasks:read"];
    /// Changing the tenant's tasks.
    WriteTasks = ["tasks:write"];
    /// Reading the tenant's users.
    ReadUsers = ["users:read"];
    /// Changing the tenant's users.
    WriteUsers = ["users:write"];
    /// Reading the tenant's embeds.
    ReadEmbeds = ["embeds:read"];
    /// Changing the tenant's embeds.
    WriteEmbeds = ["embeds:write"];
}

/// The scope without which people are called by pseudonyms. It opens no endpoint.
pub const NAME_PEOPLE: &str = "people:read";

/// Scopes that an embed token may have, in the order they are written.
pub const EMBED_SCOPES: [&str; 3] = ["dashboard:read", "tasks:read", NAME_PEOPLE];

/// Scopes that an access token may have.
pub const MANAGEMENT_SCOPES: [&str; 14] = [
    "audit:read",
    "authorizations:write",
    "embed_tokens:mint",
    "embed_tokens:revoke",
    "embeds:read",
    "embeds:write",
    "projects:read",
    "projects:write",
    "tasks:read",
    "tasks:write",
    "tenant_keys:read",
    "tenant_keys:write",
    "users:read",
    "users:write",
];

/// Those of them that an app may have. None that would let it stay when its user has
/// taken the grant back: not answering its own requests, and no key of the tenant.
pub const APP_SCOPES: [&str; 12] = [
    "audit:read",
    "embed_tokens:mint",
    "embed_tokens:revoke",
    "embeds:read",
    "embeds:write",
    "projects:read",
    "projects:write",
    "tasks:read",
    "tasks:write",
    "tenant_keys:read",
    "users:read",
    "users:write",
];

/// A verified embed token with the scope `P`.
pub struct EmbedAccess<P> {
    session: Arc<EmbedSession>,
    request_id: RequestId,
    permission: PhantomData<P>,
}

impl<P> EmbedAccess<P> {
    /// Asks for another permission, for a part of what the endpoint does.
    pub fn require<Q: Permission>(&self) -> Result<(), Failure> {
        let claims = &self.session.claims;
        require::<Q>(claims, &claims.scope)
    }

    /// The id of the request that it came with.
    #[must_use]
    pub fn request_id(&self) -> &RequestId {
        &self.request_id
    }

    /// The session, for an answer that outlives its handler. It must be checked
    /// again on the way, by [`super::Tokens::check_again`].
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
        let sent = Sent::of(&parts.headers)?;
        let session = app.tokens.embed(sent.token, app.clock.now()).await;
        let session = session.map_err(|error| {
            let failure = refused::<EmbedClaims>(sent.token, error);
            match sent.scheme {
                Scheme::Bearer => failure,
                Scheme::Dpop => failure.of_bound_token(),
            }
        })?;
        let claims = &session.claims;
        check_holder(app, parts, &sent, &session)
            .map_err(|failure| failure.attributed(Some(Attribution::of(claims))))?;
        let (tenant, now) = (&session.tenant.id, app.clock.now());
        let standing = app.reads.take(tenant, &claims.sid, now);
        Passage::of(&parts.extensions).stands(&standing);
        standing.check()?;
        require::<P>(claims, &claims.scope)?;
        let request_id = RequestId::of(&parts.extensions);
        app.audit.viewed(&session, request_id.text());
        Ok(Self {
            session,
            request_id,
            permission: PhantomData,
        })
    }
}

/// The holder of a verified access token: what [`verified`] leaves with a request.
#[derive(Clone)]
pub struct Caller {
    pub claims: Arc<AccessClaims>,
    pub tenant: Arc<Tenant>,
}

/// Verifies the access token of a request.
pub async fn verified(app: &App, headers: &HeaderMap) -> Result<Caller, Failure> {
    let sent = Sent::of(headers)?;
    if sent.scheme != Scheme::Bearer {
        return Err(Failure::new(ProblemCode::TokenInvalid));
    }
    let believed = app.tokens.access(sent.token, app.clock.now()).await;
    let (claims, tenant) = believed.map_err(|error| refused::<AccessClaims>(sent.token, error))?;
    let claims = Arc::new(claims);
    Ok(Caller { claims, tenant })
}

/// A verified access token with the scope `P`.
pub struct ManagementAccess<P> {
    pub claims: Arc<AccessClaims>,
    request_id: RequestId,
    permission: PhantomData<P>,
}

impl<P> ManagementAccess<P> {
    /// Whose data it is.
    #[must_use]
    pub fn tenant(&self) -> &TenantId {
        &self.claims.tid
    }

    /// All that the tenant has.
    #[must_use]
    pub fn store<'a>(&self, app: &'a App) -> TenantStore<'a> {
        app.store.within(TenantScope::whole(self.tenant().clone()))
    }

    /// Begins a change that needs no key to come again safely.
    pub async fn change<'a>(
        &'a self,
        app: &App,
        rng: &'a mut ChaCha20Rng,
    ) -> Result<Change<'a>, Failure> {
        let cx = self.context(app, rng);
        Ok(app.store.change(cx, self.tenant(), Touches::Data).await?)
    }

    /// The id of the request that it came with.
    #[must_use]
    pub fn request_id(&self) -> &RequestId {
        &self.request_id
    }

    /// What a write needs that the client makes now.
    pub fn context<'a>(&'a self, app: &App, rng: &'a mut ChaCha20Rng) -> Context<'a> {
        Context {
            now: app.clock.now(),
            rng,
            actor: Actor {
                id: self.claims.client_id.as_str(),
                scope: &self.claims.scope,
                request_id: self.request_id.text(),
                user: self.claims.user().unwrap_or_default(),
            },
        }
    }
}

impl<P: Permission> FromRequestParts<App> for ManagementAccess<P> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        let Some(Caller { claims, .. }) = parts.extensions.get().cloned() else {
            return Err(Failure::internal(
                "a management route is not behind its front",
            ));
        };
        require::<P>(&*claims, &claims.scope)?;
        Ok(Self {
            claims,
            request_id: RequestId::of(&parts.extensions),
            permission: PhantomData,
        })
    }
}

/// A refusal by the gate, entered for whoever sent the token: where it was good until now,
/// its signature says so, and anybody could have made up all others.
fn refused<K: Kind>(token: &str, error: AccessError) -> Failure {
    let was_good = matches!(
        error,
        AccessError::Token(
            TokenError::Expired
                | TokenError::Revoked
                | TokenError::GivenBack
                | TokenError::Suspended
        )
    );
    let claims = was_good
        .then(|| Jws::parse(token, LONGEST_TOKEN))
        .flatten()
        .and_then(|jws| jws.payload::<K>().ok());
    Failure::from(error).attributed(claims.as_ref().map(Attribution::of))
}

/// A token as it was sent.
struct Sent<'a> {
    scheme: Scheme,
    token: &'a str,
}

#[derive(PartialEq, Eq)]
enum Scheme {
    /// RFC 6750 §2.1.
    Bearer,
    /// RFC 9449 §7.1.
    Dpop,
}

impl<'a> Sent<'a> {
    /// The token of the one `Authorization` header. A header of another scheme counts
    /// as none.
    fn of(headers: &'a HeaderMap) -> Result<Self, Failure> {
        let mut all = headers.get_all(header::AUTHORIZATION).iter();
        let Some(value) = all.next() else {
            return Err(Failure::new(ProblemCode::TokenMissing));
        };
        if all.next().is_some() {
            return Err(Failure::new(ProblemCode::TokenMalformed));
        }
        // Whatever is not text stands behind the scheme, if there is one.
        let bytes = value.as_bytes();
        let end = bytes.iter().position(|byte| *byte == b' ');
        let scheme = match bytes[..end.unwrap_or(bytes.len())]
            .to_ascii_lowercase()
            .as_slice()
        {
            b"bearer" => Scheme::Bearer,
            b"dpop" => Scheme::Dpop,
            _ => return Err(Failure::new(ProblemCode::TokenMissing)),
        };
        // No text is a token either, and is refused as one that is malformed.
        let (_, token) = value
            .to_str()
            .ok()
            .and_then(|text| text.split_once(' '))
            .unwrap_or_default();
        let token = token.trim_matches(' ');
        Ok(Self { scheme, token })
    }
}

/// Whether the sender holds the key that the token is bound to, where it is bound to one
/// (RFC 9449 §7). Neither kind of token may pass for the other.
fn check_holder(
    app: &App,
    parts: &Parts,
    sent: &Sent<'_>,
    session: &EmbedSession,
) -> Result<(), Failure> {
    let Some(bound) = &session.claims.cnf else {
        return match sent.scheme {
            _ if session.embed.require_dpop => Err(Failure::unproven(ProblemCode::TokenInvalid)),
            Scheme::Dpop => Err(Failure::new(ProblemCode::TokenInvalid)),
            Scheme::Bearer => Ok(()),
        };
    };
    if sent.scheme == Scheme::Bearer {
        return Err(Failure::unproven(ProblemCode::TokenInvalid));
    }
    let mut proofs = parts.headers.get_all(DPOP).iter();
    let proof = match (proofs.next(), proofs.next()) {
        (Some(proof), None) => proof.to_str().unwrap_or_default(),
        _ => "",
    };
    let of = Proven {
        method: parts.method.as_str(),
        origin: app.config.public_url.origin(),
        path: parts.uri.path(),
        token: sent.token,
        jkt: &bound.jkt,
    };
    app.tokens
        .prove(proof, of, app.clock.now())
        .map_err(|_| Failure::unproven(ProblemCode::InvalidDpopProof))
}

fn require<P: Permission>(sender: &impl Kind, granted: &str) -> Result<(), Failure> {
    match P::SCOPES {
        [first, ..] if !P::SCOPES.iter().any(|scope| has_scope(granted, scope)) => {
            Err(Failure::insufficient_scope(first).attributed(Some(Attribution::of(sender))))
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
            AccessError::Token(TokenError::GivenBack) => ProblemCode::TokenRevoked,
            AccessError::Token(TokenError::Suspended) => ProblemCode::TenantSuspended,
            AccessError::Token(TokenError::Refused | TokenError::UnknownKey) => {
                ProblemCode::TokenInvalid
            }
        })
    }
}
