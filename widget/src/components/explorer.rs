//! Walking through the values of a chart, by pointer and by keys. A value is opened
//! by Enter or a click; a finger has to have shown it first, since it cannot hover.

use std::{cell::RefCell, rc::Rc};

use gloo::timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent, PointerEvent};
use yew::{prelude::*, virtual_dom::ListenerKind};

use super::{
    canvas::{ChartCanvasProps, Drawn},
    el::El,
    readout::spoken,
};
use crate::{
    action::Action,
    charts::{
        self, Twin,
        explore::{nearest, step},
    },
    hooks::say,
};

/// A chart whose values can be walked through.
pub trait Explored: 'static {
    /// How many values each point has.
    fn series(&self) -> usize;
    /// The point and the series of a value.
    fn place(&self, value: usize) -> (usize, Option<usize>);
    fn twin(&self) -> Twin;
    /// Shows what a value stands for.
    fn open(&self, value: usize);
}

impl Explored for ChartCanvasProps {
    fn series(&self) -> usize {
        self.chart.series()
    }

    fn place(&self, value: usize) -> (usize, Option<usize>) {
        self.chart.place(value)
    }

    fn twin(&self) -> Twin {
        self.chart.twin(&self.numbers.0)
    }

    fn open(&self, value: usize) {
        let (point, series) = self.chart.place(value);
        let series = series.unwrap_or(0);
        let parameters = charts::drill(self.chart, &self.numbers.0, point, series);
        if !parameters.is_empty() {
            self.tell.emit(Action::Narrow(parameters));
        }
    }
}

/// Where the viewer is in a chart, and what they do there.
pub struct Explorer<E> {
    pub props: E,
    pub drawn: Rc<RefCell<Drawn>>,
    /// The value that is shown.
    pub cursor: UseStateHandle<Option<usize>>,
    pub held: Rc<RefCell<Held>>,
}

/// What is kept from one event to the next.
#[derive(Default)]
pub struct Held {
    /// Whether the pointer was pressed on the value that was shown already.
    is_shown: bool,
    saying: Option<Timeout>,
}

/// The plot, with all that happens to it told to `hear`.
pub fn listening(plot: El, hear: &Callback<Event>) -> El {
    [
        ListenerKind::onpointermove,
        ListenerKind::onpointerdown,
        ListenerKind::onpointerout,
        ListenerKind::onclick,
        ListenerKind::onkeydown,
        ListenerKind::onfocusout,
    ]
    .into_iter()
    .fold(plot, |plot, kind| plot.on(kind, hear))
}

impl<E: Explored> Explorer<E> {
    /// Hears what happens to `plot`.
    pub fn listen(self, plot: El) -> El {
        listening(plot, &Callback::from(move |event| self.hear(&event)))
    }

    /// Takes in something that happened to the plot.
    pub fn hear(&self, event: &Event) {
        match &*event.type_() {
            "keydown" => self.press(event.unchecked_ref()),
            "click" => {
                if self.held.borrow().is_shown {
                    self.open();
                }
            }
            "focusout" => self.cursor.set(None),
            kind => self.point(kind, event.unchecked_ref()),
        }
    }

    fn point(&self, kind: &str, event: &PointerEvent) {
        if kind == "pointerout" {
            // A finger that is lifted leaves what it has shown.
            if event.pointer_type() == "mouse" {
                self.cursor.set(None);
            }
            return;
        }
        let (x, y) = (event.offset_x().into(), event.offset_y().into());
        let at = nearest(&self.drawn.borrow().spots, x, y);
        if kind == "pointerdown" {
            self.held.borrow_mut().is_shown = at == *self.cursor;
        }
        self.cursor.set(at);
    }

    fn press(&self, event: &KeyboardEvent) {
        // The browser's own: back, forward.
        if event.alt_key() || event.meta_key() {
            return;
        }
        let key = event.key();
        match (&*key, *self.cursor) {
            ("Enter" | " ", Some(_)) => self.open(),
            ("Escape", Some(_)) => self.cursor.set(None),
            _ => {
                if !self.walk(&key) {
                    return;
                }
            }
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// Goes where `key` leads and tells of it; whether it leads anywhere.
    fn walk(&self, key: &str) -> bool {
        let next = {
            let spots = &self.drawn.borrow().spots;
            let sides = spots.first().zip(spots.last());
            let is_mirrored = sides.is_some_and(|(first, last)| first.x > last.x);
            let series = self.props.series();
            step(key, *self.cursor, spots.len(), series, is_mirrored)
        };
        let Some(next) = next else { return false };
        self.cursor.set(Some(next));
        let (point, series) = self.props.place(next);
        let twin = self.props.twin();
        self.held.borrow_mut().saying = say(spoken(&twin, point, series));
        true
    }

    fn open(&self) {
        if let Some(cursor) = *self.cursor {
            self.props.open(cursor);
        }
    }
}
