//! Waits until the viewer pauses.

use gloo::timers::callback::Timeout;
use yew::prelude::*;

use crate::{components::el::Tell, state::Action};

/// How long a pause is, in milliseconds.
const PAUSE: u32 = 250;

/// Searches once nothing has been typed for a moment.
#[hook]
pub fn use_pause(typed: &str, tell: &Tell) {
    let tell = tell.clone();
    use_effect_with(typed.to_owned(), move |_| {
        let timeout = Timeout::new(PAUSE, move || tell.emit(Action::Search));
        move || drop(timeout)
    });
}
