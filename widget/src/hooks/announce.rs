//! Tells the host page, once, how the first load ended.

use yew::prelude::*;

use crate::{
    bridge::Session,
    state::{Outcome, State},
};

/// One event for a mount, and a true one: what comes after it, such as a retry
/// that works, is between the widget and its viewer.
#[hook]
pub fn use_announcement(session: &Session, state: &State) {
    let has_told = use_mut_ref(|| false);
    let session = session.clone();
    use_effect_with(state.outcome(), move |outcome| {
        let Some(outcome) = outcome else { return };
        if has_told.replace(true) {
            return;
        }
        match outcome {
            Outcome::Ready => session.ready(),
            Outcome::Failed(error) => session.failed(error.code(), error.message()),
        }
    });
}
