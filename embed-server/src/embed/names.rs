//! `GET /v1/embed/projects`, `GET /v1/embed/people` and `GET /v1/embed/labels`:
//! what the tasks of a token belong to, by name.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};

use super::{
    answers::answer,
    filter::search,
    question::{Named, Question},
};
use crate::{
    app::App,
    problem::Failure,
    request::parameters::Parameters,
    token::{
        EmbedSession,
        access::{EmbedAccess, ReadDashboard, ReadEither},
    },
};

/// A page of the projects that the token may see, by name.
pub async fn list_projects(
    access: EmbedAccess<ReadDashboard>,
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    list(&app, &access, &uri, &headers, Named::Projects).await
}

/// A page of the people that tasks of the token are assigned to, by name.
pub async fn list_people(
    access: EmbedAccess<ReadEither>,
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    list(&app, &access, &uri, &headers, Named::People).await
}

/// A page of the labels of the tasks that the token may see, by name.
pub async fn list_labels(
    access: EmbedAccess<ReadEither>,
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    list(&app, &access, &uri, &headers, Named::Labels).await
}

async fn list(
    app: &App,
    session: &EmbedSession,
    uri: &Uri,
    headers: &HeaderMap,
    of: Named,
) -> Result<Response, Failure> {
    let mut query = Parameters::of(uri);
    // Projects are not searched: there are few.
    let q = match of {
        Named::Projects => None,
        Named::People | Named::Labels => search(&mut query),
    };
    let limit = query.limit();
    let cursor = query.cursor();
    query.finish()?;
    let names = Question::Names {
        of,
        q,
        limit,
        cursor,
    };
    answer(app, session, headers, names).await
}
