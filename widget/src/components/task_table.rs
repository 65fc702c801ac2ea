//! The table of tasks.

use oriel_contract::{Task, TaskPage, TaskPriority};

use super::{
    el::{El, Tell, el},
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
pub fn task_table(page: &TaskPage, state: &State, tell: &Tell) -> El {
    let head = el("tr").all([
        sorter("Task", SortKey::Title, state, tell),
        heading().text("Project"),
        heading().text("Status"),
        sorter("Priority", SortKey::Priority, state, tell),
        heading().text("Assignee"),
        sorter("Due", SortKey::DueOn, state, tell),
        sorter("Updated", SortKey::UpdatedAt, state, tell),
    ]);
    let mut body = el("tbody");
    for task in &page.items {
        let is_open = state.open_task.as_ref() == Some(&task.id);
        body = body.add(row(task, is_open, tell));
        if is_open {
            let detail = el("td[colspan=7]").add(task_detail(&state.detail, tell));
            body = body.add(el("tr.detail").key("detail").add(detail));
        }
    }

    el("table.table tasks")
        .set("aria-busy", words::truth(state.tasks.loading))
        .add(el("caption.sr-only").text("Tasks"))
        .add(el("thead").add(head))
        .add(body)
}

fn heading() -> El {
    el("th[scope=col]")
}

fn sorter(name: &'static str, key: SortKey, state: &State, tell: &Tell) -> El {
    let button = el("button.sort[type=button]").text(name);
    heading()
        .set("aria-sort", state.filter.direction(key))
        .add(button.on_click(tell, Action::SortBy(key)))
}

fn row(task: &Task, is_open: bool, tell: &Tell) -> El {
    let title = el("button.task__title[type=button][dir=auto]")
        .set("aria-expanded", words::truth(is_open))
        .on_click(tell, Action::ToggleTask(task.id.clone()))
        .text(task.title.clone());
    let priority = match task.priority {
        TaskPriority::None => "–",
        priority => words::priority(priority),
    };
    let assignee = task.assignee.as_ref();
    let assignee = assignee.map_or("Unassigned", |user| &user.name);

    el("tr").key(task.id.as_str()).all([
        el("th[scope=row]").add(title).add(origin(task)),
        text(&task.project.name),
        el("td")
            .add(swatch(task.status.as_str()))
            .text(words::status(task.status)),
        text(priority),
        text(assignee),
        due(task),
        text(&format::day_of(task.updated_at)),
    ])
}

fn text(text: &str) -> El {
    el("td[dir=auto]").text(text.to_owned())
}

/// Under the title: the task's name elsewhere, and on a narrow screen its project.
fn origin(task: &Task) -> El {
    let origin = el("span.task__origin[dir=auto]");
    let origin = match &task.external_id {
        Some(id) => origin.add(el("span").text(id.clone())),
        None => origin,
    };
    origin.add(el("span.narrow").text(task.project.name.clone()))
}

fn due(task: &Task) -> El {
    let due = el("td").text(task.due_on.map_or_else(|| "–".to_owned(), format::date));
    if !task.overdue {
        return due;
    }
    due.add(el("span.overdue").text(" Overdue"))
}
