//! The list of tasks with its filters and pages.

use super::{
    el::{El, Tell, el},
    filters::filters,
    notice::{button, empty, failure},
    pager::{page_info, pager},
    task_table::task_table,
};
use crate::state::{Action, Resource, State};

/// The card with the tasks.
pub fn tasks(state: &State, tell: &Tell) -> El {
    let news = if state.tasks.loading || state.dashboard.loading {
        "Loading".to_owned()
    } else {
        page_info(state)
    };
    let head = el("header.tasks__header")
        .add(el("h2[id=tasks]").text("Tasks"))
        .add(filters(state, tell));

    let card = el("section.card[aria-labelledby=tasks]")
        .add(head)
        .add(el("p.sr-only[role=status]").text(news));
    if let Some(error) = &state.tasks.error {
        return card.add(failure(error, Resource::Tasks, tell));
    }
    let Some(page) = &state.tasks.value else {
        return card.add(el("div.skeleton__table[aria-hidden=true]"));
    };
    if page.items.is_empty() && !state.tasks.loading {
        return card.add(nothing(state, tell));
    }
    card.add(task_table(page, state, tell))
        .add(pager(state, tell))
}

fn nothing(state: &State, tell: &Tell) -> El {
    if !state.filter.is_narrow() {
        return empty("No tasks yet", "There is nothing to list.");
    }
    empty("No task matches", "Try fewer filters or another word.")
        .add(button("Clear filters").on_click(tell, Action::ClearFilters))
}
