//! What the list of tasks is narrowed to, and its order.

use oriel_contract::TaskStatus;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::header::value_of;
use crate::{
    filter::{AssigneeFilter, Filter, StatusFilter},
    state::{Action, State},
    words,
};

/// The state, and who hears of a choice.
#[derive(Properties, PartialEq)]
pub struct FiltersProps {
    pub state: State,
    pub on_action: Callback<Action>,
}

/// Search, status, assignee, overdue; the order too, where the table's headings
/// are hidden for want of room.
#[component]
pub fn Filters(props: &FiltersProps) -> Html {
    let FiltersProps { state, on_action } = props;
    let filter = &state.filter;
    let on_input = on_action.reform(|event: InputEvent| {
        let field = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        Action::Type(field.map(|field| field.value()).unwrap_or_default())
    });
    let toggled = Filter {
        overdue: !filter.overdue,
        ..filter.clone()
    };
    let on_overdue = on_action.reform(move |_: MouseEvent| Action::ChooseTasks(toggled.clone()));
    let on_clear = on_action.reform(|_: MouseEvent| Action::ClearFilters);

    html! {
        <div class="filters" role="search" aria-label="Tasks">
            <input
                class="input"
                type="search"
                placeholder="Search tasks"
                aria-label="Search tasks"
                maxlength="100"
                dir="auto"
                value={state.typed.clone()}
                oninput={on_input}
            />
            { status_menu(filter, on_action) }
            { assignee_menu(state, on_action) }
            { sort_menu(filter, on_action) }
            <button
                type="button"
                class="button button--toggle"
                aria-pressed={filter.overdue.to_string()}
                onclick={on_overdue}
            >
                { "Overdue" }
            </button>
            if filter.is_narrow() {
                <button type="button" class="button button--quiet" onclick={on_clear}>
                    { "Clear" }
                </button>
            }
        </div>
    }
}

fn status_menu(filter: &Filter, on_action: &Callback<Action>) -> Html {
    let current = filter.clone();
    let on_change = on_action.reform(move |event: Event| {
        let chosen = value_of(&event);
        let status = StatusFilter::all().find(|choice| status_value(*choice) == chosen);
        Action::ChooseTasks(Filter {
            status: status.unwrap_or_default(),
            ..current.clone()
        })
    });
    let options = StatusFilter::all().map(|choice| {
        let name = match choice {
            StatusFilter::Any => "Any status",
            StatusFilter::Open => "Open",
            StatusFilter::One(status) => words::status(status),
        };
        option(status_value(choice), name, choice == filter.status)
    });
    menu("Status", "", on_change, options.collect())
}

const fn status_value(choice: StatusFilter) -> &'static str {
    match choice {
        StatusFilter::Any => "any",
        StatusFilter::Open => "open",
        StatusFilter::One(status) => TaskStatus::as_str(status),
    }
}

/// The people of the workload: the contract has no list of users.
fn assignee_menu(state: &State, on_action: &Callback<Action>) -> Html {
    let current = state.filter.clone();
    let on_change = on_action.reform(move |event: Event| {
        let assignee = match value_of(&event).as_str() {
            "none" => AssigneeFilter::Nobody,
            id => id.parse().map_or(AssigneeFilter::Anyone, AssigneeFilter::User),
        };
        Action::ChooseTasks(Filter {
            assignee,
            ..current.clone()
        })
    });
    let assignee = &state.filter.assignee;
    let people = state.dashboard.value.iter().flat_map(|dashboard| {
        dashboard.workload.people.iter().filter_map(|person| person.user.as_ref())
    });
    let people = people.map(|user| {
        let chosen = matches!(assignee, AssigneeFilter::User(id) if *id == user.id);
        option(user.id.as_str(), &user.name, chosen)
    });
    let options = [
        option("", "Anyone", *assignee == AssigneeFilter::Anyone),
        option("none", "Unassigned", *assignee == AssigneeFilter::Nobody),
    ];
    menu("Assignee", "", on_change, options.into_iter().chain(people).collect())
}

fn sort_menu(filter: &Filter, on_action: &Callback<Action>) -> Html {
    let current = filter.clone();
    let on_change = on_action.reform(move |event: Event| {
        let chosen = value_of(&event);
        let sort = words::SORTS.iter().find(|(_, name)| *name == chosen);
        Action::ChooseTasks(Filter {
            sort: sort.map_or_else(Default::default, |(sort, _)| *sort),
            ..current.clone()
        })
    });
    let options = words::SORTS
        .iter()
        .map(|(sort, name)| option(name, name, *sort == filter.sort));
    menu("Order", "filters__order", on_change, options.collect())
}

fn option(value: &str, name: &str, selected: bool) -> Html {
    html! { <option value={value.to_owned()} {selected}>{ name }</option> }
}

fn menu(name: &'static str, class: &'static str, onchange: Callback<Event>, options: Html) -> Html {
    html! {
        <select class={classes!("select", class)} aria-label={name} {onchange}>{ options }</select>
    }
}
