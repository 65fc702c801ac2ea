//! Rate limits, as clients are told of them: `RateLimit-Policy` and `RateLimit`
//! (draft-ietf-httpapi-ratelimit-headers-10), and `Retry-After` with a refusal.

pub mod reads;

use std::fmt::Write;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use oriel_contract::ProblemCode;
use oriel_store::Quota;

use crate::problem::Failure;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Where a request stands with each limit that holds for it.
#[derive(Debug, Clone)]
pub struct Standing<const N: usize>([(&'static str, Quota); N]);

impl<const N: usize> Standing<N> {
    /// By the names of the limits, which are letters.
    #[must_use]
    pub fn new(quotas: [(&'static str, Quota); N]) -> Self {
        Self(quotas)
    }

    /// Both headers: lists of strings with parameters (RFC 9651).
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        let (mut policies, mut limits) = (String::new(), String::new());
        for (n, (name, quota)) in self.0.iter().enumerate() {
            let comma = if n == 0 { "" } else { ", " };
            let Quota {
                limit,
                left,
                seconds,
                ..
            } = quota;
            // Writing to a string cannot fail.
            let _ = write!(policies, r#"{comma}"{name}";q={limit};w=60"#);
            let _ = write!(limits, r#"{comma}"{name}";r={left};t={seconds}"#);
        }
        let pairs = [(POLICY, policies), (RATE_LIMIT, limits)].into_iter();
        pairs
            .filter_map(|(name, value)| Some((name, HeaderValue::try_from(value).ok()?)))
            .collect()
    }

    /// A refusal where any limit has been reached, until all of those let requests
    /// through again.
    pub fn check(&self) -> Result<(), Failure> {
        if self.0.iter().all(|(_, quota)| quota.is_taken) {
            return Ok(());
        }
        let reached = self.0.iter().filter(|(_, quota)| quota.left == 0);
        let seconds = reached.map(|(_, quota)| quota.seconds).max();
        Err(Failure::new(ProblemCode::TooManyRequests).after(seconds.unwrap_or(1)))
    }
}
