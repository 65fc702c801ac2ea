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
    later::with,
    messages::msg,
    words,
};

/// A card with a heading and the chart, or what stands in its place.
pub fn panel(chart: Chart, numbers: &Numbers, in_place: Option<El>, tell: &Tell) -> El {
    let dashboard = &numbers.0;
    let title = chart.title(dashboard);
    let head = el("header.panel__header")
        .key("head")
        .add(el("h2").set("id", chart.slug()).text(title))
        .add(options(chart, numbers, in_place.is_some(), tell));

    let panel = el("section.card panel")
        .set("aria-labelledby", chart.slug())
        .add(head);
    if let Some(in_place) = in_place {
        return panel.add(in_place.key("table"));
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
        .text("···");
    let other = if as_table {
        msg::SHOW_CHART
    } else {
        msg::SHOW_TABLE
    };
    let save = Callback::from({
        let numbers = numbers.clone();
        move |_| {
            let numbers = numbers.clone();
            with(move |later| (later.save)(chart, &numbers.0));
        }
    });
    let panel = el("div.menu__panel")
        .add(option(other).on_click(tell, Action::ToggleTwin(chart)))
        .add(option(msg::SAVE_PICTURE).on(ListenerKind::onclick, &save));
    el("details.menu[name=menu]").add(summary).add(panel)
}

/// A choice that closes its menu.
pub fn option(name: impl Into<AttrValue>) -> El {
    el("button.menu__item menu__pick[type=button]").text(name)
}

/// What the colours are, where there are several.
pub fn legend(series: &[Series]) -> Option<El> {
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

/// The chart as a table.
pub fn twin(chart: Chart, dashboard: &Dashboard) -> El {
    let name = msg::TABLE_REGION.with([chart.title(dashboard).text()]);
    table(name, &chart.twin(dashboard), chart.is_history())
}

/// The table of a chart; of a history the latest comes first.
pub fn table(name: String, twin: &Twin, is_history: bool) -> El {
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
