//! The table of tasks.

use oriel_contract::{Task, TaskPage, TaskPriority};
use yew::{Html, html};

use super::{
    events::{Tell, click},
    panel::swatch,
    task_detail::task_detail,
};
use crate::{
    filter::SortKey,
    format,
    state::{Action, State},
    words,
};

/// Headings that sort, and a row per task that opens in place: the frame is as
/// high as its content, so a dialog in its middle might be far out of sight.
pub fn task_table(page: &TaskPage, state: &State, tell: &Tell) -> Html {
    html! {
        <table class="table tasks" aria-busy={words::truth(state.tasks.loading)}>
            <caption class="sr-only">{ "Tasks" }</caption>
            <thead>
                <tr>
                    { heading("Task", SortKey::Title, state, tell) }
                    <th scope="col">{ "Project" }</th>
                    <th scope="col">{ "Status" }</th>
                    { heading("Priority", SortKey::Priority, state, tell) }
                    <th scope="col">{ "Assignee" }</th>
                    { heading("Due", SortKey::DueOn, state, tell) }
                    { heading("Updated", SortKey::UpdatedAt, state, tell) }
                </tr>
            </thead>
            <tbody>{ for page.items.iter().map(|task| row(task, state, tell)) }</tbody>
        </table>
    }
}

fn heading(name: &'static str, key: SortKey, state: &State, tell: &Tell) -> Html {
    html! {
        <th scope="col" aria-sort={state.filter.direction(key)}>
            <button type="button" class="sort" onclick={click(tell, Action::SortBy(key))}>
                { name }
            </button>
        </th>
    }
}

fn row(task: &Task, state: &State, tell: &Tell) -> Html {
    let is_open = state.open_task.as_ref() == Some(&task.id);
    let detail = if is_open {
        html! { <tr class="detail"><td colspan="7">{ task_detail(&state.detail, tell) }</td></tr> }
    } else {
        Html::default()
    };

    html! {
        <>
            <tr>
                <th scope="row">
                    <button
                        type="button"
                        class="task__title"
                        dir="auto"
                        aria-expanded={words::truth(is_open)}
                        onclick={click(tell, Action::ToggleTask(task.id.clone()))}
                    >
                        { &task.title }
                    </button>
                    { origin(task) }
                </th>
                { text(&task.project.name) }
                { status(task) }
                { text(match task.priority {
                    TaskPriority::None => "–",
                    priority => words::priority(priority),
                }) }
                { text(task.assignee.as_ref().map_or("Unassigned", |user| &user.name)) }
                { due(task) }
                { text(&format::day_of(task.updated_at)) }
            </tr>
            { detail }
        </>
    }
}

fn text(text: &str) -> Html {
    html! { <td dir="auto">{ text }</td> }
}

/// Under the title: the task's name elsewhere, and on a narrow screen its project.
fn origin(task: &Task) -> Html {
    html! {
        <span class="task__origin" dir="auto">
            <span>{ task.external_id.clone() }</span>
            <span class="narrow">{ &task.project.name }</span>
        </span>
    }
}

fn status(task: &Task) -> Html {
    html! { <td>{ swatch(task.status.as_str()) }{ words::status(task.status) }</td> }
}

fn due(task: &Task) -> Html {
    let due = task.due_on.map_or_else(|| "–".to_owned(), format::date);
    let overdue = if task.overdue { " Overdue" } else { "" };
    html! { <td>{ due }<span class="overdue">{ overdue }</span></td> }
}
