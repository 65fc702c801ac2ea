//! Title, day, and what the whole dashboard is narrowed to.

use oriel_contract::RangePreset;
use yew::{AttrValue, Html, html};

use super::events::{Tell, choice, click};
use crate::{
    format,
    state::{Action, State},
    words,
};

/// The head of the page, under the embed's own title.
pub fn header(title: &AttrValue, state: &State, tell: &Tell) -> Html {
    let day = state.dashboard.value.as_ref().map(|dashboard| {
        let day = format::date(dashboard.as_of);
        if dashboard.pinned {
            "As of ".to_owned() + &day
        } else {
            day
        }
    });

    html! {
        <header class="header">
            <div class="header__title">
                <h1 dir="auto">{ title }</h1>
                <p class="header__day">{ day }</p>
            </div>
            <div class="header__controls">
                { project_menu(state, tell) }
                <div class="segments" role="group" aria-label="Range">
                    { for RangePreset::ALL.map(|range| segment(range, state.range, tell)) }
                </div>
            </div>
        </header>
    }
}

fn project_menu(state: &State, tell: &Tell) -> Html {
    let chosen = state.project.as_ref();
    let projects = state
        .projects
        .iter()
        .map(|project| option(project.id.as_str(), &project.name, chosen == Some(&project.id)));
    menu(
        "Project",
        choice(tell, Action::ChooseProject),
        std::iter::once(option("", "All projects", chosen.is_none()))
            .chain(projects)
            .collect(),
    )
}

/// A menu of [`option`]s.
pub fn menu(name: &'static str, onchange: yew::Callback<yew::Event>, options: Html) -> Html {
    html! {
        <select class="select" data-menu={name} aria-label={name} {onchange}>{ options }</select>
    }
}

/// A choice of a [`menu`].
pub fn option(value: &str, name: &str, selected: bool) -> Html {
    html! { <option value={value.to_owned()} {selected}>{ name }</option> }
}

fn segment(range: RangePreset, current: RangePreset, tell: &Tell) -> Html {
    html! {
        <button
            type="button"
            class="segments__item"
            aria-pressed={words::truth(range == current)}
            aria-label={words::range_in_full(range)}
            onclick={click(tell, Action::ChooseRange(range))}
        >
            { words::range(range) }
        </button>
    }
}
