//! `GET /assets/{file}`

use axum::{extract::State, http::HeaderMap, response::Response};
use oriel_contract::ProblemCode;

use crate::{app::App, problem::Failure, request::path::PathPart};

/// A file of the bundle. Its name holds a hash of its content: it never changes.
pub async fn read_asset(
    State(app): State<App>,
    path: PathPart,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    path.text()
        .and_then(|name| app.bundle.file(&format!("assets/{name}")))
        .map(|file| file.respond(&headers, "public, max-age=31536000, immutable"))
        .ok_or_else(|| Failure::new(ProblemCode::NotFound))
}
