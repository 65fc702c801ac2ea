//! `GET /healthz` and `GET /readyz`, for load balancers and orchestrators.

use std::time::Duration;

use axum::{Json, extract::State};
use oriel_contract::ProblemCode;
use serde::Serialize;

use crate::{app::App, problem::Failure};

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// Says `ok`.
#[derive(Serialize)]
pub struct Health {
    status: &'static str,
}

const OK: Json<Health> = Json(Health { status: "ok" });

/// The process is alive.
pub async fn read_health() -> Json<Health> {
    OK
}

/// The process can serve: its database answers.
pub async fn read_readiness(State(app): State<App>) -> Result<Json<Health>, Failure> {
    match tokio::time::timeout(PATIENCE, app.store.ping()).await {
        Ok(answer) => answer?,
        Err(_) => return Err(Failure::new(ProblemCode::Unavailable)),
    }
    Ok(OK)
}
