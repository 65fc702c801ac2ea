//! A chart on a canvas.

use std::{cell::RefCell, rc::Rc};

use oriel_contract::Dashboard;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement, HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::{
    el::{El, Tell, el},
    explorer::{Explorer, listening},
    readout::readout,
};
use crate::{
    charts::{self, Chart, explore::Spot, scene::Size},
    hooks::{Screen, use_screen, use_size},
    later::{has_failed, later, with},
    messages::msg,
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

/// Which chart, of which numbers, and who hears what is chosen in it.
#[derive(Properties, Clone, PartialEq)]
pub struct ChartCanvasProps {
    pub chart: Chart,
    pub numbers: Numbers,
    pub tell: Tell,
}

/// What was drawn last: for what, and where its values are.
#[derive(Default)]
pub struct Drawn {
    of: Option<(Chart, Numbers, Option<Size>, Screen)>,
    pub spots: Vec<Spot>,
}

/// The chart as large as its place, drawn anew when that or the screen changes,
/// and explored by pointer and keys.
#[component]
pub fn ChartCanvas(props: &ChartCanvasProps) -> Html {
    let place = use_node_ref();
    let size = use_size(&place);
    let screen = use_screen();
    let drawn = use_mut_ref(Drawn::default);
    let cursor = use_state_eq(|| None);
    let held = use_mut_ref(Default::default);

    use_effect({
        let (props, place, drawn, cursor) = (props.clone(), place.clone(), drawn.clone(), *cursor);
        move || {
            if let Some(place) = place.cast() {
                draw(&props, &place, size, screen, &drawn);
                let spot =
                    cursor.and_then(|cursor: usize| drawn.borrow().spots.get(cursor).copied());
                if let (Some(spot), Some(size), Some(later)) = (spot, size, later()) {
                    (later.put)(spot, &place, size);
                }
            }
        }
    });

    let plot = el("div.plot")
        .set("data-chart", props.chart.slug())
        .rows(charts::rows(props.chart, &props.numbers.0))
        .refer(&place);
    if let Chart::Trend(_) = props.chart {
        return plot.add(el("canvas.plot__canvas[aria-hidden=true]")).into();
    }
    let is_there = |cursor: &usize| *cursor < drawn.borrow().spots.len();
    let shown = cursor.filter(is_there);
    let explorer = Rc::new(Explorer {
        props: props.clone(),
        drawn,
        cursor,
        held,
    });
    let hear = Callback::from(move |event: Event| {
        if has_failed() && &*event.type_() == "pointermove" {
            return;
        }
        if later().is_none() && !has_failed() {
            keep_page_still(&event);
        }
        let explorer = explorer.clone();
        with(move |later| (later.hear)(&explorer, &event));
    });
    explored(listening(plot, &hear), props, shown).into()
}

/// Keeps a key that walks through the chart from scrolling the page: what hears it may
/// come too late to say so.
fn keep_page_still(event: &Event) {
    let walks =
        |key: &KeyboardEvent| key.key().starts_with("Arrow") && !key.alt_key() && !key.meta_key();
    if event.dyn_ref().is_some_and(walks) {
        event.prevent_default();
    }
}

/// Draws what is not drawn yet.
fn draw(
    props: &ChartCanvasProps,
    place: &HtmlElement,
    size: Option<Size>,
    screen: Screen,
    drawn: &RefCell<Drawn>,
) {
    let (chart, dashboard) = (props.chart, &*props.numbers.0);
    let of = Some((chart, props.numbers.clone(), size, screen));
    let mut drawn = drawn.borrow_mut();
    if drawn.of == of {
        return;
    }
    drawn.of = of;
    let canvas = place
        .first_element_child()
        .map(Element::unchecked_into::<HtmlCanvasElement>);
    if let (Some(canvas), Some(size)) = (canvas, size) {
        drawn.spots = charts::paint(chart, dashboard, &canvas, size, screen.ratio);
    }
}

/// The plot as something to walk through, with what is told of the value where the
/// viewer is.
fn explored(plot: El, props: &ChartCanvasProps, cursor: Option<usize>) -> El {
    let (chart, dashboard) = (props.chart, &*props.numbers.0);
    let image = chart.slug().to_owned() + "-image";
    let canvas = el("canvas.plot__canvas[role=img]")
        .set("aria-label", chart.summary(dashboard))
        .set("id", image.clone())
        // It stays the same node, with what is drawn on it, when others come and go.
        .key("canvas");
    let plot = plot
        .set("tabindex", "0")
        // So that screen readers leave the arrow keys to the chart.
        .set("role", "application")
        .set("aria-roledescription", msg::CHART)
        .set("aria-labelledby", chart.slug())
        .set("aria-describedby", image)
        .add(canvas);
    match cursor.zip(later()) {
        Some((cursor, later)) => (later.told)(plot, props, cursor),
        None => plot,
    }
}

/// The plot, with what is told of a value.
pub fn told(plot: El, props: &ChartCanvasProps, cursor: usize) -> El {
    let (chart, dashboard) = (props.chart, &*props.numbers.0);
    let (point, series) = chart.place(cursor);
    plot.add(el("div.plot__mark").key("mark"))
        .add(readout(&chart.twin(dashboard), point, series).key("readout"))
}
