//! Effects: everything that reaches out of the widget and comes back later.

mod announce;
mod debounce;
mod reads;
mod screen;
mod size;

pub use announce::use_announcement;
pub use debounce::use_debounced_search;
pub use reads::use_reads;
pub use screen::use_screen;
pub use size::use_size;
