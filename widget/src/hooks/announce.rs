//! Tells the host page how the first load ended.

use yew::prelude::*;

use crate::{
    bridge::Session,
    state::{Outcome, State},
};

/// The first outcome, and after a failure the first success: a retry that works.
/// What comes after a success is between the widget and its viewer.
#[hook]
pub fn use_announcement(session: &Session, state: &State) {
    let told = use_mut_ref(|| None);
    let session = session.clone();
    use_effect_with(state.outcome(), move |outcome| {
        let Some(outcome) = outcome else { return };
        let is_ready = *outcome == Outcome::Ready;
        // Ready is the last word, and a failure is no news after another.
        if told
            .borrow()
            .is_some_and(|was_ready| was_ready || !is_ready)
        {
            return;
        }
        told.replace(Some(is_ready));
        match outcome {
            Outcome::Ready => session.ready(),
            Outcome::Failed(error) => session.failed(error.code(), &error.message().text()),
        }
    });
}
