//! The list of tasks with its filters and pages.

use yew::{Html, html};

use super::{
    events::Tell,
    filters::filters,
    notice::{button, empty, failure},
    pager::{page_info, pager},
    task_table::task_table,
};
use crate::state::{Action, Resource, State};

/// The card with the tasks. It is not there for a token that leaves them out.
pub fn tasks(state: &State, tell: &Tell) -> Html {
    if state.tasks.is_withheld() {
        return Html::default();
    }
    let news = if state.tasks.loading || state.dashboard.loading {
        "Loading".to_owned()
    } else {
        page_info(state)
    };

    html! {
        <section class="card" aria-labelledby="tasks">
            <header class="tasks__header">
                <h2 id="tasks">{ "Tasks" }</h2>
                { filters(state, tell) }
            </header>
            <p class="sr-only" role="status">{ news }</p>
            { list(state, tell) }
        </section>
    }
}

fn list(state: &State, tell: &Tell) -> Html {
    if let Some(error) = &state.tasks.error {
        return failure(error, Resource::Tasks, tell);
    }
    let Some(page) = &state.tasks.value else {
        return html! { <div class="skeleton__table" aria-hidden="true" /> };
    };
    if page.items.is_empty() && !state.tasks.loading {
        return if state.filter.is_narrow() {
            let clear = button("Clear filters", Action::ClearFilters, tell);
            empty("No task matches", "Try fewer filters or another word.", clear)
        } else {
            empty("No tasks yet", "There is nothing to list.", Html::default())
        };
    }
    html! { <>{ task_table(page, state, tell) }{ pager(state, tell) }</> }
}
