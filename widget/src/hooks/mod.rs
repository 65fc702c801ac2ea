//! Effects: everything that reaches out of the widget and comes back later.

mod announce;
mod pause;
mod read;
mod screen;
mod size;

pub use announce::use_announcement;
pub use pause::use_pause;
pub use read::use_read;
pub use screen::use_screen;
pub use size::use_size;
