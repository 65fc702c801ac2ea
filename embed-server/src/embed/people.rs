//! `GET /v1/embed/people`

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};

use super::{answers::answer, filter::search, question::Question};
use crate::{
    app::App,
    problem::Failure,
    request::parameters::Parameters,
    token::access::{AnyScope, EmbedAccess},
};

/// A page of the people that tasks of the token are assigned to, by name.
pub async fn list_people(
    access: EmbedAccess<AnyScope>,
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut query = Parameters::of(&uri);
    let q = search(&mut query);
    let limit = query.limit();
    let cursor = query.cursor();
    query.finish()?;
    answer(
        &app,
        &access,
        &headers,
        Question::People { q, limit, cursor },
    )
    .await
}
