//! A chart on a canvas.

use std::rc::Rc;

use oriel_contract::Dashboard;
use web_sys::{HtmlCanvasElement, HtmlElement};
use yew::prelude::*;

use crate::{
    charts::{self, Chart},
    hooks::{use_screen, use_size},
};

/// Which chart, of which numbers.
#[derive(Properties, PartialEq)]
pub struct ChartCanvasProps {
    pub chart: Chart,
    pub dashboard: Rc<Dashboard>,
}

/// The chart as large as its place, drawn anew when that or the screen changes.
#[component]
pub fn ChartCanvas(props: &ChartCanvasProps) -> Html {
    let place = use_node_ref();
    let canvas = use_node_ref();
    let size = use_size(&place);
    let screen = use_screen();
    let rows = match props.chart {
        Chart::Workload => charts::workload_rows(&props.dashboard),
        _ => 0,
    };

    use_effect_with((place.clone(), rows), |(place, rows)| {
        if let Some(place) = place.cast::<HtmlElement>() {
            let _ = place.style().set_property("--rows", &rows.to_string());
        }
    });
    use_effect_with(
        (canvas.clone(), size, screen, props.chart, props.dashboard.clone()),
        |(canvas, size, screen, chart, dashboard)| {
            let (Some(canvas), Some(size)) = (canvas.cast::<HtmlCanvasElement>(), *size) else {
                return;
            };
            charts::paint(*chart, dashboard, &canvas, size, screen.ratio);
        },
    );

    html! {
        <div class={classes!("plot", "plot--".to_owned() + props.chart.slug())} ref={place}>
            <canvas
                class="plot__canvas"
                role="img"
                aria-label={props.chart.summary(&props.dashboard)}
                ref={canvas}
            />
        </div>
    }
}
