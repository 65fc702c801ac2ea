//! `POST /v1/revocations`

use axum::{
    Extension, Json,
    extract::State,
    http::{StatusCode, Uri},
};
use oriel_contract::{RevocationMade, RevocationRequest};
use oriel_store::Revoked;

use super::own_embed;
use crate::{
    app::App,
    audit::Entered,
    problem::Failure,
    request::{body::StrictJson, parameters::Parameters},
    token::{
        access::{ManagementAccess, RevokeEmbedTokens},
        limits::LONGEST_VIEWER,
    },
};

/// Takes embed tokens back. Every server refuses them within half a second, and open
/// widgets are told.
pub async fn revoke_embed_tokens(
    access: ManagementAccess<RevokeEmbedTokens>,
    State(app): State<App>,
    uri: Uri,
    StrictJson(request): StrictJson<RevocationRequest>,
) -> Result<(StatusCode, Extension<Entered>, Json<RevocationMade>), Failure> {
    Parameters::of(&uri).finish()?;
    let tenant = &access.claims.tid;
    let mut rng = app.entropy.fork();
    let mut context = access.context(&app, &mut rng);
    let issued_before = request.issued_before.unwrap_or(context.now);
    if issued_before > context.now {
        return Err(Failure::field(
            "/issued_before",
            "must not be in the future",
        ));
    }
    let of = named(request)?;
    if let Revoked::Embed(id) = &of {
        own_embed(&app, tenant, id).await?;
    }
    let revoking = app.store.revoke(&mut context, tenant, &of, issued_before);
    revoking.await?;
    let made = Json(RevocationMade { issued_before });
    Ok((StatusCode::CREATED, Extension(Entered), made))
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
    if let Some(viewer) = &viewer
        && !(1..=LONGEST_VIEWER).contains(&viewer.chars().count())
    {
        return Err(Failure::field("/viewer", "takes 1 to 128 characters"));
    }
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
