//! What a tenant's backend reads and writes: projects, tasks, users and embeds, and the
//! answers that are kept for requests which come again.
//!
//! A [`Change`] is one request's write. What it did, its events, its entry in the audit
//! log and its kept answer commit together or not at all.

mod change;
mod embeds;
mod expected;
mod idempotency;
mod listing;
mod named;
mod tasks;

pub(crate) use self::change::Turns;
pub use self::{
    change::{Begun, Change, Touches},
    embeds::EmbedChanges,
    expected::Expected,
    idempotency::{IdempotencyKey, Kept, KeptAnswer},
    listing::{ListOrder, ListQuery, OrderField},
    named::{NamedChanges, Put},
};
