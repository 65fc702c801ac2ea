//! Which page this is, and the way to its neighbours.

use yew::{Html, html};

use super::events::{Tell, click};
use crate::{
    format,
    state::{Action, State},
    words,
};

/// `1–50 of 10,266`, and two buttons.
pub fn pager(state: &State, tell: &Tell) -> Html {
    let page = state.tasks.value.as_ref();
    let has_next = page.is_some_and(|page| page.next_cursor.is_some());
    html! {
        <nav class="pager" aria-label="Pages">
            <p class="pager__info">{ page_info(state) }</p>
            { turn("Previous", !state.page.is_first(), Action::PreviousPage, tell) }
            { turn("Next", has_next, Action::NextPage, tell) }
        </nav>
    }
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
    format::grouped(before + 1)
        + "–"
        + &format::grouped(last)
        + " of "
        + &format::grouped(page.total)
}

/// A button that keeps the focus when there is nowhere to turn: `disabled` would
/// drop it. The state knows better than to turn to nowhere.
fn turn(name: &'static str, can: bool, action: Action, tell: &Tell) -> Html {
    html! {
        <button
            type="button"
            class="button"
            aria-disabled={words::truth(!can)}
            onclick={click(tell, action)}
        >
            { name }
        </button>
    }
}
