//! Title, day, and what the whole dashboard is narrowed to.

use oriel_contract::RangePreset;

use super::el::{El, Tell, el};
use crate::{
    format,
    state::{Action, State},
    words,
};

/// The head of the page, under the embed's own title.
pub fn header(title: &str, state: &State, tell: &Tell) -> El {
    let ranges = RangePreset::ALL.map(|range| {
        el("button.segments__item[type=button]")
            .set("aria-pressed", words::truth(range == state.range))
            .on_click(tell, Action::ChooseRange(range))
            .text(words::range(range))
    });

    el("header.header")
        .add(
            el("div.header__title")
                .add(el("h1[dir=auto]").text(title.to_owned()))
                .add(el("p.header__day").text(day(state))),
        )
        .add(
            el("div.header__controls")
                .add(project_menu(state, tell))
                .add(el("div.segments[role=group][aria-label=Range]").all(ranges)),
        )
}

/// The day that the dashboard calls today, once it is known.
fn day(state: &State) -> String {
    match &state.dashboard.value {
        Some(dashboard) if dashboard.pinned => "As of ".to_owned() + &format::date(dashboard.as_of),
        Some(dashboard) => format::date(dashboard.as_of),
        None => String::new(),
    }
}

fn project_menu(state: &State, tell: &Tell) -> El {
    let chosen = state.project.as_ref();
    let projects = state.projects.iter();
    menu("Project", tell, Action::ChooseProject)
        .add(option("", "All projects", chosen.is_none()))
        .all(projects.map(|project| {
            option(
                project.id.as_str(),
                &project.name,
                chosen == Some(&project.id),
            )
        }))
}

/// A menu of [`option`]s.
pub fn menu(name: &'static str, tell: &Tell, action: fn(String) -> Action) -> El {
    el("select.select")
        .set("data-menu", name)
        .set("aria-label", name)
        .on_change(tell, action)
}

/// A choice of a [`menu`].
pub fn option(value: &str, name: &str, is_chosen: bool) -> El {
    el("option")
        .set("value", value.to_owned())
        .property("selected", is_chosen.into())
        .text(name.to_owned())
}
