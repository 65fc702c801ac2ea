//! Live updates: who listens to a tenant's event log, and what they are told.
//!
//! A `room` holds those who listen to one tenant. While anybody does, one
//! `follower` per room looks at the log, at most four times a second; it tells
//! the newest change to a channel per set of projects, which keeps the latest and
//! nothing else. So a slow listener has no queue that could grow, and a thousand
//! listeners ask the database no more than one does. Several servers on one
//! database each follow its log by themselves.
//!
//! A `stream` is one listener's answer. It must not ask the store anything.

pub mod events;
mod follower;
mod room;
mod standing;
mod stream;

pub use room::{Live, Seat};
pub use standing::Standing;
pub use stream::Listener;
