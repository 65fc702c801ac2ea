//! Menus that open below their button: native `<details>`, of which the browser
//! keeps one open at a time. The boot script closes them on Escape and on a click
//! elsewhere.

use yew::AttrValue;

use super::{
    el::{El, Tell, el},
    offers::Offer,
};
use crate::{
    format,
    later::drawn,
    messages::Message,
    state::{Action, State},
};

/// A menu with nothing in it yet, and how much of it is in use. Its panel is to be
/// added.
pub fn menu(title: Message<0>, slug: &'static str, in_use: usize) -> El {
    let mut summary = el("summary.button").text(title);
    if in_use > 0 {
        summary = summary.add(el("b.menu__count").text(format::grouped(in_use as u64)));
    }
    el("details.menu[name=menu]")
        .set("data-menu", slug)
        .add(summary)
}

/// A menu with what it offers, as soon as that is there.
pub fn offered(menu: El, offer: Offer, state: &State, tell: &Tell) -> El {
    menu.add(match drawn(state, tell) {
        Ok(later) => (later.offer)(offer, state, tell),
        Err(wait) => el("div.menu__panel").add(wait),
    })
}

/// A box to check, with its name.
pub fn check(name: impl Into<AttrValue>, is_checked: bool, tell: &Tell, action: Action) -> El {
    let input = el("input[type=checkbox]")
        .property("checked", is_checked.into())
        .on_click(tell, action);
    el("label.menu__item[dir=auto]").add(input).text(name)
}
