//! What stands in a card instead of content.

use yew::{Html, html};

use super::events::{Tell, click};
use crate::{
    error::ApiError,
    state::{Action, Resource},
};

/// Nothing to show, why, and perhaps a button.
pub fn empty(title: &'static str, text: &'static str, button: Html) -> Html {
    html! {
        <div class="notice">
            <p class="notice__title">{ title }</p>
            <p class="notice__text">{ text }</p>
            { button }
        </div>
    }
}

/// A read that failed, and another try.
pub fn failure(error: &ApiError, resource: Resource, tell: &Tell) -> Html {
    let request = error.request_id.as_ref().map(|id| "Request ".to_owned() + id);
    html! {
        <div class="notice" role="alert">
            <p class="notice__title">{ "This could not be loaded" }</p>
            <p class="notice__text">{ error.message() }</p>
            { button("Try again", Action::Retry(resource), tell) }
            <p class="notice__id">{ request }</p>
        </div>
    }
}

/// An ordinary button.
pub fn button(name: &'static str, action: Action, tell: &Tell) -> Html {
    html! { <button type="button" class="button" onclick={click(tell, action)}>{ name }</button> }
}

/// What stands in for numbers that are on their way: four cards and four panels,
/// as in the frame document.
pub fn skeleton() -> Html {
    html! {
        <div class="numbers" aria-hidden="true">
            <div class="skeleton__kpis">{ four("skeleton__card") }</div>
            <div class="skeleton__charts">{ four("skeleton__panel") }</div>
        </div>
    }
}

fn four(part: &'static str) -> Html {
    (0..4).map(|_| html! { <div data-part={part} /> }).collect()
}
