//! How projects stand, one row each, the riskiest first.

use oriel_contract::{Dashboard, ProjectHealthItem, Risk};

use super::el::{El, Tell, el};
use crate::{format, messages::msg, state::Action, view::Place};

/// The card with the projects.
pub fn health(dashboard: &Dashboard, tell: &Tell) -> El {
    let health = &dashboard.health;
    let rows = health.items.iter().map(|item| row(item, tell));
    let card = el("section.card panel health[aria-labelledby=health]")
        .add(el("header.panel__header").add(el("h2[id=health]").text(msg::PROJECTS)))
        .add(el("ul.health__rows").all(rows));
    if health.others == 0 {
        return card;
    }
    let others = msg::OTHER_PROJECTS.with([health.others]);
    card.add(el("p.health__others").text(others))
}

fn row(item: &ProjectHealthItem, tell: &Tell) -> El {
    let project = &item.project;
    let name = el("button.link[type=button][dir=auto]")
        .on_click(tell, Action::Open(Place::Project(project.id.clone())))
        .text(project.name.clone());
    let (risk, word) = match item.risk {
        Risk::OffTrack => ("off_track", msg::RISK_OFF_TRACK),
        Risk::AtRisk => ("at_risk", msg::RISK_AT_RISK),
        Risk::OnTrack => ("on_track", msg::RISK_ON_TRACK),
        Risk::Done => ("done", msg::STATUS_DONE),
    };
    let progress = el("progress.health__bar[max=1]")
        .property("value", item.progress.into())
        .set("aria-label", msg::PROGRESS_OF.with([&*project.name]));
    let numbers = [
        (item.open, msg::COUNT_OPEN),
        (item.overdue, msg::COUNT_OVERDUE),
        (item.blocked, msg::COUNT_BLOCKED),
    ];
    let numbers = numbers.map(|(number, word)| {
        let none = if number == 0 { "true" } else { "false" };
        el("span").set("data-none", none).text(word.with([number]))
    });
    let due = item
        .next_due_on
        .map(|day| msg::DUE_ON.with([format::date(day)]));

    el("li.health__row").key(project.id.as_str()).all([
        el("h3").add(name),
        el("span.badge").set("data-risk", risk).text(word),
        progress,
        el("span.health__share").text(format::percent(item.completed, item.tasks)),
        el("span.health__numbers").all(numbers),
        el("span.health__due").text(due.unwrap_or_default()),
    ])
}
