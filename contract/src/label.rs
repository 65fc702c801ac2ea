//! Labels as the read API shows them.

use serde::{Deserialize, Serialize};

use crate::LabelId;

/// A label with the count of its tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    pub id: LabelId,
    pub name: String,
    /// Tasks of every status.
    pub tasks: u64,
}

/// A label by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelRef {
    pub id: LabelId,
    pub name: String,
}
