//! `GET /v1/embed/tasks`

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};
use oriel_contract::TaskSort;
use oriel_store::TaskQuery;

use super::{
    answers::answer,
    filter::{task_filter, task_sort},
    question::Question,
};
use crate::{
    app::App,
    problem::Failure,
    request::parameters::Parameters,
    token::access::{EmbedAccess, ReadTasks},
};

/// A page of the tasks that the token may see.
pub async fn list_tasks(
    access: EmbedAccess<ReadTasks>,
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut query = Parameters::of(&uri);
    let tasks = TaskQuery {
        filter: task_filter(&mut query),
        sort: task_sort(&mut query, TaskSort::default()),
        limit: query.limit(),
        cursor: query.cursor(),
    };
    query.finish()?;
    answer(&app, &access, &headers, Question::Tasks(tasks)).await
}
