//! A chart in its card, with its legend, and a button that turns it into a table.

use oriel_contract::Dashboard;
use yew::{Html, html};

use super::{
    canvas::{ChartCanvas, Numbers},
    events::{Tell, click},
};
use crate::{
    charts::{self, Chart, Twin},
    format,
    state::Action,
    words,
};

/// A card with a heading and the chart, or its table.
pub fn panel(chart: Chart, numbers: &Numbers, as_table: bool, tell: &Tell) -> Html {
    let dashboard = &numbers.0;
    let title = chart.title(dashboard);
    let id = chart.slug();
    let body = if as_table {
        table(&title, &chart.twin(dashboard))
    } else {
        html! { <ChartCanvas {chart} numbers={numbers.clone()} /> }
    };
    let legend = if as_table { Html::default() } else { legend(chart, dashboard) };

    html! {
        <section class="card panel" aria-labelledby={id}>
            <header class="panel__header">
                <h2 {id}>{ &title }</h2>
                <button
                    type="button"
                    class="button"
                    data-kind="quiet"
                    aria-pressed={words::truth(as_table)}
                    aria-label={"Table: ".to_owned() + &title}
                    onclick={click(tell, Action::ToggleTwin(chart))}
                >
                    { if as_table { "Chart" } else { "Table" } }
                </button>
            </header>
            { body }
            { legend }
        </section>
    }
}

fn legend(chart: Chart, dashboard: &Dashboard) -> Html {
    match chart {
        Chart::BurnUp => series([("scope", "Scope"), ("completed", "Completed")]),
        Chart::Workload => series([("overdue", "Overdue"), ("open", "Other open")]),
        Chart::Statuses => statuses(dashboard),
        Chart::Throughput => Html::default(),
    }
}

fn series(series: [(&'static str, &'static str); 2]) -> Html {
    html! {
        <ul class="legend">
            { for series.map(|(hue, name)| html! { <li>{ swatch(hue) }{ name }</li> }) }
        </ul>
    }
}

/// Names and numbers of the statuses: the bar's legend and labels in one.
fn statuses(dashboard: &Dashboard) -> Html {
    let total = charts::total(dashboard);
    let row = |count: &oriel_contract::StatusCount| {
        html! {
            <li>
                { swatch(count.status.as_str()) }
                <span>{ words::status(count.status) }</span>
                <b>{ format::grouped(count.tasks) }</b>
                <span>{ format::percent(count.tasks, total) }</span>
            </li>
        }
    };
    html! { <ul class="statuses">{ for dashboard.statuses.iter().map(row) }</ul> }
}

/// A spot of colour beside the words for it.
pub fn swatch(hue: &'static str) -> Html {
    html! { <i class="swatch" data-hue={hue} aria-hidden="true" /> }
}

fn table(title: &str, twin: &Twin) -> Html {
    let head = twin.head.iter().map(|head| html! { <th scope="col">{ *head }</th> });
    html! {
        <div class="twin" role="region" tabindex="0" aria-label={"Table: ".to_owned() + title}>
            <table class="table">
                <thead><tr>{ for head }</tr></thead>
                <tbody>{ for twin.rows.iter().map(|row| table_row(row)) }</tbody>
            </table>
        </div>
    }
}

fn table_row(row: &[String]) -> Html {
    let cells = row.iter().enumerate().map(|(column, cell)| match column {
        0 => html! { <th scope="row" dir="auto">{ cell }</th> },
        _ => html! { <td>{ cell }</td> },
    });
    html! { <tr>{ for cells }</tr> }
}
