//! Which page this is, and the way to its neighbours.

use yew::prelude::*;

use crate::{
    format,
    state::{Action, State},
};

/// The state, and who hears of a turn.
#[derive(Properties, PartialEq)]
pub struct PagerProps {
    pub state: State,
    pub on_action: Callback<Action>,
}

/// `1–50 of 10,266`, and two buttons.
#[component]
pub fn Pager(props: &PagerProps) -> Html {
    let state = &props.state;
    let has_next = state
        .tasks
        .value
        .as_ref()
        .is_some_and(|page| page.next_cursor.is_some());

    html! {
        <nav class="pager" aria-label="Pages">
            <p class="pager__info">{ page_info(state) }</p>
            { turn("Previous", !state.page.is_first(), Action::PreviousPage, &props.on_action) }
            { turn("Next", has_next, Action::NextPage, &props.on_action) }
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
    [
        format::grouped(before + 1),
        "–".to_owned(),
        format::grouped(before + page.items.len() as u64),
        " of ".to_owned(),
        format::grouped(page.total),
    ]
    .concat()
}

/// A button that keeps the focus when there is nowhere to turn: `disabled` would
/// drop it.
fn turn(name: &'static str, can: bool, action: Action, on_action: &Callback<Action>) -> Html {
    let on_click = if can {
        on_action.reform(move |_: MouseEvent| action.clone())
    } else {
        Callback::noop()
    };
    html! {
        <button type="button" class="button" aria-disabled={(!can).to_string()} onclick={on_click}>
            { name }
        </button>
    }
}
