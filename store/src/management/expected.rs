//! What a caller takes to be there, so that no update is lost (RFC 9110 §13.1).

use crate::StoreError;

/// The versions that a write is meant for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Expected {
    /// Whatever is there, and be it nothing.
    #[default]
    Anything,
    /// Something, of whatever version.
    Something,
    /// Nothing.
    Nothing,
    /// One of these versions.
    Versions(Vec<u64>),
}

impl Expected {
    /// Holds the version that is there to what is expected.
    pub(crate) fn check(&self, there: Option<u64>) -> Result<(), StoreError> {
        let holds = match (self, there) {
            (Self::Anything, _) | (Self::Something, Some(_)) | (Self::Nothing, None) => true,
            (Self::Versions(all), Some(version)) => all.contains(&version),
            _ => false,
        };
        if holds {
            Ok(())
        } else {
            Err(StoreError::Stale)
        }
    }
}
