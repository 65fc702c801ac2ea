//! `GET /v1/embed/session`

use axum::{Json, extract::State, http::Uri};
use jiff::Timestamp;
use oriel_contract::{EmbedSettings, Session};

use crate::{
    app::App,
    problem::Failure,
    request::parameters::Parameters,
    token::access::{AnyScope, EmbedAccess},
};

/// What this embed token shows, and to whom.
pub async fn read_session(
    access: EmbedAccess<AnyScope>,
    State(app): State<App>,
    uri: Uri,
) -> Result<Json<Session>, Failure> {
    Parameters::of(&uri).finish()?;
    let (claims, embed) = (&access.claims, &access.embed);
    let session = Session {
        session: claims.sid.clone(),
        viewer: claims.sub.clone(),
        tenant_name: access.tenant.name.clone(),
        embed: EmbedSettings {
            id: embed.id.clone(),
            title: embed.title.clone(),
            default_range: embed.default_range,
        },
        scope: claims.scope.clone(),
        as_of: app.day(embed.as_of),
        pinned: embed.as_of.is_pinned(),
        expires_at: Timestamp::from_second(claims.exp).map_err(Failure::internal)?,
        projects: claims.prj.clone(),
        locked: claims.lock.clone().unwrap_or_default(),
    };
    Ok(Json(session))
}
