//! The contract that this server was built with, read once.

use std::sync::LazyLock;

use serde_json::Value;

/// Null, and so a server that does not start, where it cannot be read.
pub static CONTRACT: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../../contract/openapi.yaml");
    serde_norway::from_str(text).unwrap_or_default()
});
