//! Keyset pagination.

use serde::{Deserialize, Serialize};

/// A page of a list, and where the next one starts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Opaque. Pass it back as `cursor`; `None` on the last page.
    pub next_cursor: Option<String>,
}
