//! What the whole dashboard is narrowed to: a search, a menu for each kind of
//! choice, and what is chosen as chips that take it back.

use super::{
    el::{El, Tell, el},
    menu::{menu, offered},
    notice::button,
    offers::Offer,
    panel::swatch,
};
use crate::{
    filter::{Facet, Filter},
    format,
    messages::{Message, msg},
    state::{Action, State},
    words,
};
use oriel_contract::{DateField, TaskPriority, TaskStatus};

/// Search, menus and chips.
pub fn filters(state: &State, tell: &Tell) -> El {
    let search = el("input.input[type=search][maxlength=100][dir=auto]")
        .set("placeholder", msg::SEARCH_TASKS)
        .set("aria-label", msg::SEARCH_TASKS)
        .property("value", state.typed.as_str().into())
        .on_input(tell, Action::Type);
    let overdue = button(msg::OVERDUE)
        .set("data-kind", "toggle")
        .set("aria-pressed", words::truth(state.filter.overdue))
        .on_click(tell, Action::ToggleOverdue);
    // On a project's page there is nothing to choose between.
    let has_project = state.view.place.project().is_none();
    let facets = Facet::ALL.into_iter();
    let menus = facets.filter(|facet| *facet != Facet::Project || has_project);

    let is_set = state.filter.from.or(state.filter.to).is_some();
    let dates = menu(msg::COLUMN_DATE, "date", usize::from(is_set));

    el("section.filters[role=search]")
        .set("aria-label", msg::FILTERS)
        .add(
            el("div.filters__bar")
                .add(search)
                .all(menus.map(|facet| facet_menu(facet, state, tell)))
                .add(offered(dates, Offer::Dates, state, tell))
                .add(overdue),
        )
        .add(chips(state, tell))
}

/// What a kind of choice is called.
const fn title(facet: Facet) -> Message<0> {
    match facet {
        Facet::Project => msg::PROJECT,
        Facet::Status => msg::STATUS,
        Facet::Assignee => msg::COLUMN_ASSIGNEE,
        Facet::Priority => msg::COLUMN_PRIORITY,
        Facet::Label => msg::LABEL,
    }
}

fn facet_menu(facet: Facet, state: &State, tell: &Tell) -> El {
    let menu = menu(
        title(facet),
        facet.as_str(),
        state.filter.chosen(facet).len(),
    );
    let menu = menu.on_open(tell, Action::OpenMenu(facet));
    offered(menu, Offer::Choices(facet), state, tell)
}

/// What a date of a task is called.
pub const fn field_title(field: DateField) -> Message<0> {
    match field {
        DateField::DueOn => msg::COLUMN_DUE,
        DateField::CreatedAt => msg::COLUMN_CREATED,
        DateField::CompletedAt => msg::COLUMN_COMPLETED,
    }
}

/// What is chosen, each with a button that takes it back.
fn chips(state: &State, tell: &Tell) -> El {
    let filter = &state.filter;
    let mut chips = el("ul.chips").set("aria-label", msg::ACTIVE_FILTERS);
    if !filter.is_narrow() {
        return chips.set("hidden", "");
    }
    for facet in Facet::ALL {
        for value in filter.chosen(facet) {
            let chip = chip(&named(title(facet), name(state, facet, value)));
            let chip = match facet {
                Facet::Status => chip.add(swatch_of(value)),
                _ => chip,
            };
            let action = Action::Toggle(facet, value.clone());
            chips = chips.add(item(chip.on_click(tell, action), value));
        }
    }
    if filter.from.or(filter.to).is_some() {
        let chip = chip(&named(field_title(filter.date), span(filter)));
        let action = Action::ChooseDays(None, None);
        chips = chips.add(item(chip.on_click(tell, action), "days"));
    }
    if filter.overdue {
        let chip = chip(&msg::OVERDUE.text());
        chips = chips.add(item(chip.on_click(tell, Action::ToggleOverdue), "overdue"));
    }
    if !filter.search.is_empty() {
        let chip = chip(&named(msg::SEARCH, filter.search.clone()));
        chips = chips.add(item(chip.on_click(tell, Action::ClearSearch), "search"));
    }
    let clear = button(msg::CLEAR).set("data-kind", "quiet");
    chips.add(item(clear.on_click(tell, Action::ClearFilters), "clear"))
}

fn item(button: El, key: &str) -> El {
    el("li").key(key).add(button)
}

fn named(title: Message<0>, value: String) -> String {
    msg::CHIP.with([title.text(), value])
}

fn chip(name: &str) -> El {
    el("button.chip[type=button]")
        .set("aria-label", msg::REMOVE_FILTER.with([name]))
        .add(el("span[dir=auto]").text(name.to_owned()))
}

fn swatch_of(status: &str) -> El {
    let mut statuses = TaskStatus::ALL.into_iter();
    let status = statuses.find(|one| one.as_str() == status);
    swatch(status.map_or("", TaskStatus::as_str))
}

/// What a choice is called; an ellipsis until that is known.
fn name(state: &State, facet: Facet, value: &str) -> String {
    let name = match facet {
        Facet::Status => {
            let mut all = TaskStatus::ALL.into_iter();
            let status = all.find(|one| one.as_str() == value);
            status.map(|status| words::status(status).text())
        }
        Facet::Priority => {
            let mut all = TaskPriority::ALL.into_iter();
            let priority = all.find(|one| one.as_str() == value);
            priority.map(|priority| words::priority(priority).text())
        }
        Facet::Assignee if value == "none" => Some(msg::UNASSIGNED.text()),
        _ => state.choices(facet).name(value).map(ToOwned::to_owned),
    };
    name.unwrap_or_else(|| "…".to_owned())
}

/// `1 Jun 2026 – 30 Jun 2026`, with an end left out where it is open.
fn span(filter: &Filter) -> String {
    let end = |day: Option<_>| day.map_or_else(|| "…".to_owned(), format::date);
    end(filter.from) + " – " + &end(filter.to)
}
