//! The table of tasks: in a scroll area of its own, of which only the rows in sight
//! are there.

use oriel_contract::{Task, TaskPriority};

use super::{
    el::{El, Tell, el},
    panel::swatch,
};
use crate::{
    columns::Column,
    format,
    messages::{Message, msg},
    sort::SortKey,
    state::{Action, State},
    words,
};

/// Headings that sort, and a row per task that opens it.
pub fn task_table(state: &State, tell: &Tell) -> El {
    let (first, tasks) = state.list.drawn();
    let below = state.list.rows().saturating_sub(first + tasks.len());
    let head =
        el("tr[aria-rowindex=1]")
            .add(heading(
                "title",
                msg::COLUMN_TASK,
                Some(SortKey::Title),
                state,
                tell,
            ))
            .all(state.columns.shown().map(|column| {
                heading(column.slug(), title(column), column.sort_key(), state, tell)
            }));
    let rows = (first..)
        .zip(tasks)
        .map(|(index, task)| row(index, task, state, tell));
    let body = el("tbody")
        .add(room("above", first))
        .all(rows)
        .add(room("below", below));

    el("div.rows[id=rows][role=region][tabindex=0]")
        .set("aria-label", msg::TABLE_REGION.with([msg::TASKS.text()]))
        .on_rows(tell, state.list.top(), Action::Scroll)
        .add(
            el("table.table tasks")
                .set("aria-busy", words::truth(state.list.is_loading()))
                .set("aria-rowcount", (state.list.total + 1).to_string())
                .add(el("caption.sr-only").text(msg::TASKS))
                .add(el("thead").add(head))
                .add(body),
        )
}

/// What a column is called.
pub const fn title(column: Column) -> Message<0> {
    match column {
        Column::Project => msg::COLUMN_PROJECT,
        Column::Status => msg::COLUMN_STATUS,
        Column::Priority => msg::COLUMN_PRIORITY,
        Column::Assignee => msg::COLUMN_ASSIGNEE,
        Column::Labels => msg::COLUMN_LABELS,
        Column::Due => msg::COLUMN_DUE,
        Column::Created => msg::COLUMN_CREATED,
        Column::Completed => msg::COLUMN_COMPLETED,
        Column::Updated => msg::COLUMN_UPDATED,
    }
}

/// The room of rows that are not there.
fn room(key: &str, rows: usize) -> El {
    el("tr.room[aria-hidden=true]").key(key).rows(rows)
}

fn heading(
    slug: &'static str,
    name: Message<0>,
    key: Option<SortKey>,
    state: &State,
    tell: &Tell,
) -> El {
    let heading = el("th[scope=col]").key(slug).set("data-column", slug);
    let Some(key) = key else {
        return heading.text(name);
    };
    let standing = state.sort.standing(key);
    let direction = match standing {
        None => "none",
        Some((_, false)) => "ascending",
        Some((_, true)) => "descending",
    };
    let (alone, together) = (Action::SortBy(key, false), Action::SortBy(key, true));
    let mut button = el("button.sort[type=button]")
        .text(name)
        .on_click_or_shift(tell, alone, together);
    if let Some((place, _)) = standing.filter(|_| state.sort.len() > 1) {
        button = button.add(el("sup").text((place + 1).to_string()));
    }
    heading.set("aria-sort", direction).add(button)
}

fn row(index: usize, task: Option<&Task>, state: &State, tell: &Tell) -> El {
    let row = el("tr").set("aria-rowindex", (index + 2).to_string());
    let Some(task) = task else {
        // Its page is on its way.
        return row.key(&index.to_string()).add(el("th.waiting[scope=row]"));
    };
    let title = el("button.task__title[type=button][dir=auto][aria-haspopup=dialog]")
        .on_click(tell, Action::OpenTask(task.id.clone()))
        .text(task.title.clone());
    row.key(task.id.as_str())
        .add(el("th[scope=row]").add(title).add(origin(task)))
        .all(state.columns.shown().map(|column| cell(column, task)))
}

fn cell(column: Column, task: &Task) -> El {
    let time = |time: Option<_>| time.map_or_else(none, format::day_of);
    let cell = el("td[dir=auto]").set("data-column", column.slug());
    match column {
        Column::Project => cell.text(task.project.name.clone()),
        Column::Status => cell
            .add(swatch(task.status.as_str()))
            .text(words::status(task.status)),
        Column::Priority => cell.text(match task.priority {
            TaskPriority::None => none(),
            priority => words::priority(priority).text(),
        }),
        Column::Assignee => {
            let assignee = task.assignee.as_ref();
            let unassigned = || msg::UNASSIGNED.text();
            cell.text(assignee.map_or_else(unassigned, |user| user.name.clone()))
        }
        Column::Labels => {
            let names: Vec<_> = task.labels.iter().map(|label| &*label.name).collect();
            cell.text(names.join(", "))
        }
        Column::Due => due(cell, task),
        Column::Created => cell.text(time(Some(task.created_at))),
        Column::Completed => cell.text(time(task.completed_at)),
        Column::Updated => cell.text(time(Some(task.updated_at))),
    }
}

fn none() -> String {
    "–".to_owned()
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

fn due(cell: El, task: &Task) -> El {
    let due = cell.text(task.due_on.map_or_else(none, format::date));
    if !task.overdue {
        return due;
    }
    due.add(el("span.overdue").text(" ").text(msg::OVERDUE))
}
