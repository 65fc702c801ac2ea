//! A chart in its card, with its legend, and a button that turns it into a table.

use oriel_contract::Dashboard;
use yew::{Html, html};

use super::{
    canvas::{ChartCanvas, Numbers},
    el::{El, Tell, el},
    notice::button,
};
use crate::{
    charts::{self, Chart, Twin},
    format,
    state::Action,
    words,
};

/// A card with a heading and the chart, or its table.
pub fn panel(chart: Chart, numbers: &Numbers, as_table: bool, tell: &Tell) -> El {
    let dashboard = &numbers.0;
    let id = chart.slug();
    let title = chart.title(dashboard);
    let toggle = button("Table")
        .set("data-kind", "quiet")
        .set("aria-pressed", words::truth(as_table))
        .set("aria-label", "Table: ".to_owned() + title)
        .on_click(tell, Action::ToggleTwin(chart));
    let head = el("header.panel__header")
        .key("head")
        .add(el("h2").set("id", id).text(title))
        .add(toggle);

    let panel = el("section.card panel")
        .set("aria-labelledby", id)
        .add(head);
    if as_table {
        return panel.add(table(title, &chart.twin(dashboard)).key("table"));
    }
    let panel = panel.add(canvas(chart, numbers));
    match chart {
        Chart::BurnUp => panel.add(series([("scope", "Scope"), ("completed", "Completed")])),
        Chart::Workload => panel.add(series([("overdue", "Overdue"), ("open", "Other open")])),
        Chart::Statuses => panel.add(statuses(dashboard)),
        Chart::Throughput => panel,
    }
}

fn canvas(chart: Chart, numbers: &Numbers) -> Html {
    html! { <ChartCanvas key="canvas" {chart} numbers={numbers.clone()} /> }
}

fn series(series: [(&'static str, &'static str); 2]) -> El {
    el("ul.legend")
        .key("legend")
        .all(series.map(|(hue, name)| el("li").add(swatch(hue)).text(name)))
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

fn table(title: &'static str, twin: &Twin) -> El {
    let head = twin.head.iter().map(|head| el("th[scope=col]").text(*head));
    let rows = twin.rows.iter().map(|row| {
        el("tr").all(row.iter().enumerate().map(|(column, cell)| {
            let place = if column == 0 {
                "th[scope=row][dir=auto]"
            } else {
                "td"
            };
            el(place).text(cell.clone())
        }))
    });
    el("div.twin[role=region][tabindex=0]")
        .set("aria-label", title.to_owned() + ", table")
        .add(
            el("table.table")
                .add(el("thead").add(el("tr").all(head)))
                .add(el("tbody").all(rows)),
        )
}
