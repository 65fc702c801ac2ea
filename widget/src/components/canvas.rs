//! A chart on a canvas.

use std::rc::Rc;

use oriel_contract::Dashboard;
use web_sys::{HtmlCanvasElement, HtmlElement};
use yew::prelude::*;

use crate::{
    charts::{self, Chart},
    hooks::{use_screen, use_size},
};

/// Numbers that are the same only where they are one answer: comparing thousands
/// of points with every key pressed would be waste.
#[derive(Clone)]
pub struct Numbers(pub Rc<Dashboard>);

impl PartialEq for Numbers {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Which chart, of which numbers.
#[derive(Properties, PartialEq)]
pub struct ChartCanvasProps {
    pub chart: Chart,
    pub numbers: Numbers,
}

/// The chart as large as its place, drawn anew when that or the screen changes.
#[component]
pub fn ChartCanvas(props: &ChartCanvasProps) -> Html {
    let place = use_node_ref();
    let canvas = use_node_ref();
    let size = use_size(&place);
    let screen = use_screen();
    let chart = props.chart;
    let dashboard = &props.numbers.0;

    let key = (size, screen, chart, props.numbers.clone());
    use_effect_with(key, {
        let (place, canvas) = (place.clone(), canvas.clone());
        move |(size, screen, chart, numbers)| {
            if let Some(place) = place.cast::<HtmlElement>() {
                let rows = charts::rows(*chart, &numbers.0).to_string();
                let _ = place.style().set_property("--rows", &rows);
            }
            if let (Some(canvas), Some(size)) = (canvas.cast::<HtmlCanvasElement>(), *size) {
                charts::paint(*chart, &numbers.0, &canvas, size, screen.ratio);
            }
        }
    });

    html! {
        <div class="plot" data-chart={chart.slug()} ref={place}>
            <canvas
                class="plot__canvas"
                role="img"
                aria-label={chart.summary(dashboard)}
                ref={canvas}
            />
        </div>
    }
}
