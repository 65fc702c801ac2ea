//! A chart in its card, with a button that turns it into its table.

use std::rc::Rc;

use oriel_contract::Dashboard;
use yew::prelude::*;

use super::{
    canvas::ChartCanvas,
    legend::{series_legend, status_legend},
};
use crate::{
    charts::{Chart, Twin},
    state::Action,
};

/// The chart, its numbers, and how it is shown.
#[derive(Properties, PartialEq)]
pub struct ChartPanelProps {
    pub chart: Chart,
    pub dashboard: Rc<Dashboard>,
    pub as_table: bool,
    pub on_action: Callback<Action>,
}

/// A card with a heading and the chart, or its table.
#[component]
pub fn ChartPanel(props: &ChartPanelProps) -> Html {
    let ChartPanelProps { chart, dashboard, as_table, .. } = props;
    let chart = *chart;
    let title = chart.title(dashboard);
    let id = "panel-".to_owned() + chart.slug();
    let on_click = props.on_action.reform(move |_: MouseEvent| Action::ToggleTwin(chart));

    html! {
        <section class={classes!("card", "panel", id.clone())} aria-labelledby={id.clone()}>
            <header class="panel__header">
                <h2 id={id}>{ title.clone() }</h2>
                if !as_table {
                    { legend(chart) }
                }
                <button
                    type="button"
                    class="button button--quiet"
                    aria-pressed={as_table.to_string()}
                    aria-label={title.clone() + " as table"}
                    onclick={on_click}
                >
                    { if *as_table { "Chart" } else { "Table" } }
                </button>
            </header>
            if *as_table {
                { table(&title, &chart.twin(dashboard)) }
            } else {
                <ChartCanvas {chart} dashboard={dashboard.clone()} />
                if chart == Chart::Statuses {
                    { status_legend(dashboard) }
                }
            }
        </section>
    }
}

fn legend(chart: Chart) -> Html {
    match chart {
        Chart::BurnUp => series_legend(&[("scope", "Scope"), ("completed", "Completed")]),
        Chart::Workload => series_legend(&[("overdue", "Overdue"), ("open", "Other open")]),
        Chart::Statuses | Chart::Throughput => Html::default(),
    }
}

fn table(title: &str, twin: &Twin) -> Html {
    html! {
        <div class="twin" role="region" tabindex="0" aria-label={title.to_owned() + ", table"}>
            <table class="table">
                <thead>
                    <tr>
                        { for twin.head.iter().map(|head| html! { <th scope="col">{ *head }</th> }) }
                    </tr>
                </thead>
                <tbody>
                    { for twin.rows.iter().map(|row| html! {
                        <tr>
                            { for row.iter().enumerate().map(|(column, cell)| match column {
                                0 => html! { <th scope="row" dir="auto">{ cell.clone() }</th> },
                                _ => html! { <td>{ cell.clone() }</td> },
                            }) }
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}
