//! `POST /v1/revocations`

use axum::{
    Json,
    extract::State,
    http::{StatusCode, Uri},
};
use oriel_contract::{ProblemCode, RevocationMade, RevocationRequest};
use oriel_store::{Context, Revoked};

use crate::{
    app::App,
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
) -> Result<(StatusCode, Json<RevocationMade>), Failure> {
    Parameters::of(&uri).finish()?;
    let (tenant, now) = (&access.claims.tid, app.clock.now());
    let issued_before = request.issued_before.unwrap_or(now);
    if issued_before > now {
        return Err(Failure::field(
            "/issued_before",
            "must not be in the future",
        ));
    }
    let of = named(request)?;
    if let Revoked::Embed(id) = &of {
        let embed = app.store.find_embed(id).await?;
        if embed.is_none_or(|embed| embed.tenant != *tenant) {
            let detail = "Check `embed`; it is not one of yours.";
            return Err(Failure::new(ProblemCode::NotFound).detail(detail));
        }
    }
    let mut rng = app.entropy.fork();
    let mut context = Context {
        now,
        rng: &mut rng,
        actor: access.claims.client_id.as_str(),
    };
    let revoking = app.store.revoke(&mut context, tenant, &of, issued_before);
    revoking.await?;
    Ok((StatusCode::CREATED, Json(RevocationMade { issued_before })))
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
