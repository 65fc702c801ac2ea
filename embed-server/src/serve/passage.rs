//! What is learned of a request on its way in, for the edge to tell of on the way out:
//! also where the handler ran out of time, or panicked.

use std::sync::{Arc, OnceLock};

use axum::http::Extensions;

use crate::audit::Attribution;

/// Travels with a request, and stays behind with the edge.
#[derive(Clone, Default)]
pub struct Passage(Arc<Learned>);

#[derive(Default)]
struct Learned {
    caller: OnceLock<Attribution>,
}

impl Passage {
    /// The one that the edge gave the request.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or_default()
    }

    /// Notes who calls the management API.
    pub fn called_by(&self, caller: Attribution) {
        let _ = self.0.caller.set(caller);
    }

    /// Who calls the management API, once its token was found good.
    #[must_use]
    pub fn caller(&self) -> Option<&Attribution> {
        self.0.caller.get()
    }
}
