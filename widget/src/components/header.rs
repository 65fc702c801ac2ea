//! Title, day, where the viewer is and where else there is to go.

use oriel_contract::RangePreset;

use super::{
    el::{El, Tell, el},
    notice::button,
};
use crate::{
    filter::Facet,
    format,
    messages::{Message, msg},
    state::{Action, State},
    view::Place,
    words,
};

/// The head of the page, under the embed's own title.
pub fn header(title: &str, state: &State, tell: &Tell) -> El {
    el("header.header")
        .add(
            el("div.header__title")
                .add(el("h1[dir=auto][tabindex=-1]").text(title.to_owned()))
                .add(el("p.header__day").text(day(state)).add(line(state))),
        )
        .add(controls(state, tell))
        .add(way(state, tell))
}

/// The day that the dashboard calls today, once it is known.
fn day(state: &State) -> String {
    match &state.dashboard.value {
        Some(dashboard) if dashboard.pinned => msg::AS_OF.with([format::date(dashboard.as_of)]),
        Some(dashboard) => format::date(dashboard.as_of),
        None => String::new(),
    }
}

/// Whether changes appear by themselves, once that is known. A line that comes and
/// goes is no reason to speak up: it is not a live region.
fn line(state: &State) -> El {
    let line = el("span.header__line");
    match state.live.is_up {
        Some(true) => line.set("data-line", "up").text(msg::LIVE),
        Some(false) => line.set("data-line", "down").text(msg::LIVE_RECONNECTING),
        None => line,
    }
}

/// Which page, and for the charts on it how far back.
fn controls(state: &State, tell: &Tell) -> El {
    let controls = el("div.header__controls").add(views(state, tell));
    if state.view.place.is_tasks() {
        return controls;
    }
    controls.add(ranges(state, tell))
}

fn views(state: &State, tell: &Tell) -> El {
    let here = &state.view.place;
    let tab = |name: Message<0>, place: Place, is_here: bool| {
        let tab = el("button.segments__item[type=button]").text(name);
        let tab = if is_here {
            tab.set("aria-current", "page")
        } else {
            tab
        };
        tab.on_click(tell, Action::Open(place))
    };
    let is_tasks = here.is_tasks();
    // Whoever is at the board stays there.
    let tasks = if is_tasks { here.clone() } else { Place::Tasks };
    el("nav.segments views")
        .set("aria-label", msg::VIEWS)
        .add(tab(
            msg::OVERVIEW,
            Place::Overview,
            *here == Place::Overview,
        ))
        .add(tab(msg::TASKS, tasks, is_tasks))
}

fn ranges(state: &State, tell: &Tell) -> El {
    let ranges = RangePreset::ALL.map(|range| {
        el("button.segments__item[type=button]")
            .set("aria-pressed", words::truth(range == state.range))
            .on_click(tell, Action::ChooseRange(range))
            .text(words::range(range))
    });
    el("div.segments[role=group]")
        .set("aria-label", msg::RANGE)
        .all(ranges)
}

/// The way back, and on a project's page the way down to it.
fn way(state: &State, tell: &Tell) -> El {
    let mut way = el("nav.way").set("aria-label", msg::BREADCRUMB);
    if state.has_past() {
        let back = button(msg::BACK).set("data-kind", "quiet");
        way = way.add(back.on_click(tell, Action::Back));
    }
    let Some(project) = state.view.place.project() else {
        return way;
    };
    let name = state.choices(Facet::Project).name(project.as_str());
    let overview = el("button.link[type=button]").text(msg::OVERVIEW);
    way.add(
        el("ol.way__steps")
            .add(el("li").add(overview.on_click(tell, Action::Open(Place::Overview))))
            .add(
                el("li[dir=auto][aria-current=page]")
                    .text(name.map_or_else(|| msg::PROJECT.text(), ToOwned::to_owned)),
            ),
    )
}
