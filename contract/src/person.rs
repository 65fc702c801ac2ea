//! People as the read API shows them.

use serde::{Deserialize, Serialize};

use crate::UserRef;

/// Somebody that a task is assigned to, with the count of their open tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub user: UserRef,
    pub open: u64,
}
