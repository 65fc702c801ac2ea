//! Documents in the codings that they are sent in, each compressed once: script and
//! style stand in them, so that they are no longer small.

use std::sync::Arc;

use axum::http::HeaderValue;
use quick_cache::sync::Cache;

use crate::{
    coding::{Coding, representation::Representation},
    problem::Failure,
};

/// Some 16 KB each, and an embed has one for each language and look that is asked for.
const KEPT: usize = 256;

/// The documents that were sent last.
pub struct Documents(Cache<(HeaderValue, Coding), Arc<Representation>>);

impl Default for Documents {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

impl Documents {
    /// `document` in a coding, kept or compressed once for all who wait.
    pub async fn within(
        &self,
        document: Representation,
        coding: Coding,
    ) -> Result<Arc<Representation>, Failure> {
        if coding == Coding::Identity {
            return Ok(Arc::new(document));
        }
        let key = (document.etag().clone(), coding);
        let compressed = async { document.within(coding).await.map(Arc::new) };
        self.0.get_or_insert_async(&key, compressed).await
    }
}
