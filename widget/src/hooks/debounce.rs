//! Waits until the viewer pauses.

use gloo::timers::callback::Timeout;
use yew::prelude::*;

use crate::state::{Action, State};

/// How long a pause is, in milliseconds.
const PAUSE: u32 = 250;

/// Searches once nothing has been typed for a moment.
#[hook]
pub fn use_debounced_search(state: &UseReducerHandle<State>) {
    let dispatcher = state.dispatcher();
    use_effect_with(state.typed.clone(), move |_| {
        let timeout = Timeout::new(PAUSE, move || dispatcher.dispatch(Action::Search));
        move || drop(timeout)
    });
}
