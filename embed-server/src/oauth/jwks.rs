//! `GET /.well-known/jwks.json`

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::{app::App, problem::Failure};

/// The public keys that tokens are verified with. May be kept for a minute: a
/// new key is not used by anyone before it is asked for by its `kid`.
pub async fn read_jwks(State(app): State<App>) -> Result<Response, Failure> {
    let now = app.clock.now();
    app.tokens.refresh_keys(now).await?;
    let cache = HeaderValue::from_static("public, max-age=60");
    let keys = Json(app.tokens.keys().current().jwks(now));
    Ok(([(header::CACHE_CONTROL, cache)], keys).into_response())
}
