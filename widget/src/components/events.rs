//! From what the browser reports to what the state is told.

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::{Callback, Event, InputEvent, MouseEvent, TargetCast};

use crate::state::Action;

/// Who hears of what the viewer does.
pub type Tell = Callback<Action>;

/// Tells `action` when clicked.
pub fn click(tell: &Tell, action: Action) -> Callback<MouseEvent> {
    let tell = tell.clone();
    Callback::from(move |_| tell.emit(action.clone()))
}

/// Tells what a menu has been set to.
pub fn choice(tell: &Tell, action: fn(String) -> Action) -> Callback<Event> {
    let tell = tell.clone();
    Callback::from(move |event: Event| {
        if let Some(menu) = event.target_dyn_into::<HtmlSelectElement>() {
            tell.emit(action(menu.value()));
        }
    })
}

/// Tells what stands in a field, with each key.
pub fn typing(tell: &Tell, action: fn(String) -> Action) -> Callback<InputEvent> {
    let tell = tell.clone();
    Callback::from(move |event: InputEvent| {
        let field = event.target().and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
        if let Some(field) = field {
            tell.emit(action(field.value()));
        }
    })
}
