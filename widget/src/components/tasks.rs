//! The list of tasks: how many there are, its order and columns, its way into a
//! file, and the table.

use super::{
    el::{El, Tell, el},
    menu::{check, menu},
    notice::{button, empty, failure},
    task_table::{task_table, title},
};
use crate::{
    columns::Column,
    messages::{Message, msg},
    sort::SortKey,
    state::{Action, Resource, State},
    words,
};

/// The card with the tasks.
pub fn tasks(state: &State, tell: &Tell) -> El {
    let card = el("section.card tasks__card[aria-labelledby=tasks]")
        .add(head(state, tell))
        .add(el("p.sr-only[role=status]").text(news(state)));
    if let Some(error) = &state.list.error {
        let failure = failure(error, Resource::Tasks, tell);
        if state.list.is_stale {
            return card.add(failure);
        }
        return card.add(task_table(state, tell)).add(failure);
    }
    if !state.list.is_there {
        return card.add(el("div.skeleton__table[aria-hidden=true]"));
    }
    if state.list.total == 0 && !state.list.is_loading() {
        return card.add(nothing(state, tell));
    }
    card.add(task_table(state, tell))
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
    let head = el("header.tasks__header")
        .add(el("h2[id=tasks]").text(msg::TASKS))
        .add(el("p.tasks__count").text(count(state, state.list.total)))
        .add(
            el("div.tasks__tools")
                .add(order_menu(state, tell))
                .add(columns_menu(state, tell))
                .add(export),
        );
    match &state.export.error {
        Some(error) => head.add(el("p.tasks__failed[role=alert]").text(error.message())),
        None => head,
    }
}

/// Every column that the list can be ordered by, each up, down or not at all: what
/// clicks on headings with the Shift key do, for keyboards and fingers.
fn order_menu(state: &State, tell: &Tell) -> El {
    let rows = SortKey::ALL.map(|key| {
        let standing = state.sort.standing(key).map(|(_, descending)| descending);
        let way = |arrow: &'static str, descending: bool| {
            let is_on = standing == Some(descending);
            let word = if descending { "down" } else { "up" };
            let next = (!is_on).then_some(descending);
            el("button.button[type=button]")
                .text(arrow)
                .set("aria-pressed", words::truth(is_on))
                .set(
                    "aria-label",
                    msg::SORT_WAY.with([sort_title(key).text(), word.to_owned()]),
                )
                .on_click(tell, Action::Order(key, next))
        };
        el("div.menu__order")
            .add(el("span").text(sort_title(key)))
            .add(way("↑", false))
            .add(way("↓", true))
    });
    menu(msg::ORDER, "order", state.sort.len()).add(el("div.menu__panel").all(rows))
}

const fn sort_title(key: SortKey) -> Message<0> {
    match key {
        SortKey::Title => msg::COLUMN_TASK,
        SortKey::Status => title(Column::Status),
        SortKey::Priority => title(Column::Priority),
        SortKey::DueOn => title(Column::Due),
        SortKey::CreatedAt => title(Column::Created),
        SortKey::CompletedAt => title(Column::Completed),
        SortKey::UpdatedAt => title(Column::Updated),
    }
}

fn columns_menu(state: &State, tell: &Tell) -> El {
    let items = Column::ALL.map(|column| {
        let is_shown = state.columns.has(column);
        check(title(column), is_shown, tell, Action::ToggleColumn(column))
    });
    menu(msg::COLUMNS, "columns", 0).add(el("div.menu__panel").all(items))
}

fn nothing(state: &State, tell: &Tell) -> El {
    if !state.filter.is_narrow() {
        return empty(msg::NO_TASKS_YET, msg::NO_TASKS_YET_LIST);
    }
    empty(msg::NO_TASKS_MATCH, msg::NO_TASKS_MATCH_HINT)
        .add(button(msg::CLEAR_FILTERS).on_click(tell, Action::ClearFilters))
}
