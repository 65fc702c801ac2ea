//! What an open task tells: its dates, its way through the statuses, its people.

use oriel_contract::{Contributor, StatusChange, TaskDetail};
use yew::prelude::*;

use super::failure::Failure;
use crate::{
    format,
    state::{Action, Remote, Resource},
    words,
};

/// The task, as far as it has been read.
#[derive(Properties, PartialEq)]
pub struct DetailProps {
    pub detail: Remote<TaskDetail>,
    pub on_action: Callback<Action>,
}

/// Below the task's row.
#[component]
pub fn Detail(props: &DetailProps) -> Html {
    if let Some(error) = &props.detail.error {
        let on_retry = props.on_action.reform(|()| Action::Retry(Resource::Detail));
        return html! { <Failure error={error.clone()} {on_retry} /> };
    }
    let Some(detail) = &props.detail.value else {
        return html! { <p class="detail__loading">{ "Loading…" }</p> };
    };
    html! {
        <div class="detail__columns">
            { dates(detail) }
            <div>
                <h3>{ "History" }</h3>
                <ol class="history">{ for detail.history.iter().map(change) }</ol>
            </div>
            if !detail.contributors.is_empty() {
                <div>
                    <h3>{ "Worked on by" }</h3>
                    <ul class="history">{ for detail.contributors.iter().map(contributor) }</ul>
                </div>
            }
        </div>
    }
}

fn dates(detail: &TaskDetail) -> Html {
    let task = &detail.task;
    let estimate = task.estimate_hours.map(|hours| format::one_decimal(hours) + " h");
    let facts = [
        ("Priority", Some(words::priority(task.priority).to_owned())),
        ("Assignee", task.assignee.as_ref().map(|user| user.name.clone())),
        ("Created", Some(format::day_of(task.created_at))),
        ("Started", task.started_at.map(format::day_of)),
        ("Due", task.due_on.map(format::date)),
        ("Completed", task.completed_at.map(format::day_of)),
        ("Estimate", estimate),
    ];
    html! {
        <dl class="facts">
            { for facts.into_iter().filter_map(|(name, fact)| fact.map(|fact| html! {
                <div class="facts__row"><dt>{ name }</dt><dd dir="auto">{ fact }</dd></div>
            })) }
        </dl>
    }
}

fn change(change: &StatusChange) -> Html {
    let class = "swatch--".to_owned() + change.status.as_str();
    html! {
        <li class="history__row">
            <span class={classes!("swatch", class)} aria-hidden="true" />
            <span>{ words::status(change.status) }</span>
            <span class="history__at">{ format::day_of(change.at) }</span>
        </li>
    }
}

fn contributor(contributor: &Contributor) -> Html {
    let hours = contributor.hours.map(|hours| format::one_decimal(hours) + " h");
    html! {
        <li class="history__row">
            <bdi>{ contributor.user.name.clone() }</bdi>
            <span class="history__at">{ hours.unwrap_or_default() }</span>
        </li>
    }
}
