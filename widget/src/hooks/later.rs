//! Loads the second file of the widget when something of it is to be drawn.

use std::rc::Rc;

use yew::prelude::*;

use crate::{
    components::el::Tell,
    error::{ApiError, ErrorKind},
    later::{later, load},
    state::{Action, State},
};

/// Loads what the state wants drawn, and tells it how that went.
#[hook]
pub fn use_later(state: &State, tell: &Tell) {
    let tell = tell.clone();
    use_effect_with(state.later_try(), move |wanted| {
        if wanted.is_some() && later().is_none() {
            load(Box::new(move |later| {
                let failed = ApiError::without_answer(ErrorKind::Network);
                tell.emit(Action::LaterArrived(
                    later.map(|_| Rc::new(())).ok_or(failed),
                ));
            }));
        }
    });
}
