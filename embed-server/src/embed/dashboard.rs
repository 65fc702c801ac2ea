//! `GET /v1/embed/dashboard`

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

/// Every number of the dashboard.
pub async fn read_dashboard(
    access: EmbedAccess<ReadDashboard>,
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut query = Parameters::of(&uri);
    let range = query.choice("range");
    let project = query.parsed("project");
    query.finish()?;
    let range = range.unwrap_or(access.embed.default_range);
    answer(
        &app,
        &access,
        &headers,
        Question::Dashboard { range, project },
    )
    .await
}
