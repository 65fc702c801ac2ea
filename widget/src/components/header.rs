//! Title, day, and what the whole dashboard is narrowed to.

use oriel_contract::RangePreset;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::{
    format,
    state::{Action, State},
    words,
};

/// The embed's title, the state, and who hears of a choice.
#[derive(Properties, PartialEq)]
pub struct HeaderProps {
    pub title: AttrValue,
    pub state: State,
    pub on_action: Callback<Action>,
}

/// The head of the page.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let state = &props.state;
    let day = state.dashboard.value.as_ref().map(|dashboard| {
        let day = format::date(dashboard.as_of);
        if dashboard.pinned { "As of ".to_owned() + &day } else { day }
    });

    html! {
        <header class="header">
            <div class="header__title">
                <h1 dir="auto">{ props.title.clone() }</h1>
                <p class="header__day">{ day.unwrap_or_else(|| "\u{a0}".to_owned()) }</p>
            </div>
            <div class="header__controls">
                { project_menu(state, &props.on_action) }
                { range_picker(state.range, &props.on_action) }
            </div>
        </header>
    }
}

fn project_menu(state: &State, on_action: &Callback<Action>) -> Html {
    let on_change = on_action.reform(|event: Event| Action::ChooseProject(value_of(&event).parse().ok()));
    html! {
        <label class="field">
            <span class="sr-only">{ "Project" }</span>
            <select class="select" onchange={on_change}>
                <option value="" selected={state.project.is_none()}>{ "All projects" }</option>
                { for state.projects.iter().map(|project| html! {
                    <option
                        value={project.id.to_string()}
                        selected={state.project.as_ref() == Some(&project.id)}
                    >
                        { project.name.clone() }
                    </option>
                }) }
            </select>
        </label>
    }
}

/// What a menu has been set to.
pub fn value_of(event: &Event) -> String {
    event
        .target()
        .and_then(|target| target.dyn_into::<HtmlSelectElement>().ok())
        .map(|menu| menu.value())
        .unwrap_or_default()
}

fn range_picker(current: RangePreset, on_action: &Callback<Action>) -> Html {
    html! {
        <div class="segments" role="group" aria-label="Range">
            { for RangePreset::ALL.map(|range| {
                let on_click = on_action.reform(move |_: MouseEvent| Action::ChooseRange(range));
                html! {
                    <button
                        type="button"
                        class="segments__item"
                        aria-pressed={(range == current).to_string()}
                        aria-label={words::range_in_full(range)}
                        onclick={on_click}
                    >
                        { words::range(range) }
                    </button>
                }
            }) }
        </div>
    }
}
