//! The part of a path that a route leaves open.

use std::{convert::Infallible, str::FromStr};

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use oriel_contract::ProblemCode;

use crate::problem::Failure;

/// The one open part of a route; nothing where it is not UTF-8.
pub struct PathPart(Option<String>);

impl PathPart {
    /// The text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// An id. Text that is no such id cannot be found.
    pub fn id<T: FromStr>(&self) -> Result<T, Failure> {
        self.text()
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| Failure::new(ProblemCode::NotFound))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathPart {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let all = RawPathParams::from_request_parts(parts, state).await;
        let first = |all: RawPathParams| all.iter().next().map(|(_, text)| text.to_owned());
        Ok(Self(all.ok().and_then(first)))
    }
}
