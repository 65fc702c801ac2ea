//! `GET /v1/embed/timeline`

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};
use oriel_contract::ProblemCode;
use oriel_store::TimelineQuery;

use super::{answers::answer, filter::task_filter, question::Question};
use crate::{
    app::App,
    problem::Failure,
    request::parameters::Parameters,
    token::access::{EmbedAccess, ReadTasks},
};

/// A page of the bars of one project, with its milestones.
pub async fn read_timeline(
    access: EmbedAccess<ReadTasks>,
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut query = Parameters::of(&uri);
    // Taken before the filters: here it is one project, and not a list of some.
    let project = query.required("project");
    let range = query.choice("range");
    let filter = task_filter(&mut query);
    let (limit, cursor) = (query.limit(), query.cursor());
    query.finish()?;
    let timeline = TimelineQuery {
        // Where there is none, the request was refused above.
        project: project.ok_or_else(|| Failure::new(ProblemCode::NotFound))?,
        range: range.unwrap_or(access.embed.default_range),
        filter,
        limit,
        cursor,
    };
    answer(&app, &access, &headers, Question::Timeline(timeline)).await
}
