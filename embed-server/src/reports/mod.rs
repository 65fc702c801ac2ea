//! `POST /v1/csp-reports/{embed}`
//!
//! Anybody can send anything here, under the id of any embed that they have seen. So
//! nothing of a report is kept but how many there were of each directive, and of each
//! embed only so many are taken in a minute.

mod allowance;
mod violation;

use std::collections::BTreeMap;

use axum::{
    extract::{Request, State},
    http::StatusCode,
};
use oriel_contract::{EmbedId, ProblemCode};

pub use self::allowance::Allowance;
use crate::{
    app::App,
    clock::utc_day,
    problem::Failure,
    request::{body, parameters::Parameters, path::PathPart},
};

/// Room for a report with long addresses, or some short ones. Bytes.
const BODY_BYTES: usize = 16 * 1024;

/// Counts what a browser reports of a frame. An embed whose minute is used up costs no
/// look into the database, and one that does not exist has no minute.
pub async fn receive_csp_reports(
    State(app): State<App>,
    path: PathPart,
    request: Request,
) -> Result<StatusCode, Failure> {
    Parameters::of(request.uri()).finish()?;
    let (id, now) = (path.id::<EmbedId>()?, app.clock.now());
    app.reports.check(&id, now)?;
    let not_found = || Failure::new(ProblemCode::NotFound);
    let embed = app.store.find_embed(&id).await?.ok_or_else(not_found)?;

    let read = violation::reader(request.headers()).ok_or_else(|| {
        let detail = "Send `Content-Type: application/csp-report` or `application/reports+json`.";
        Failure::new(ProblemCode::UnsupportedMediaType).detail(detail)
    })?;
    let bytes = body::read_at_most(BODY_BYTES, request.into_body(), &app.config.limits).await?;
    let directives = read(&bytes)?;

    let taken = app.reports.take(&id, directives.len(), now)?;
    let mut counts = BTreeMap::new();
    for directive in directives.into_iter().take(taken) {
        *counts.entry(directive).or_insert(0) += 1;
    }
    let counting = app.store.count_csp_reports(&embed, utc_day(now), counts);
    counting.await?;
    Ok(StatusCode::NO_CONTENT)
}
