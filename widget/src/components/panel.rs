//! A chart in its card, with its legend, and a menu that turns it into a table or
//! saves it.

use oriel_contract::Dashboard;
use yew::{AttrValue, Callback, Html, html, virtual_dom::ListenerKind};

use super::{
    canvas::{ChartCanvas, Numbers},
    el::{El, Tell, el},
};
use crate::{
    action::Action,
    charts::{self, Chart, Series, Twin},
    format,
    messages::msg,
    words,
};

/// A card with a heading and the chart, or its table.
pub fn panel(chart: Chart, numbers: &Numbers, as_table: bool, tell: &Tell) -> El {
    let dashboard = &numbers.0;
    let title = chart.title(dashboard);
    let head = el("header.panel__header")
        .key("head")
        .add(el("h2").set("id", chart.slug()).text(title))
        .add(options(chart, numbers, as_table, tell));

    let panel = el("section.card panel")
        .set("aria-labelledby", chart.slug())
        .add(head);
    if as_table {
        let name = msg::TABLE_REGION.with([title.text()]);
        let rows = chart.twin(dashboard);
        return panel.add(table(name, &rows, chart.is_history()).key("table"));
    }
    let panel = panel.add(canvas(chart, numbers, tell));
    match chart {
        Chart::Statuses => panel.add(statuses(dashboard)),
        _ => panel.all(legend(&chart.legend(dashboard))),
    }
}

/// The chart itself, as large as its place.
pub fn canvas(chart: Chart, numbers: &Numbers, tell: &Tell) -> Html {
    html! { <ChartCanvas key="canvas" {chart} numbers={numbers.clone()} tell={tell.clone()} /> }
}

fn options(chart: Chart, numbers: &Numbers, as_table: bool, tell: &Tell) -> El {
    let title = chart.title(&numbers.0).text();
    let summary = el("summary.button[data-kind=quiet]")
        .set("aria-label", msg::CHART_OPTIONS.with([title]))
        .text("⋯");
    let other = if as_table {
        msg::SHOW_CHART
    } else {
        msg::SHOW_TABLE
    };
    let save = Callback::from({
        let numbers = numbers.clone();
        move |_| charts::save(chart, &numbers.0)
    });
    let panel = el("div.menu__panel")
        .add(option(other).on_click(tell, Action::ToggleTwin(chart)))
        .add(option(msg::SAVE_PICTURE).on(ListenerKind::onclick, &save));
    el("details.menu[name=menu]").add(summary).add(panel)
}

/// A choice that closes its menu.
fn option(name: impl Into<AttrValue>) -> El {
    el("button.menu__item menu__pick[type=button]").text(name)
}

fn legend(series: &[Series]) -> Option<El> {
    let items = series
        .iter()
        .map(|series| el("li").add(swatch(series.hue)).text(series.name.clone()));
    (!series.is_empty()).then(|| el("ul.legend").key("legend").all(items))
}

/// Names and numbers of the statuses: the bar's legend and labels in one.
fn statuses(dashboard: &Dashboard) -> El {
    let total = charts::total(dashboard);
    el("ul.statuses")
        .key("legend")
        .all(dashboard.statuses.iter().map(|count| {
            el("li")
                .add(swatch(count.status.as_str()))
                .add(el("span").text(words::status(count.status)))
                .add(el("b").text(format::grouped(count.tasks)))
                .add(el("span").text(format::percent(count.tasks, total)))
        }))
}

/// A spot of colour beside the words for it.
pub fn swatch(hue: &'static str) -> El {
    el("i.swatch[aria-hidden=true]").set("data-hue", hue)
}

/// The table of a chart; of a history the latest comes first.
fn table(name: String, twin: &Twin, is_history: bool) -> El {
    let head = twin.head.iter().map(|head| el("th[scope=col]").text(*head));
    let mut rows: Vec<El> = twin.rows.iter().map(|row| self::row(row)).collect();
    if is_history {
        rows.reverse();
    }
    el("div.twin[role=region][tabindex=0]")
        .set("aria-label", name)
        .add(
            el("table.table")
                .add(el("thead").add(el("tr").all(head)))
                .add(el("tbody").all(rows)),
        )
}

fn row(cells: &[String]) -> El {
    el("tr").all(cells.iter().enumerate().map(|(column, cell)| {
        let place = if column == 0 {
            "th[scope=row][dir=auto]"
        } else {
            "td"
        };
        el(place).text(cell.clone())
    }))
}
