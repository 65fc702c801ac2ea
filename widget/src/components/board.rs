//! The tasks by their status: a column each, read for itself, page by page.

use oriel_contract::{Task, TaskPage, TaskPriority, TaskStatus};
use yew::prelude::*;

use super::{
    el::{El, Tell, el},
    notice::{button, skeleton_cards},
    panel::swatch,
    rest::rest,
};
use crate::{
    action::Action,
    api::Api,
    feed::{Feed, News},
    filter::Facet,
    format,
    hooks::{use_feed, use_screen},
    messages::msg,
    state::State,
    words,
};

/// A column per status, or per status that the filter lets through.
pub fn board(state: &State, api: &Api, tell: &Tell) -> El {
    let chosen = state.filter.chosen(Facet::Status);
    let is_shown = |status: &TaskStatus| {
        chosen.is_empty() || chosen.iter().any(|chosen| chosen == status.as_str())
    };
    let columns = TaskStatus::ALL.into_iter().filter(is_shown).map(|status| {
        let question = state.column_question(status);
        let (api, tell) = (api.clone(), tell.clone());
        let asked = state.list.attempt;
        html! { <Column key={status.as_str()} {status} {question} {asked} {api} {tell} /> }
    });
    let board = el("div.board[role=region][tabindex=0]").set("aria-label", msg::BOARD);
    columns.fold(board, El::add)
}

/// Which column, of what, and who hears of a card that is opened.
#[derive(Properties, PartialEq)]
struct ColumnProps {
    status: TaskStatus,
    /// Where its tasks are.
    question: String,
    /// Counts changes of the data.
    asked: u32,
    api: Api,
    tell: Tell,
}

#[component]
fn Column(props: &ColumnProps) -> Html {
    let (feed, news) = use_feed::<TaskPage>(&props.api, &props.question, props.asked);
    // Days are written anew when the host page's locale or time zone is another one.
    let _ = use_screen();
    let slug = props.status.as_str();
    let id = "column-".to_owned() + slug;
    let total = feed.shown().map(|page| format::grouped(page.total));
    let head = el("header.column__header")
        .add(
            el("h3")
                .set("id", id.clone())
                .add(swatch(slug))
                .text(words::status(props.status)),
        )
        .add(el("span.column__count").text(total.unwrap_or_default()));
    el("section.column")
        .set("aria-labelledby", id)
        .set("aria-busy", words::truth(feed.is_stale()))
        .set("data-status", slug)
        .add(head)
        .add(cards(&feed, props))
        .all(foot(&feed, &news, props))
        .into()
}

fn cards(feed: &Feed<TaskPage>, props: &ColumnProps) -> El {
    let Some(page) = feed.shown() else {
        return match feed.error {
            Some(_) => el("div"),
            None => skeleton_cards(),
        };
    };
    if page.items.is_empty() {
        return el("p.column__none").text(msg::NO_TASKS);
    }
    let cards = page.items.iter().map(|task| card(task, &props.tell));
    el("ul.column__cards").all(cards)
}

/// What comes below the cards, and where the rest is when a column has no room for it.
fn foot(feed: &Feed<TaskPage>, news: &Callback<News<TaskPage>>, props: &ColumnProps) -> Option<El> {
    rest(el("footer.column__footer"), feed, news, || {
        let narrow = vec![("status", props.status.as_str().to_owned())];
        button(msg::SHOW_ALL_IN_TABLE).on_click(&props.tell, Action::Narrow(narrow))
    })
}

/// A task: all of the card opens it, and its title is what the button is called.
fn card(task: &Task, tell: &Tell) -> El {
    let title = el("button.ticket__title[type=button][dir=auto][aria-haspopup=dialog]")
        .on_click(tell, Action::OpenTask(task.id.clone()))
        .text(task.title.clone());
    let mut facts = el("p.ticket__facts");
    if task.priority != TaskPriority::None {
        facts = facts.add(
            el("span.ticket__priority")
                .set("data-priority", task.priority.as_str())
                .text(words::priority(task.priority)),
        );
    }
    if let Some(due) = task.due_on {
        let due = el("span").text(msg::DUE_ON.with([format::date(due)]));
        facts = facts.add(due);
    }
    if task.overdue {
        facts = facts.add(el("span.overdue").text(msg::OVERDUE));
    }
    let assignee = task.assignee.as_ref().map(|user| user.name.clone());
    el("li.ticket")
        .key(task.id.as_str())
        .add(el("p.ticket__origin[dir=auto]").text(task.project.name.clone()))
        .add(title)
        .add(facts)
        .add(
            el("p.ticket__assignee[dir=auto]")
                .text(assignee.unwrap_or_else(|| msg::UNASSIGNED.text())),
        )
}
