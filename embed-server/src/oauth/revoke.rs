//! `POST /oauth/revoke`

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use oriel_contract::{ClientId, GrantId, OAuthErrorCode};
use oriel_store::{Client, Revoked, RevokedFor};

use super::{
    asked::Asked,
    issue::context,
    opaque,
    refusal::{Refusal, no_store},
};
use crate::{app::App, problem::Failure, token::AccessError};

/// What a token that is given back takes along.
enum Subject {
    Grant(GrantId),
    AccessToken(String),
}

/// Takes back what the client gives back (RFC 7009).
pub async fn revoke_token(
    State(app): State<App>,
    Asked {
        client,
        form,
        request_id,
    }: Asked,
) -> Result<Response, Refusal> {
    let token = form.require("token", "Send `token`.")?;
    if let Some((issued_to, subject)) = find(&app, &client, token).await? {
        if issued_to != client.id {
            return Err(Refusal::OAuth(
                OAuthErrorCode::InvalidGrant,
                "Give back tokens that this client was given, and no others.",
            ));
        }
        let mut rng = app.entropy.fork();
        let mut cx = context(&app, &mut rng, &client, &request_id);
        match subject {
            Subject::Grant(grant) => {
                let why = RevokedFor::GivenBack;
                let revoking = app.store.revoke_grant(&mut cx, &client.tenant, &grant, why);
                revoking.await?;
            }
            Subject::AccessToken(id) => {
                let (of, now) = (Revoked::Token(id), cx.now);
                app.store.revoke(&mut cx, &client.tenant, &of, now).await?;
            }
        }
    }
    // A token that is not known is of no use already (§2.2).
    Ok(no_store().into_response())
}

/// Whom a token was issued to, and what it takes along; `None` where there is nothing left
/// of it. Another tenant's is not known either.
async fn find(
    app: &App,
    client: &Client,
    token: &str,
) -> Result<Option<(ClientId, Subject)>, Failure> {
    if token.starts_with(opaque::REFRESH_TOKEN) {
        let hash = opaque::hash(token);
        let grant = app.store.grant_of_refresh_token(&client.tenant, &hash);
        let found = grant.await?;
        return Ok(found.map(|grant| (grant.client, Subject::Grant(grant.id))));
    }
    let claims = match app.tokens.own_access(token, app.clock.now()).await {
        Ok(claims) if claims.tid == client.tenant => claims,
        Ok(_) | Err(AccessError::Token(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    // What is taken back already is of no use either: nothing is written again for it.
    let withheld = app.tokens.revocations();
    let withheld = withheld.current(&claims.tid, app.clock.now()).await?;
    if withheld.refuses_access(&claims) {
        return Ok(None);
    }
    let subject = match claims.grt {
        Some(grant) => Subject::Grant(grant),
        None => Subject::AccessToken(claims.jti),
    };
    Ok(Some((claims.client_id, subject)))
}
