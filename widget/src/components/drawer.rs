//! An open task: a dialog over the page, with its details and its history.

use oriel_contract::TaskDetail;

use super::{
    el::{El, Tell, el},
    notice::button,
    panel::swatch,
    task_detail::task_detail,
};
use crate::{
    later::drawn,
    messages::msg,
    state::{Action, State},
    words,
};

/// The dialog; empty while no task is open. It is always there, so that closing it
/// gives the focus back to where it came from.
pub fn drawer(state: &State, tell: &Tell) -> El {
    let dialog = el("dialog.drawer[id=drawer][aria-labelledby=drawer-title]")
        .on_close(tell, Action::CloseTask);
    if state.view.task.is_none() {
        return dialog;
    }
    dialog.add(match drawn(state, tell) {
        Ok(later) => (later.task)(state, tell),
        Err(wait) => content(msg::COLUMN_TASK.text(), el("p"), wait, tell),
    })
}

/// What stands in the dialog of an open task.
pub fn details(state: &State, tell: &Tell) -> El {
    let detail = state.detail.value.as_ref();
    let (title, under) = match detail {
        Some(detail) => (detail.task.title.clone(), under(detail)),
        None => (msg::COLUMN_TASK.text(), el("p")),
    };
    content(title, under, task_detail(&state.detail, tell), tell)
}

/// A title with a way out, and what it is of.
fn content(title: String, under: El, below: El, tell: &Tell) -> El {
    let close = button(msg::CLOSE).on_click(tell, Action::CloseTask);
    el("div.drawer__content")
        .add(
            el("header.drawer__header")
                .add(el("h2[id=drawer-title][dir=auto]").text(title))
                .add(close)
                .add(under),
        )
        .add(below)
}

/// Under the title: where the task stands, of which project it is, and its name
/// elsewhere.
fn under(detail: &TaskDetail) -> El {
    let task = &detail.task;
    let mut under = el("p.drawer__under")
        .add(
            el("span")
                .add(swatch(task.status.as_str()))
                .text(words::status(task.status)),
        )
        .add(el("span[dir=auto]").text(task.project.name.clone()));
    if let Some(id) = &task.external_id {
        under = under.add(el("span").text(id.clone()));
    }
    if task.overdue {
        under = under.add(el("span.overdue").text(msg::OVERDUE));
    }
    under
}
