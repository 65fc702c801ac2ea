//! `GET /v1/embed/tasks/{task}`

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};

use super::{answers::answer, question::Question};
use crate::{
    app::App,
    problem::Failure,
    request::{parameters::Parameters, path::PathPart},
    token::access::{EmbedAccess, ReadTasks},
};

/// One task with its history.
pub async fn read_task(
    access: EmbedAccess<ReadTasks>,
    State(app): State<App>,
    path: PathPart,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let task = path.id()?;
    Parameters::of(&uri).finish()?;
    answer(&app, &access, &headers, Question::Task(task)).await
}
