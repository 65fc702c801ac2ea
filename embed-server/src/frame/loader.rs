//! `GET /v1/loader.js`

use axum::{extract::State, http::HeaderMap, response::Response};
use oriel_contract::ProblemCode;

use crate::{app::App, problem::Failure};

/// The loader script. Its address never changes, so it is always revalidated.
pub async fn read_loader(State(app): State<App>, headers: HeaderMap) -> Result<Response, Failure> {
    let file = app.bundle.loader();
    file.map(|file| file.respond(&headers, "public, no-cache"))
        .ok_or_else(|| {
            let failure = Failure::new(ProblemCode::Unavailable);
            failure.detail(
                app.bundle
                    .missing()
                    .unwrap_or("The loader is not in the bundle."),
            )
        })
}
