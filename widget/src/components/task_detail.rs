//! What an open task tells: its dates, its way through the statuses, its people.

use oriel_contract::TaskDetail;
use yew::{Html, html};

use super::{events::Tell, notice::failure, panel::swatch};
use crate::{
    format,
    state::{Remote, Resource},
    words,
};

/// What stands below the row of an open task.
pub fn task_detail(detail: &Remote<TaskDetail>, tell: &Tell) -> Html {
    if let Some(error) = &detail.error {
        return failure(error, Resource::Detail, tell);
    }
    let Some(detail) = &detail.value else {
        return html! { <p>{ "Loading…" }</p> };
    };
    let history = detail.history.iter().map(|change| {
        let status = html! { <>{ swatch(change.status.as_str()) }{ words::status(change.status) }</> };
        fact(status, format::day_of(change.at))
    });
    let people = detail.contributors.iter().map(|person| {
        fact(html! { &person.user.name }, person.hours.map(hours).unwrap_or_default())
    });

    html! {
        <div class="detail__columns">
            { facts("Task", dates(detail)) }
            { facts("History", history.collect()) }
            { facts("Worked on by", people.collect()) }
        </div>
    }
}

fn dates(detail: &TaskDetail) -> Vec<Html> {
    let task = &detail.task;
    let facts = [
        ("Priority", Some(words::priority(task.priority).to_owned())),
        ("Assignee", task.assignee.as_ref().map(|user| user.name.clone())),
        ("Created", Some(format::day_of(task.created_at))),
        ("Started", task.started_at.map(format::day_of)),
        ("Due", task.due_on.map(format::date)),
        ("Completed", task.completed_at.map(format::day_of)),
        ("Estimate", task.estimate_hours.map(hours)),
    ];
    facts
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| fact(html! { name }, value)))
        .collect()
}

fn hours(hours: f64) -> String {
    format::one_decimal(hours) + " h"
}

/// A list under a heading; neither without any fact.
fn facts(title: &'static str, facts: Vec<Html>) -> Html {
    if facts.is_empty() {
        return Html::default();
    }
    html! { <div><h3>{ title }</h3><dl class="facts">{ for facts }</dl></div> }
}

fn fact(name: Html, value: String) -> Html {
    html! { <div><dt dir="auto">{ name }</dt><dd dir="auto">{ value }</dd></div> }
}
