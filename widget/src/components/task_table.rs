//! The table of tasks.

use std::rc::Rc;

use oriel_contract::{Task, TaskDetail, TaskId, TaskPage, TaskPriority};
use yew::prelude::*;

use super::task_detail::Detail;
use crate::{
    filter::{Filter, SortKey},
    format,
    state::{Action, Remote},
    words,
};

/// A page of tasks, its order, and the task that stands open.
#[derive(Properties, PartialEq)]
pub struct TaskTableProps {
    pub page: Rc<TaskPage>,
    pub filter: Filter,
    /// Whether another page is on its way.
    pub stale: bool,
    pub open: Option<TaskId>,
    pub detail: Remote<TaskDetail>,
    pub on_action: Callback<Action>,
}

/// Headings that sort, and a row per task that opens in place: the frame is as
/// high as its content, so a dialog in its middle might be far out of sight.
#[component]
pub fn TaskTable(props: &TaskTableProps) -> Html {
    html! {
        <table
            class={classes!("table", "tasks__table", props.stale.then_some("is-stale"))}
            aria-busy={props.stale.to_string()}
        >
            <caption class="sr-only">{ "Tasks" }</caption>
            <thead>
                <tr>
                    { heading(props, "Task", "", SortKey::Title) }
                    <th scope="col" class="wide">{ "Project" }</th>
                    <th scope="col">{ "Status" }</th>
                    { heading(props, "Priority", "wide", SortKey::Priority) }
                    <th scope="col" class="middling">{ "Assignee" }</th>
                    { heading(props, "Due", "", SortKey::DueOn) }
                    { heading(props, "Updated", "wide", SortKey::UpdatedAt) }
                </tr>
            </thead>
            <tbody>
                { for props.page.items.iter().map(|task| row(task, props)) }
            </tbody>
        </table>
    }
}

fn heading(
    props: &TaskTableProps,
    name: &'static str,
    class: &'static str,
    key: SortKey,
) -> Html {
    let filter = props.filter.sorted_by(key);
    let on_click = props
        .on_action
        .reform(move |_: MouseEvent| Action::ChooseTasks(filter.clone()));
    html! {
        <th scope="col" class={class} aria-sort={props.filter.direction(key)}>
            <button type="button" class="sort" onclick={on_click}>{ name }</button>
        </th>
    }
}

fn row(task: &Task, props: &TaskTableProps) -> Html {
    let is_open = props.open.as_ref() == Some(&task.id);
    let id = task.id.clone();
    let on_click = props
        .on_action
        .reform(move |_: MouseEvent| Action::ToggleTask(id.clone()));
    let assignee = task.assignee.as_ref().map_or("Unassigned", |user| &user.name);
    let due = task.due_on.map_or_else(|| "–".to_owned(), format::date);

    html! {
        <>
            <tr key={task.id.as_str()} class={classes!(is_open.then_some("is-open"))}>
                <th scope="row" class="task">
                    <button
                        type="button"
                        class="task__title"
                        dir="auto"
                        aria-expanded={is_open.to_string()}
                        onclick={on_click}
                    >
                        { task.title.clone() }
                    </button>
                    { origin(task) }
                </th>
                <td class="wide ellipsis" dir="auto">{ task.project.name.clone() }</td>
                <td>{ status_pill(task) }</td>
                <td class="wide">{ priority(task.priority) }</td>
                <td class="middling ellipsis" dir="auto">{ assignee }</td>
                <td class={classes!("date", task.overdue.then_some("date--overdue"))}>
                    { due }
                    if task.overdue {
                        <span class="overdue">{ " Overdue" }</span>
                    }
                </td>
                <td class="wide date">{ format::day_of(task.updated_at) }</td>
            </tr>
            if is_open {
                <tr key={task.id.to_string() + "-detail"} class="detail">
                    <td colspan="7">
                        <Detail detail={props.detail.clone()} on_action={props.on_action.clone()} />
                    </td>
                </tr>
            }
        </>
    }
}

/// Under the title: the task's name elsewhere, and on a narrow screen its project.
fn origin(task: &Task) -> Html {
    html! {
        <span class="task__origin" dir="auto">
            if let Some(external_id) = &task.external_id {
                <span>{ external_id.clone() }</span>
            }
            <span class="narrow">{ task.project.name.clone() }</span>
        </span>
    }
}

fn status_pill(task: &Task) -> Html {
    let class = "swatch--".to_owned() + task.status.as_str();
    html! {
        <span class="pill">
            <span class={classes!("swatch", class)} aria-hidden="true" />
            { words::status(task.status) }
        </span>
    }
}

fn priority(priority: TaskPriority) -> Html {
    if priority == TaskPriority::None {
        return html! { "–" };
    }
    html! { words::priority(priority) }
}
