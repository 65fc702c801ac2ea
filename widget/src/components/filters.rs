//! What the list of tasks is narrowed to, and its order.

use super::{
    el::{El, Tell, el},
    header::{menu, option},
    notice::button,
};
use crate::{
    filter::{AssigneeFilter, Filter, SORTS, StatusFilter},
    state::{Action, State},
    words,
};

/// Search, status, assignee, overdue; the order too, where the table's headings
/// are hidden for want of room.
pub fn filters(state: &State, tell: &Tell) -> El {
    let filter = &state.filter;
    let search = el(
        "input.input[type=search][placeholder=Search tasks][aria-label=Search tasks]\
                     [maxlength=100][dir=auto]",
    )
    .property("value", state.typed.as_str().into())
    .on_input(tell, Action::Type);
    let overdue = button("Overdue")
        .set("data-kind", "toggle")
        .set("aria-pressed", words::truth(filter.overdue))
        .on_click(tell, Action::ToggleOverdue);

    let filters = el("div.filters[role=search][aria-label=Tasks]")
        .add(search)
        .add(status_menu(filter, tell))
        .add(assignee_menu(state, tell))
        .add(order_menu(filter, tell))
        .add(overdue);
    if !filter.is_narrow() {
        return filters;
    }
    let clear = button("Clear").set("data-kind", "quiet");
    filters.add(clear.on_click(tell, Action::ClearFilters))
}

fn status_menu(filter: &Filter, tell: &Tell) -> El {
    let options = StatusFilter::ALL.map(|status| {
        let name = match status {
            StatusFilter::Any => "Any status",
            StatusFilter::Open => "Open",
            StatusFilter::One(status) => words::status(status),
        };
        option(status.as_str(), name, status == filter.status)
    });
    menu("Status", tell, Action::ChooseStatus).all(options)
}

/// The people of the workload: the contract has no list of users.
fn assignee_menu(state: &State, tell: &Tell) -> El {
    let chosen = &state.filter.assignee;
    let dashboard = state.dashboard.value.iter();
    let people = dashboard
        .flat_map(|dashboard| &dashboard.workload.people)
        .filter_map(|person| person.user.as_ref())
        .map(|user| {
            let is_chosen = matches!(chosen, AssigneeFilter::User(id) if *id == user.id);
            option(user.id.as_str(), &user.name, is_chosen)
        });
    menu("Assignee", tell, Action::ChooseAssignee)
        .add(option("", "Anyone", *chosen == AssigneeFilter::Anyone))
        .add(option(
            "none",
            "Unassigned",
            *chosen == AssigneeFilter::Nobody,
        ))
        .all(people)
}

fn order_menu(filter: &Filter, tell: &Tell) -> El {
    let options = SORTS.map(|(sort, value, name)| option(value, name, sort == filter.sort));
    menu("Order", tell, Action::ChooseSort).all(options)
}
