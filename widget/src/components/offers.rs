//! What menus offer. Few viewers open one, so all of it is loaded later.

use js_sys::JsString;
use oriel_contract::{DateField, TaskPriority, TaskStatus};
use yew::AttrValue;

use super::{
    el::{El, Tell, el},
    filters::field_title,
    menu::check,
    notice::button,
    task_table::title,
};
use crate::{
    columns::Column,
    days::{self, Preset},
    filter::Facet,
    messages::{Message, msg},
    sort::SortKey,
    state::{Action, State},
    words,
};

/// Choices from which on a menu has a field to find one.
const MANY: usize = 10;

/// What a menu is for.
#[derive(Debug, Clone, Copy)]
pub enum Offer {
    Choices(Facet),
    Dates,
    Orders,
    Columns,
}

/// The panel of a menu.
pub fn offer(offer: Offer, state: &State, tell: &Tell) -> El {
    let panel = el("div.menu__panel");
    match offer {
        Offer::Choices(facet) => choices(panel, facet, state, tell),
        Offer::Dates => dates(panel, state, tell),
        Offer::Orders => panel.all(SortKey::ALL.map(|key| order(key, state, tell))),
        Offer::Columns => panel.all(Column::ALL.map(|column| {
            let is_shown = state.columns.has(column);
            check(title(column), is_shown, tell, Action::ToggleColumn(column))
        })),
    }
}

fn choices(panel: El, facet: Facet, state: &State, tell: &Tell) -> El {
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

    let mut list = el("div.menu__items");
    if items.is_empty() {
        let text = if state.choices(facet).path().is_some() {
            msg::LOADING
        } else {
            msg::NO_CHOICE
        };
        list = list.add(el("p.menu__none").text(text));
    }
    let list = list.all(items);
    if choices.len() < MANY {
        return panel.add(list);
    }
    let find = el("input.input[type=search][dir=auto]")
        .set("placeholder", msg::FIND)
        .set("aria-label", msg::FIND)
        .property("value", state.sought.as_str().into())
        .on_input(tell, Action::Seek);
    panel.add(find).add(list)
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

fn dates(panel: El, state: &State, tell: &Tell) -> El {
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
    panel
        .add(field.on_change(tell, Action::ChooseField))
        .add(presets)
        .add(day(msg::FROM, filter.from, Action::ChooseFrom))
        .add(day(msg::TO, filter.to, Action::ChooseTo))
}

/// A column that the list can be ordered by, up, down or not at all: what clicks on
/// headings with the Shift key do, for keyboards and fingers.
fn order(key: SortKey, state: &State, tell: &Tell) -> El {
    let standing = state.sort.standing(key).map(|(_, descending)| descending);
    let way = |arrow: &'static str, descending: bool| {
        let is_on = standing == Some(descending);
        let word = if descending { "down" } else { "up" };
        let next = (!is_on).then_some(descending);
        el("button.button[type=button]")
            .text(arrow)
            .set("aria-pressed", words::truth(is_on))
            .set(
                "aria-label",
                msg::SORT_WAY.with([sort_title(key).text(), word.to_owned()]),
            )
            .on_click(tell, Action::Order(key, next))
    };
    el("div.menu__order")
        .add(el("span").text(sort_title(key)))
        .add(way("↑", false))
        .add(way("↓", true))
}

const fn sort_title(key: SortKey) -> Message<0> {
    match key {
        SortKey::Title => msg::COLUMN_TASK,
        SortKey::Status => title(Column::Status),
        SortKey::Priority => title(Column::Priority),
        SortKey::DueOn => title(Column::Due),
        SortKey::CreatedAt => title(Column::Created),
        SortKey::CompletedAt => title(Column::Completed),
        SortKey::UpdatedAt => title(Column::Updated),
    }
}
