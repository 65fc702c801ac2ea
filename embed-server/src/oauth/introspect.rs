//! `POST /oauth/introspect`

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use oriel_contract::{ClientId, Introspection};
use oriel_store::{Client, ClientKind, LiveRefresh};

use super::{
    asked::Asked,
    issue::is_suspended,
    opaque,
    refusal::{Refusal, no_store},
};
use crate::{
    app::App,
    problem::Failure,
    token::{AccessError, claims::AccessClaims},
};

/// Says what a token is good for (RFC 7662), to those who may know. Nobody learns anything
/// of another's token, not even that there is one.
pub async fn introspect_token(
    State(app): State<App>,
    Asked { client, form, .. }: Asked,
) -> Result<Response, Refusal> {
    if client.kind == ClientKind::PublicApp {
        return Err(Refusal::invalid_client());
    }
    let token = form.require("token", "Send `token`.")?;
    let found = if token.starts_with(opaque::REFRESH_TOKEN) {
        refresh_token(&app, &client, token).await?
    } else {
        access_token(&app, &client, token).await?
    };
    Ok((no_store(), Json(found.unwrap_or_default())).into_response())
}

async fn access_token(
    app: &App,
    asker: &Client,
    token: &str,
) -> Result<Option<Introspection>, Failure> {
    match app.tokens.access(token, app.clock.now()).await {
        Ok((claims, _)) if claims.tid == asker.tenant && may_know(asker, &claims.client_id) => {
            Ok(Some(of_claims(claims)))
        }
        Ok(_) | Err(AccessError::Token(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn refresh_token(
    app: &App,
    asker: &Client,
    token: &str,
) -> Result<Option<Introspection>, Failure> {
    if is_suspended(app, asker).await? {
        return Ok(None);
    }
    let (hash, now) = (opaque::hash(token), app.clock.now());
    let live = app.store.live_refresh_token(&asker.tenant, &hash, now);
    let live = live.await?;
    Ok(live
        .filter(|live| may_know(asker, &live.grant.client))
        .map(|live| of_refresh(app, live)))
}

/// A tenant's backends see to all that is its own, and another's app to its own alone.
fn may_know(asker: &Client, issued_to: &ClientId) -> bool {
    asker.kind == ClientKind::Backend || asker.id == *issued_to
}

fn of_claims(claims: AccessClaims) -> Introspection {
    Introspection {
        active: true,
        scope: Some(claims.scope),
        client_id: Some(claims.client_id.to_string()),
        token_type: Some("Bearer".to_owned()),
        exp: Some(claims.exp),
        iat: Some(claims.iat),
        nbf: Some(claims.nbf),
        sub: Some(claims.sub),
        aud: Some(claims.aud),
        iss: Some(claims.iss),
        jti: Some(claims.jti),
    }
}

fn of_refresh(app: &App, live: LiveRefresh) -> Introspection {
    Introspection {
        active: true,
        scope: Some(live.grant.scope),
        client_id: Some(live.grant.client.to_string()),
        exp: Some(live.expires_at.as_second()),
        iat: Some(live.issued_at.as_second()),
        sub: Some(live.grant.user.to_string()),
        iss: Some(app.tokens.issuer().to_owned()),
        ..Introspection::default()
    }
}
