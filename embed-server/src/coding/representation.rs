//! A resource in one content coding, as it goes over the wire.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};

use super::{Coding, compress};
use crate::{problem::Failure, request::etag};

/// What is smaller fits into one packet, and arrives no sooner for being smaller yet.
const WORTH_IT: usize = 1_024;

/// What is larger takes so long that other requests would notice.
const LARGE: usize = 8 * 1024;

/// Bytes, their coding, and the tag of both.
#[derive(Debug, Clone)]
pub struct Representation {
    bytes: Bytes,
    coding: Coding,
    etag: HeaderValue,
}

impl Representation {
    /// A representation that is in this coding already.
    pub fn new(bytes: impl Into<Bytes>, coding: Coding) -> Result<Self, Failure> {
        let bytes = bytes.into();
        let etag = etag::of(&bytes).map_err(Failure::internal)?;
        Ok(Self {
            bytes,
            coding,
            etag,
        })
    }

    /// Bytes that it holds.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Tells it from any other representation.
    #[must_use]
    pub fn etag(&self) -> &HeaderValue {
        &self.etag
    }

    /// The same resource in a coding; as it is where that saves nothing.
    pub async fn within(&self, coding: Coding) -> Result<Self, Failure> {
        let plain = self.bytes.clone();
        if coding == self.coding || plain.len() < WORTH_IT {
            return Ok(self.clone());
        }
        let is_large = plain.len() > LARGE;
        let work = move || compress::whole(&plain, coding);
        let compressed = if is_large {
            let done = tokio::task::spawn_blocking(work).await;
            done.map_err(Failure::internal)?
        } else {
            work()
        };
        let compressed = compressed.map_err(Failure::internal)?;
        if compressed.len() >= self.bytes.len() {
            return Ok(self.clone());
        }
        Self::new(compressed.into_boxed_slice(), coding)
    }

    /// The answer to a request for it: 304 where the client has it.
    #[must_use]
    pub fn respond(&self, request: &HeaderMap, content_type: HeaderValue) -> Response {
        let unchanged = etag::is_unchanged(request, &self.etag);
        let mut response = Response::new(if unchanged {
            Body::empty()
        } else {
            Body::from(self.bytes.clone())
        });
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.etag.clone());
        if !unchanged {
            headers.insert(header::CONTENT_TYPE, content_type);
            if let Some(coding) = self.coding.header() {
                headers.insert(header::CONTENT_ENCODING, coding);
            }
        }
        response
    }
}
