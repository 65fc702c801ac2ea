//! The list of tasks: how many there are, its order and columns, its way into a
//! file, and the table.

use super::{
    el::{El, Tell, el},
    menu::{menu, offered},
    notice::{button, empty, failure},
    offers::Offer,
    task_table::task_table,
};
use crate::{
    api::Api,
    later::drawn,
    messages::{Message, msg},
    state::{Action, Resource, State},
    view::Place,
    words,
};

/// The card with the tasks.
pub fn tasks(state: &State, api: &Api, tell: &Tell) -> El {
    let card = el("section.card tasks__card[aria-labelledby=tasks]")
        .add(head(state, tell))
        .add(el("p.sr-only[role=status]").text(news(state)));
    let is_board = state.view.place == Place::Board;
    let body = || {
        if !is_board {
            return task_table(state, tell);
        }
        match drawn(state, tell) {
            Ok(later) => (later.board)(state, api, tell),
            Err(wait) => wait,
        }
    };
    if let Some(error) = &state.list.error {
        let failure = failure(error, Resource::Tasks, tell);
        if state.list.is_stale {
            return card.add(failure);
        }
        return card.add(body()).add(failure);
    }
    if !state.list.is_there {
        return card.add(el("div.skeleton__table[aria-hidden=true]"));
    }
    if state.list.total == 0 && !state.list.is_loading() {
        return card.add(nothing(state, tell));
    }
    card.add(body())
}

/// What is worth saying aloud: that something is on its way, and how many tasks
/// there are then. Rows that come and go while scrolling are not, nor is a change
/// that nobody waited for.
fn news(state: &State) -> String {
    state
        .announced
        .map_or_else(|| msg::LOADING_PAGE.text(), |total| count(state, total))
}

fn count(state: &State, total: u64) -> String {
    if !state.list.is_there {
        return String::new();
    }
    match total {
        0 => msg::NO_TASKS.text(),
        total => msg::TASK_COUNT.with([total]),
    }
}

fn head(state: &State, tell: &Tell) -> El {
    let is_exporting = state.export.loading;
    let export = button(msg::EXPORT_CSV)
        .set("aria-disabled", words::truth(is_exporting))
        .on_click(tell, Action::Export);
    let mut tools = el("div.tasks__tools");
    if state.view.place.is_tasks() {
        tools = tools.add(layouts(state, tell).key("layouts"));
    }
    let order = menu(msg::ORDER, "order", state.sort.len());
    tools = tools.add(offered(order, Offer::Orders, state, tell).key("order"));
    if state.view.place != Place::Board {
        let columns = menu(msg::COLUMNS, "columns", 0);
        tools = tools.add(offered(columns, Offer::Columns, state, tell).key("columns"));
    }
    let head = el("header.tasks__header")
        .add(el("h2[id=tasks]").text(msg::TASKS))
        .add(el("p.tasks__count").text(count(state, state.list.total)))
        .add(tools.add(export.key("export")));
    match &state.export.error {
        Some(error) => head.add(el("p.tasks__failed[role=alert]").text(error.message())),
        None => head,
    }
}

/// The tasks as a table or as a board.
fn layouts(state: &State, tell: &Tell) -> El {
    let layout = |name: Message<0>, place: Place| {
        el("button.segments__item[type=button]")
            .set("aria-pressed", words::truth(state.view.place == place))
            .on_click(tell, Action::Open(place))
            .text(name)
    };
    el("div.segments[role=group]")
        .set("aria-label", msg::VIEWS)
        .add(layout(msg::TABLE, Place::Tasks))
        .add(layout(msg::BOARD, Place::Board))
}

fn nothing(state: &State, tell: &Tell) -> El {
    if !state.filter.is_narrow() {
        return empty(msg::NO_TASKS_YET, msg::NO_TASKS_YET_LIST);
    }
    empty(msg::NO_TASKS_MATCH, msg::NO_TASKS_MATCH_HINT)
        .add(button(msg::CLEAR_FILTERS).on_click(tell, Action::ClearFilters))
}
