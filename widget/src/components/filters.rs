//! What the whole dashboard is narrowed to: a search, a menu for each kind of
//! choice, and what is chosen as chips that take it back.

use js_sys::JsString;
use oriel_contract::{DateField, TaskPriority, TaskStatus};
use yew::AttrValue;

use super::{
    el::{El, Tell, el},
    menu::{check, menu},
    notice::button,
    panel::swatch,
};
use crate::{
    days::{self, Preset},
    filter::{Facet, Filter},
    format,
    messages::{Message, msg},
    state::{Action, State},
    words,
};

/// Choices from which on a menu has a field to find one.
const MANY: usize = 10;

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

    el("section.filters[role=search]")
        .set("aria-label", msg::FILTERS)
        .add(
            el("div.filters__bar")
                .add(search)
                .all(menus.map(|facet| facet_menu(facet, state, tell)))
                .add(date_menu(state, tell))
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
    let chosen = state.filter.chosen(facet);
    let item = |value: &str, name: AttrValue| {
        let action = Action::Toggle(facet, value.to_owned());
        let is_chosen = chosen.iter().any(|one| one == value);
        check(name, is_chosen, tell, action).key(value)
    };
    let mut items: Vec<El> = Vec::new();
    match facet {
        Facet::Status => items.extend(
            TaskStatus::ALL.map(|status| item(status.as_str(), words::status(status).into())),
        ),
        Facet::Priority => items.extend(
            TaskPriority::ALL
                .map(|priority| item(priority.as_str(), words::priority(priority).into())),
        ),
        Facet::Assignee => items.push(item("none", msg::UNASSIGNED.into())),
        Facet::Project | Facet::Label => {}
    }
    let choices = &state.choices(facet).items;
    let found = choices.iter();
    let found = found.filter(|choice| has(&choice.name, &state.sought));
    items.extend(found.map(|choice| item(&choice.id, choice.name.clone().into())));

    let mut panel = el("div.menu__items");
    if items.is_empty() {
        let text = if state.choices(facet).path().is_some() {
            msg::LOADING
        } else {
            msg::NO_CHOICE
        };
        panel = panel.add(el("p.menu__none").text(text));
    }
    let panel = panel.all(items);
    let menu = menu(title(facet), facet.as_str(), chosen.len());
    let menu = menu.on_open(tell, Action::OpenMenu(facet));
    if choices.len() < MANY {
        return menu.add(el("div.menu__panel").add(panel));
    }
    let find = el("input.input[type=search][dir=auto]")
        .set("placeholder", msg::FIND)
        .set("aria-label", msg::FIND)
        .property("value", state.sought.as_str().into())
        .on_input(tell, Action::Seek);
    menu.add(el("div.menu__panel").add(find).add(panel))
}

/// Whether `name` has `part` in it, in either case. The browser knows the cases of
/// every script; for us they were kilobytes.
fn has(name: &str, part: &str) -> bool {
    if part.is_empty() {
        return true;
    }
    let lower = |text: &str| JsString::from(text).to_lower_case();
    lower(name).includes(&String::from(lower(part)), 0)
}

/// What a date of a task is called.
const fn field_title(field: DateField) -> Message<0> {
    match field {
        DateField::DueOn => msg::COLUMN_DUE,
        DateField::CreatedAt => msg::COLUMN_CREATED,
        DateField::CompletedAt => msg::COLUMN_COMPLETED,
    }
}

fn preset_title(preset: Preset) -> String {
    match preset {
        Preset::Past7 => msg::PAST_DAYS.with([7_u64]),
        Preset::Past30 => msg::PAST_DAYS.with([30_u64]),
        Preset::Past90 => msg::PAST_DAYS.with([90_u64]),
        Preset::ThisMonth => msg::THIS_MONTH.text(),
        Preset::Next7 => msg::NEXT_DAYS.with([7_u64]),
        Preset::Next30 => msg::NEXT_DAYS.with([30_u64]),
    }
}

fn date_menu(state: &State, tell: &Tell) -> El {
    let filter = &state.filter;
    let fields = DateField::ALL.map(|field| {
        el("option")
            .set("value", field.as_str())
            .property("selected", (field == filter.date).into())
            .text(field_title(field))
    });
    let field = el("select.select")
        .set("aria-label", msg::COLUMN_DATE)
        .all(fields);
    let mut presets = el("div.menu__presets");
    if let Some(today) = state.today() {
        presets = presets.all(Preset::ALL.map(|preset| {
            let (from, to) = preset.days(today);
            let is_chosen = (from, to) == (filter.from, filter.to);
            button(preset_title(preset))
                .set("aria-pressed", words::truth(is_chosen))
                .on_click(tell, Action::ChooseDays(from, to))
        }));
    }
    let day = |name: Message<0>, day: Option<_>, action| {
        let value = day.map(days::text).unwrap_or_default();
        let input = el("input.input[type=date]")
            .property("value", value.into())
            .on_change(tell, action);
        el("label.menu__day").text(name).add(input)
    };
    let is_set = filter.from.or(filter.to).is_some();
    menu(msg::COLUMN_DATE, "date", usize::from(is_set)).add(
        el("div.menu__panel")
            .add(field.on_change(tell, Action::ChooseField))
            .add(presets)
            .add(day(msg::FROM, filter.from, Action::ChooseFrom))
            .add(day(msg::TO, filter.to, Action::ChooseTo)),
    )
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
