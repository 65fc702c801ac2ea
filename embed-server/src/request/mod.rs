//! What is read from a request, strictly: what the contract does not name is
//! refused instead of being overlooked.

pub mod body;
pub mod etag;
pub mod parameters;
pub mod path;
pub mod posted;
pub mod precondition;
pub mod schema;
pub mod weights;
