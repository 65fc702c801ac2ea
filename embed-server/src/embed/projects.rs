//! `GET /v1/embed/projects`

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};

use super::{answers::answer, question::Question};
use crate::{
    app::App,
    problem::Failure,
    request::parameters::Parameters,
    token::access::{EmbedAccess, ReadDashboard},
};

/// A page of the projects that the token may see, by name.
pub async fn list_projects(
    access: EmbedAccess<ReadDashboard>,
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut query = Parameters::of(&uri);
    let limit = query.limit();
    let cursor = query.cursor();
    query.finish()?;
    answer(
        &app,
        &access,
        &headers,
        Question::Projects { limit, cursor },
    )
    .await
}
