//! `GET /assets/{file}`

use axum::{
    extract::{RawPathParams, State},
    http::HeaderMap,
    response::Response,
};
use oriel_contract::ProblemCode;

use crate::{app::App, problem::Failure};

/// A file of the bundle. Its name holds a hash of its content: it never changes.
pub async fn read_asset(
    State(app): State<App>,
    path: RawPathParams,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let name = path.iter().find(|(key, _)| *key == "file").map(|(_, name)| name);
    name.and_then(|name| app.bundle.file(&format!("assets/{name}")))
        .map(|file| file.respond(&headers, "public, max-age=31536000, immutable"))
        .ok_or_else(|| Failure::new(ProblemCode::NotFound))
}
