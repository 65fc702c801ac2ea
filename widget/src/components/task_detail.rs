//! What an open task tells: its dates, its way through the statuses, its people.

use oriel_contract::TaskDetail;
use yew::AttrValue;

use super::{
    el::{El, Tell, el},
    notice::failure,
    panel::swatch,
};
use crate::{
    format,
    messages::{Message, msg},
    remote::Remote,
    state::Resource,
    words,
};

/// What stands below the row of an open task.
pub fn task_detail(detail: &Remote<TaskDetail>, tell: &Tell) -> El {
    if let Some(error) = &detail.error {
        return failure(error, Resource::Detail, tell);
    }
    let Some(detail) = &detail.value else {
        return el("p").text(msg::LOADING);
    };
    let history = detail.history.iter().map(|change| {
        let status = name(words::status(change.status));
        fact(
            status.add(swatch(change.status.as_str())),
            format::day_of(change.at),
        )
    });
    let people = detail.contributors.iter().map(|person| {
        let hours = person.hours.map(hours).unwrap_or_default();
        fact(name(person.user.name.clone()), hours)
    });

    let columns = el("div.detail__columns")
        .add(facts(msg::COLUMN_TASK).add(el("dl.facts").all(dates(detail))))
        .add(facts(msg::HISTORY).add(el("dl.facts").all(history)));
    if detail.contributors.is_empty() {
        return columns;
    }
    columns.add(facts(msg::WORKED_ON_BY).add(el("dl.facts").all(people)))
}

fn dates(detail: &TaskDetail) -> impl Iterator<Item = El> {
    let task = &detail.task;
    let facts = [
        (
            msg::FACT_PRIORITY,
            Some(words::priority(task.priority).text()),
        ),
        (
            msg::FACT_ASSIGNEE,
            task.assignee.as_ref().map(|user| user.name.clone()),
        ),
        (msg::FACT_CREATED, Some(format::day_of(task.created_at))),
        (msg::FACT_STARTED, task.started_at.map(format::day_of)),
        (msg::FACT_DUE, task.due_on.map(format::date)),
        (msg::FACT_COMPLETED, task.completed_at.map(format::day_of)),
        (msg::FACT_ESTIMATE, task.estimate_hours.map(hours)),
    ];
    facts
        .into_iter()
        .filter_map(|(title, value)| Some(fact(name(title), value?)))
}

fn hours(hours: f64) -> String {
    msg::HOURS.with([hours])
}

/// A list under a heading.
fn facts(title: Message<0>) -> El {
    el("div").add(el("h3").text(title))
}

fn name(name: impl Into<AttrValue>) -> El {
    el("dt[dir=auto]").text(name)
}

fn fact(name: El, value: String) -> El {
    el("div").add(name).add(el("dd[dir=auto]").text(value))
}
