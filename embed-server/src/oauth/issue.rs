//! Access tokens: who may have one, with which scope, and the answer that has it.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use oriel_contract::{AccessTokenResponse, OAuthErrorCode};
use oriel_store::{Actor, Client, Context, Grant};
use rand_chacha::ChaCha20Rng;

use super::{
    form::Form,
    refusal::{Refusal, no_store},
};
use crate::{
    app::App,
    problem::Failure,
    serve::edge::RequestId,
    token::claims::{self, AccessClaims, Kind, has_scope},
};

/// Life of an access token, in seconds.
const LIFE: u32 = 600;

/// What a write needs that a client makes now.
pub fn context<'a>(
    app: &App,
    rng: &'a mut ChaCha20Rng,
    client: &'a Client,
    request_id: &'a RequestId,
) -> Context<'a> {
    Context {
        now: app.clock.now(),
        rng,
        actor: Actor {
            id: client.id.as_str(),
            scope: "",
            request_id: request_id.text(),
            user: "",
        },
    }
}

/// The client is who it says, and yet gets nothing while its tenant is suspended.
pub async fn check_standing(app: &App, client: &Client) -> Result<(), Refusal> {
    if is_suspended(app, client).await? {
        return Err(Refusal::OAuth(
            OAuthErrorCode::UnauthorizedClient,
            "Ask the operator of this server why the tenant is suspended.",
        ));
    }
    Ok(())
}

/// Whether the client's tenant is suspended.
pub async fn is_suspended(app: &App, client: &Client) -> Result<bool, Failure> {
    let withheld = app
        .tokens
        .revocations()
        .current(&client.tenant, app.clock.now());
    Ok(withheld.await?.is_suspended())
}

/// There is one API, by either of its names (RFC 8707 §2).
pub fn check_resource(app: &App, form: &Form) -> Result<(), Refusal> {
    if form.resources().iter().all(|one| is_ours(app, one)) {
        Ok(())
    } else {
        Err(Refusal::OAuth(OAuthErrorCode::InvalidTarget, WRONG_TARGET))
    }
}

/// What to do about an `invalid_target`.
pub const WRONG_TARGET: &str = "Ask for `oriel:api`, for the issuer with /v1, or for no resource.";

/// Whether a `resource` is this server's API.
#[must_use]
pub fn is_ours(app: &App, resource: &str) -> bool {
    resource == AccessClaims::AUDIENCE || resource.strip_prefix(app.tokens.issuer()) == Some("/v1")
}

/// What was asked for, as far as it may be had; all of that where nothing was asked for.
pub fn granted_scope(may_have: &str, asked: Option<&str>) -> Result<String, Refusal> {
    narrowed(may_have, asked).ok_or(Refusal::OAuth(
        OAuthErrorCode::InvalidScope,
        "Ask only for scopes that the client has, or leave `scope` out.",
    ))
}

/// The same; `None` where something was asked for that may not be had.
#[must_use]
pub fn narrowed(may_have: &str, asked: Option<&str>) -> Option<String> {
    let Some(asked) = asked else {
        return Some(may_have.to_owned());
    };
    let mut granted: Vec<&str> = Vec::new();
    for scope in asked.split(' ') {
        if scope.is_empty() || !has_scope(may_have, scope) {
            return None;
        }
        if !granted.contains(&scope) {
            granted.push(scope);
        }
    }
    Some(granted.join(" "))
}

/// An access token for a client, for itself or by a user's grant.
pub async fn issue(
    app: &App,
    client: &Client,
    grant: Option<&Grant>,
    scope: &str,
) -> Result<String, Failure> {
    let now = app.clock.now();
    let claims = AccessClaims {
        iss: app.tokens.issuer().to_owned(),
        aud: AccessClaims::AUDIENCE.to_owned(),
        sub: grant.map_or_else(|| client.id.to_string(), |grant| grant.user.to_string()),
        client_id: client.id.clone(),
        tid: client.tenant.clone(),
        jti: claims::new_id(&mut app.entropy.fork()),
        iat: now.as_second(),
        nbf: now.as_second(),
        exp: now.as_second() + i64::from(LIFE),
        scope: scope.to_owned(),
        grt: grant.map(|grant| grant.id.clone()),
    };
    Ok(app.tokens.sign(&claims, now).await?)
}

/// The answer that has an access token, and the next refresh token of a user's grant.
pub fn answer(access_token: String, scope: String, refresh_token: Option<String>) -> Response {
    let token = AccessTokenResponse {
        access_token,
        token_type: "Bearer".to_owned(),
        expires_in: LIFE,
        scope,
        refresh_token,
    };
    (no_store(), Json(token)).into_response()
}
