//! `POST /v1/revocations`

use axum::{
    extract::State,
    http::{StatusCode, Uri},
};
use oriel_contract::{RevocationMade, RevocationRequest};
use oriel_store::Revoked;

use super::{
    answer::{Answer, Stop},
    own_embed,
};
use crate::{
    app::App,
    problem::Failure,
    request::{parameters::Parameters, posted::Posted},
    token::access::{ManagementAccess, RevokeEmbedTokens},
};

/// Takes embed tokens back. Every server refuses them within half a second, and open
/// widgets are told.
pub async fn revoke_embed_tokens(
    access: ManagementAccess<RevokeEmbedTokens>,
    State(app): State<App>,
    uri: Uri,
    mut posted: Posted<RevocationRequest>,
) -> Result<Answer, Stop> {
    Parameters::of(&uri).finish()?;
    let (tenant, mut rng) = (access.tenant(), app.entropy.fork());
    let cx = access.context(&app, &mut rng);
    let issued_before = posted.body.issued_before.unwrap_or(cx.now);
    if issued_before > cx.now {
        return Err(Failure::field("/issued_before", "must not be in the future").into());
    }
    let of = named(posted.body.clone())?;
    posted.replay(&app, tenant).await?;
    if let Revoked::Embed(id) = &of {
        own_embed(&app, tenant, id).await?;
    }
    let mut change = posted.begin(&app, cx, tenant).await?;
    change.revoke(&of, issued_before).await?;
    let answer = Answer::new(StatusCode::CREATED, &RevocationMade { issued_before })?;
    Ok(posted.commit(&app, tenant, change, answer).await?)
}

/// The one thing that a request names.
fn named(request: RevocationRequest) -> Result<Revoked, Failure> {
    let RevocationRequest {
        session,
        viewer,
        embed,
        key,
        all,
        issued_before: _,
    } = request;
    let mut named = [
        session.map(Revoked::Session),
        viewer.map(Revoked::Viewer),
        embed.map(Revoked::Embed),
        key.map(Revoked::Key),
        all.filter(|all| *all).map(|_| Revoked::Tenant),
    ]
    .into_iter()
    .flatten();
    match (named.next(), named.next()) {
        (Some(one), None) => Ok(one),
        _ => Err(Failure::field(
            "",
            "must name one of `session`, `viewer`, `embed`, `key` and `all: true`",
        )),
    }
}
