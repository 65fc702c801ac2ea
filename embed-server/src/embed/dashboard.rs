//! `GET /v1/embed/dashboard`

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};

use super::{answers::answer, filter::task_filter, question::Question};
use crate::{
    app::App,
    problem::Failure,
    request::parameters::Parameters,
    token::access::{EmbedAccess, ReadDashboard, ReadTasks},
};

/// Every number of the dashboard, of the tasks that the filters keep.
pub async fn read_dashboard(
    access: EmbedAccess<ReadDashboard>,
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut query = Parameters::of(&uri);
    let range = query.choice("range");
    let filter = task_filter(&mut query);
    query.finish()?;
    if filter.q.is_some() {
        // Counts for one text after the other would spell the titles out.
        access.require::<ReadTasks>()?;
    }
    let range = range.unwrap_or(access.embed.default_range);
    answer(
        &app,
        &access,
        &headers,
        Question::Dashboard { range, filter },
    )
    .await
}
