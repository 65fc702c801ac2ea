//! What an open task tells: its dates, its way through the statuses, its people.

use oriel_contract::TaskDetail;

use super::{
    el::{El, Tell, el},
    notice::failure,
    panel::swatch,
};
use crate::{
    format,
    state::{Remote, Resource},
    words,
};

/// What stands below the row of an open task.
pub fn task_detail(detail: &Remote<TaskDetail>, tell: &Tell) -> El {
    if let Some(error) = &detail.error {
        return failure(error, Resource::Detail, tell);
    }
    let Some(detail) = &detail.value else {
        return el("p").text("Loading…");
    };
    let history = detail.history.iter().map(|change| {
        let status = name(words::status(change.status).to_owned());
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
        .add(facts("Task").add(el("dl.facts").all(dates(detail))))
        .add(facts("History").add(el("dl.facts").all(history)));
    if detail.contributors.is_empty() {
        return columns;
    }
    columns.add(facts("Worked on by").add(el("dl.facts").all(people)))
}

fn dates(detail: &TaskDetail) -> impl Iterator<Item = El> {
    let task = &detail.task;
    let facts = [
        ("Priority", Some(words::priority(task.priority).to_owned())),
        (
            "Assignee",
            task.assignee.as_ref().map(|user| user.name.clone()),
        ),
        ("Created", Some(format::day_of(task.created_at))),
        ("Started", task.started_at.map(format::day_of)),
        ("Due", task.due_on.map(format::date)),
        ("Completed", task.completed_at.map(format::day_of)),
        ("Estimate", task.estimate_hours.map(hours)),
    ];
    facts
        .into_iter()
        .filter_map(|(title, value)| Some(fact(name(title.to_owned()), value?)))
}

fn hours(hours: f64) -> String {
    format::one_decimal(hours) + " h"
}

/// A list under a heading.
fn facts(title: &'static str) -> El {
    el("div").add(el("h3").text(title))
}

fn name(name: String) -> El {
    el("dt[dir=auto]").text(name)
}

fn fact(name: El, value: String) -> El {
    el("div").add(name).add(el("dd[dir=auto]").text(value))
}
