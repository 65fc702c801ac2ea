//! `POST /oauth/token`

use axum::{extract::State, response::Response};
use oriel_contract::OAuthErrorCode;
use oriel_store::{Client, ClientKind, CodeUse, Redeemed, RefreshUse};
use sha2::{Digest, Sha256};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    asked::Asked,
    form::Form,
    issue::{answer, check_resource, check_standing, context, granted_scope, issue},
    opaque,
    refusal::Refusal,
};
use crate::{app::App, problem::Failure};

/// Exchanges a grant for an access token.
pub async fn create_access_token(
    State(app): State<App>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let Asked { client, form, .. } = &asked;
    let grant_type = form.require("grant_type", "Send `grant_type`.")?;
    let may_use_it = match (grant_type, client.kind) {
        ("client_credentials", kind) => kind == ClientKind::Backend,
        ("authorization_code" | "refresh_token", kind) => kind != ClientKind::Backend,
        _ => {
            return Err(Refusal::OAuth(
                OAuthErrorCode::UnsupportedGrantType,
                "Use client_credentials, authorization_code or refresh_token.",
            ));
        }
    };
    if !may_use_it {
        return Err(Refusal::OAuth(
            OAuthErrorCode::UnauthorizedClient,
            "Use client_credentials for a backend, and the other grants for an app.",
        ));
    }
    check_standing(&app, client).await?;
    check_resource(&app, form)?;
    match grant_type {
        "client_credentials" => for_itself(&app, client, form).await,
        "authorization_code" => by_code(&app, &asked).await,
        _ => by_refresh_token(&app, &asked).await,
    }
}

/// RFC 6749 §4.4.
async fn for_itself(app: &App, client: &Client, form: &Form) -> Result<Response, Refusal> {
    let scope = granted_scope(&client.scope, form.get("scope"))?;
    let access_token = issue(app, client, None, &scope).await?;
    Ok(answer(access_token, scope, None))
}

/// RFC 6749 §4.1.3, with RFC 7636 §4.5.
async fn by_code(app: &App, asked: &Asked) -> Result<Response, Refusal> {
    let Asked {
        client,
        form,
        request_id,
    } = asked;
    let code = form.require("code", "Send `code`.")?;
    let redirect_uri = form.require(
        "redirect_uri",
        "Send `redirect_uri`, as it was when the code was asked for.",
    )?;
    let verifier = form.require("code_verifier", "Send `code_verifier` (RFC 7636 §4.5).")?;
    let mut rng = app.entropy.fork();
    let refresh_token = opaque::new(&mut rng, opaque::REFRESH_TOKEN);
    let brought = CodeUse {
        code_hash: &opaque::hash(code),
        redirect_uri,
        code_challenge: &URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)),
        refresh_hash: &opaque::hash(&refresh_token),
    };
    check_signing(app, client).await?;
    let mut cx = context(app, &mut rng, client, request_id);
    let Redeemed::For(grant) = app.store.redeem_code(&mut cx, client, brought).await? else {
        return Err(invalid_grant());
    };
    let access_token = issue(app, client, Some(&grant), &grant.scope).await?;
    Ok(answer(access_token, grant.scope, Some(refresh_token)))
}

/// RFC 6749 §6. A narrower scope is that of the access token alone.
async fn by_refresh_token(app: &App, asked: &Asked) -> Result<Response, Refusal> {
    let Asked {
        client,
        form,
        request_id,
    } = asked;
    let hash = opaque::hash(form.require("refresh_token", "Send `refresh_token`.")?);
    let known = app.store.grant_of_refresh_token(&client.tenant, &hash);
    let known = known.await?.filter(|grant| grant.client == client.id);
    let grant = known.ok_or_else(invalid_grant)?;
    // Before the token is used: neither asking for too much nor a signature that fails may
    // use it up. Whoever sent it would send it again, which counts as a theft.
    let scope = granted_scope(&grant.scope, form.get("scope"))?;
    let access_token = issue(app, client, Some(&grant), &scope).await?;
    let mut rng = app.entropy.fork();
    let refresh_token = opaque::new(&mut rng, opaque::REFRESH_TOKEN);
    let brought = RefreshUse {
        hash: &hash,
        next_hash: &opaque::hash(&refresh_token),
    };
    let mut cx = context(app, &mut rng, client, request_id);
    let rotating = app.store.rotate_refresh_token(&mut cx, client, brought);
    let Redeemed::For(_) = rotating.await? else {
        return Err(invalid_grant());
    };
    Ok(answer(access_token, scope, Some(refresh_token)))
}

/// Signs once for nothing: where that fails, no code is used up for a token that could not
/// be given. Whose grant it is for is known only once the code is used.
async fn check_signing(app: &App, client: &Client) -> Result<(), Failure> {
    issue(app, client, None, "").await.map(drop)
}

/// The same for what is unknown, over, used or another's.
fn invalid_grant() -> Refusal {
    Refusal::OAuth(
        OAuthErrorCode::InvalidGrant,
        "Ask the user again: it is not known, is over, was used before, or is not for this.",
    )
}
