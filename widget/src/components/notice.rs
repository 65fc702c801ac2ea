//! What stands in a card instead of content.

use web_sys::Event;
use yew::{AttrValue, Callback, virtual_dom::ListenerKind};

use super::el::{El, Tell, el};
use crate::{
    error::ApiError,
    messages::{Message, msg},
    state::{Action, Resource},
};

/// Nothing to show, and why.
pub fn empty(title: Message<0>, text: Message<0>) -> El {
    el("div.notice")
        .add(el("p.notice__title").text(title))
        .add(el("p.notice__text").text(text))
}

/// A read that failed, and another try.
pub fn failure(error: &ApiError, resource: Resource, tell: &Tell) -> El {
    let notice = empty(msg::FAILED, error.message())
        .set("role", "alert")
        .add(button(msg::TRY_AGAIN).on_click(tell, Action::Retry(resource)));
    match &error.request_id {
        Some(id) => notice.add(el("p.notice__id").text(msg::FAILED_REQUEST.with([&**id]))),
        None => notice,
    }
}

/// A read of a part of the page that failed, and another try.
pub fn sorry(error: &ApiError, retry: &Callback<Event>) -> El {
    empty(msg::FAILED, error.message())
        .set("role", "alert")
        .add(button(msg::TRY_AGAIN).on(ListenerKind::onclick, retry))
}

/// Cards that are on their way.
pub fn skeleton_cards() -> El {
    el("div.column__cards[aria-hidden=true]").all((0..3).map(|_| el("div.column__wait")))
}

/// An ordinary button.
pub fn button(name: impl Into<AttrValue>) -> El {
    el("button.button[type=button]").text(name)
}

/// What stands in for numbers that are on their way: four cards, the projects and
/// four charts, as in the frame document.
pub fn skeleton() -> El {
    el("div.numbers[aria-hidden=true]")
        .add(el("div.skeleton__kpis").all((0..4).map(|_| el("div.skeleton__card"))))
        .add(el("div.skeleton__panel skeleton__health"))
        .add(el("div.skeleton__charts").all((0..4).map(|_| el("div.skeleton__panel"))))
}
