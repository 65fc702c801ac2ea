//! What the list of tasks is narrowed to, and its order.

use yew::{Html, html};

use super::{
    events::{Tell, choice, click, typing},
    header::{menu, option},
};
use crate::{
    filter::{AssigneeFilter, Filter, SORTS, StatusFilter},
    state::{Action, State},
    words,
};

/// Search, status, assignee, overdue; the order too, where the table's headings
/// are hidden for want of room.
pub fn filters(state: &State, tell: &Tell) -> Html {
    let filter = &state.filter;
    let clear = if filter.is_narrow() {
        html! {
            <button
                type="button"
                class="button"
                data-kind="quiet"
                onclick={click(tell, Action::ClearFilters)}
            >
                { "Clear" }
            </button>
        }
    } else {
        Html::default()
    };

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
                oninput={typing(tell, Action::Type)}
            />
            { status_menu(filter, tell) }
            { assignee_menu(state, tell) }
            { order_menu(filter, tell) }
            <button
                type="button"
                class="button"
                data-kind="toggle"
                aria-pressed={words::truth(filter.overdue)}
                onclick={click(tell, Action::ToggleOverdue)}
            >
                { "Overdue" }
            </button>
            { clear }
        </div>
    }
}

fn status_menu(filter: &Filter, tell: &Tell) -> Html {
    let options = StatusFilter::ALL.map(|status| {
        let name = match status {
            StatusFilter::Any => "Any status",
            StatusFilter::Open => "Open",
            StatusFilter::One(status) => words::status(status),
        };
        option(status.as_str(), name, status == filter.status)
    });
    menu("Status", choice(tell, Action::ChooseStatus), options.into_iter().collect())
}

/// The people of the workload: the contract has no list of users.
fn assignee_menu(state: &State, tell: &Tell) -> Html {
    let chosen = &state.filter.assignee;
    let people = state
        .dashboard
        .value
        .iter()
        .flat_map(|dashboard| &dashboard.workload.people)
        .filter_map(|person| person.user.as_ref())
        .map(|user| {
            let selected = matches!(chosen, AssigneeFilter::User(id) if *id == user.id);
            option(user.id.as_str(), &user.name, selected)
        });
    let options = [
        option("", "Anyone", *chosen == AssigneeFilter::Anyone),
        option("none", "Unassigned", *chosen == AssigneeFilter::Nobody),
    ];
    menu(
        "Assignee",
        choice(tell, Action::ChooseAssignee),
        options.into_iter().chain(people).collect(),
    )
}

fn order_menu(filter: &Filter, tell: &Tell) -> Html {
    let options = SORTS.map(|(sort, value, name)| option(value, name, sort == filter.sort));
    menu("Order", choice(tell, Action::ChooseSort), options.into_iter().collect())
}
