//! What stands in a card instead of content.

use super::el::{El, Tell, el};
use crate::{
    error::ApiError,
    state::{Action, Resource},
};

/// Nothing to show, and why.
pub fn empty(title: &'static str, text: &'static str) -> El {
    el("div.notice")
        .add(el("p.notice__title").text(title))
        .add(el("p.notice__text").text(text))
}

/// A read that failed, and another try.
pub fn failure(error: &ApiError, resource: Resource, tell: &Tell) -> El {
    let notice = empty("This could not be loaded", error.message())
        .set("role", "alert")
        .add(button("Try again").on_click(tell, Action::Retry(resource)));
    match &error.request_id {
        Some(id) => notice.add(el("p.notice__id").text("Request ").text(id.clone())),
        None => notice,
    }
}

/// An ordinary button.
pub fn button(name: &'static str) -> El {
    el("button.button[type=button]").text(name)
}

/// What stands in for numbers that are on their way: four cards and four panels,
/// as in the frame document.
pub fn skeleton() -> El {
    el("div.numbers[aria-hidden=true]")
        .add(el("div.skeleton__kpis").all((0..4).map(|_| el("div.skeleton__card"))))
        .add(el("div.skeleton__charts").all((0..4).map(|_| el("div.skeleton__panel"))))
}
