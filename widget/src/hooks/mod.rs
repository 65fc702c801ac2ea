//! Effects: everything that reaches out of the widget and comes back later.

mod announce;
mod export;
mod feed;
mod host;
mod later;
mod pause;
mod read;
mod say;
mod screen;
mod size;

pub use announce::use_announcement;
pub use export::use_export;
pub use feed::use_feed;
pub use host::{use_host, wishes};
pub use later::use_later;
pub use pause::use_pause;
pub use read::use_read;
pub use say::say;
pub use screen::{Screen, use_screen};
pub use size::use_size;
