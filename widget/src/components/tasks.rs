//! The list of tasks with its filters and pages.

use yew::prelude::*;

use super::{
    empty::Empty, failure::Failure, filters::Filters, pager::{Pager, page_info},
    task_table::TaskTable,
};
use crate::{
    error::ErrorKind,
    state::{Action, Resource, State},
};

/// The state, and who hears of what the viewer does.
#[derive(Properties, PartialEq)]
pub struct TaskSectionProps {
    pub state: State,
    pub on_action: Callback<Action>,
}

/// The card with the tasks. It is not there for a token that leaves them out.
#[component]
pub fn TaskSection(props: &TaskSectionProps) -> Html {
    let TaskSectionProps { state, on_action } = props;
    let tasks = &state.tasks;
    if matches!(&tasks.error, Some(error) if error.kind == ErrorKind::InsufficientScope) {
        return Html::default();
    }
    let news = if tasks.loading || state.dashboard.loading {
        "Loading".to_owned()
    } else {
        page_info(state)
    };

    html! {
        <section class="card tasks" aria-labelledby="tasks">
            <header class="tasks__header">
                <h2 id="tasks">{ "Tasks" }</h2>
                <Filters state={state.clone()} on_action={on_action.clone()} />
            </header>
            <p class="sr-only" role="status">{ news }</p>
            { list(state, on_action) }
        </section>
    }
}

fn list(state: &State, on_action: &Callback<Action>) -> Html {
    if let Some(error) = &state.tasks.error {
        let on_retry = on_action.reform(|()| Action::Retry(Resource::Tasks));
        return html! { <Failure error={error.clone()} {on_retry} /> };
    }
    let Some(page) = &state.tasks.value else {
        return html! { <div class="skeleton__table" aria-hidden="true" /> };
    };
    if page.items.is_empty() && !state.tasks.loading {
        let on_clear = on_action.reform(|_: MouseEvent| Action::ClearFilters);
        return if state.filter.is_narrow() {
            html! {
                <Empty title="No task matches" text="Try fewer filters or another word.">
                    <button type="button" class="button" onclick={on_clear}>
                        { "Clear filters" }
                    </button>
                </Empty>
            }
        } else {
            html! { <Empty title="No tasks yet" text="There is nothing to list." /> }
        };
    }
    html! {
        <>
            <TaskTable
                page={page.clone()}
                filter={state.filter.clone()}
                stale={state.tasks.loading}
                open={state.open_task.clone()}
                detail={state.detail.clone()}
                on_action={on_action.clone()}
            />
            <Pager state={state.clone()} on_action={on_action.clone()} />
        </>
    }
}
