//! The read API: embed tokens only, a file per endpoint.
//!
//! Every answer but the session's is worked out once per scope, revision and
//! day; see [`answers`].

pub mod answers;
pub mod dashboard;
pub mod export;
pub mod exports;
pub mod filter;
pub mod names;
pub mod question;
pub mod revisions;
pub mod session;
pub mod task;
pub mod tasks;
pub mod timeline;
mod totals;
