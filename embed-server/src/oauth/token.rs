//! `POST /oauth/token`

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use oriel_contract::{AccessTokenResponse, OAuthErrorCode};
use oriel_store::Client;

use super::{
    asked::Asked,
    refusal::{Refusal, no_store},
};
use crate::{
    app::App,
    problem::Failure,
    token::claims::{self, AccessClaims, Kind, has_scope},
};

/// Life of an access token, in seconds.
const LIFE: u32 = 600;

/// Exchanges client credentials for an access token.
pub async fn create_access_token(
    State(app): State<App>,
    Asked { client, form }: Asked,
) -> Result<Response, Refusal> {
    match form.require("grant_type", "Send grant_type=client_credentials.")? {
        "client_credentials" => {}
        _ => {
            return Err(Refusal::OAuth(
                OAuthErrorCode::UnsupportedGrantType,
                "Use grant_type=client_credentials.",
            ));
        }
    }
    check_standing(&app, &client).await?;
    let scope = granted_scope(&client, form.get("scope"))?;
    let access_token = issue(&app, &client, &scope).await?;
    let token = AccessTokenResponse {
        access_token,
        token_type: "Bearer".to_owned(),
        expires_in: LIFE,
        scope,
    };
    Ok((no_store(), Json(token)).into_response())
}

/// The client is who it says, and yet gets nothing while its tenant is suspended.
async fn check_standing(app: &App, client: &Client) -> Result<(), Refusal> {
    let withheld = app
        .tokens
        .revocations()
        .current(&client.tenant, app.clock.now());
    if withheld.await?.is_suspended() {
        return Err(Refusal::OAuth(
            OAuthErrorCode::UnauthorizedClient,
            "Ask the operator of this server why the tenant is suspended.",
        ));
    }
    Ok(())
}

/// What was asked for, as far as the client may have it.
fn granted_scope(client: &Client, asked: Option<&str>) -> Result<String, Refusal> {
    let Some(asked) = asked else {
        return Ok(client.scope.clone());
    };
    let mut granted: Vec<&str> = Vec::new();
    for scope in asked.split(' ') {
        if scope.is_empty() || !has_scope(&client.scope, scope) {
            return Err(Refusal::OAuth(
                OAuthErrorCode::InvalidScope,
                "Ask only for scopes that the client has, or leave `scope` out.",
            ));
        }
        if !granted.contains(&scope) {
            granted.push(scope);
        }
    }
    Ok(granted.join(" "))
}

async fn issue(app: &App, client: &Client, scope: &str) -> Result<String, Failure> {
    let now = app.clock.now();
    let claims = AccessClaims {
        iss: app.tokens.issuer().to_owned(),
        aud: AccessClaims::AUDIENCE.to_owned(),
        sub: client.id.clone(),
        client_id: client.id.clone(),
        tid: client.tenant.clone(),
        jti: claims::new_id(&mut app.entropy.fork()),
        iat: now.as_second(),
        nbf: now.as_second(),
        exp: now.as_second() + i64::from(LIFE),
        scope: scope.to_owned(),
    };
    Ok(app.tokens.sign(&claims, now).await?)
}
