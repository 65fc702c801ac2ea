//! What is learned of a request on its way in, for the edge to tell of on the way out:
//! also where the handler ran out of time, or panicked.

use std::sync::{Arc, OnceLock};

use axum::http::{Extensions, HeaderMap};

use crate::{audit::Attribution, rate::Standing};

/// Travels with a request, and stays behind with the edge.
#[derive(Clone, Default)]
pub struct Passage(Arc<Learned>);

#[derive(Default)]
struct Learned {
    caller: OnceLock<Attribution>,
    rate_headers: OnceLock<HeaderMap>,
}

impl Passage {
    /// The one that the edge gave the request.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or_default()
    }

    /// Notes where the request stands with its limits.
    pub fn stands<const N: usize>(&self, standing: &Standing<N>) {
        let _ = self.0.rate_headers.set(standing.headers());
    }

    /// Headers that tell where the request stands with its limits, where it was counted.
    #[must_use]
    pub fn rate_headers(&self) -> Option<&HeaderMap> {
        self.0.rate_headers.get()
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
