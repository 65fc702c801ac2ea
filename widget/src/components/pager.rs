//! Which page this is, and the way to its neighbours.

use super::{
    el::{El, Tell, el},
    notice::button,
};
use crate::{
    format,
    state::{Action, State},
    words,
};

/// `1–50 of 10,266`, and two buttons.
pub fn pager(state: &State, tell: &Tell) -> El {
    let page = state.tasks.value.as_ref();
    let has_next = page.is_some_and(|page| page.next_cursor.is_some());
    el("nav.pager[aria-label=Pages]")
        .add(el("p.pager__info").text(page_info(state)))
        .add(turn("Previous", !state.page.is_first()).on_click(tell, Action::PreviousPage))
        .add(turn("Next", has_next).on_click(tell, Action::NextPage))
}

/// Which tasks the page holds, of how many.
pub fn page_info(state: &State) -> String {
    let Some(page) = &state.tasks.value else {
        return String::new();
    };
    if page.items.is_empty() {
        return "No tasks".to_owned();
    }
    let before = state.page.before();
    let last = before + page.items.len() as u64;
    [
        &*format::grouped(before + 1),
        "–",
        &format::grouped(last),
        " of ",
        &format::grouped(page.total),
    ]
    .concat()
}

/// A button that keeps the focus when there is nowhere to turn: `disabled` would
/// drop it. The state knows better than to turn to nowhere.
fn turn(name: &'static str, can: bool) -> El {
    button(name).set("aria-disabled", words::truth(!can))
}
