//! Ids in paths.

use std::str::FromStr;

use axum::extract::RawPathParams;
use oriel_contract::ProblemCode;

use crate::problem::Failure;

/// The id that stands at `name` in the route. Text that is no such id cannot be
/// found.
pub fn id<T: FromStr>(path: &RawPathParams, name: &str) -> Result<T, Failure> {
    path.iter()
        .find(|(key, _)| *key == name)
        .and_then(|(_, text)| text.parse().ok())
        .ok_or_else(|| Failure::new(ProblemCode::NotFound))
}
