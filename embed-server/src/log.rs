//! Logs: a JSON object per line on standard error.
//!
//! Nothing here sees a header or a body, so no token or secret can get in.

use std::io;

use tracing_subscriber::EnvFilter;

/// Starts logging what `filter` lets through. Later calls change nothing.
pub fn init(filter: &str) -> Result<(), tracing_subscriber::filter::ParseError> {
    let filter = EnvFilter::builder().parse(filter)?;
    // An error means that a subscriber is there already, as in tests.
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .try_init();
    Ok(())
}
