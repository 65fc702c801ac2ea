//! The split point: what no first view needs is compiled into a second file,
//! `later.wasm`, which is loaded when it is first wanted.
//!
//! What belongs there has a place in [`Later`], and nothing else may name it: code
//! that is reached in another way, too, stays in the first file, and the bundle's
//! sizes show it. Draw it through [`drawn`], and let `State::later_try` say that it
//! is wanted; or do it through [`with`], which loads it by itself.

use std::cell::Cell;

use oriel_contract::Dashboard;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, HtmlElement};
use yew::Html;

use crate::{
    action::Action,
    api::{self, Api, Body},
    charts::{
        self, Chart, Series,
        explore::Spot,
        scene::{Measure, Scene, Size},
    },
    components::{
        board, canvas,
        drawer::details,
        el::{El, Tell, el},
        explorer::Explorer,
        notice::failure,
        offers::{Offer, offer},
        panel, readout, timeline,
    },
    messages::msg,
    state::{Resource, State},
};

/// What is in the second file.
pub struct Later {
    pub task: fn(&State, &Tell) -> El,
    pub timeline: fn(&State, &Api, &Tell) -> Html,
    pub board: fn(&State, &Api, &Tell) -> El,
    pub table: fn(Chart, &Dashboard) -> El,
    /// The charts of a project alone.
    pub scene: fn(Chart, &Dashboard, Size, Measure<'_>) -> Scene,
    pub summary: fn(Chart, &Dashboard) -> String,
    pub legend: fn(Chart, &Dashboard) -> Vec<Series>,
    pub detail: fn(String, Body) -> Action,
    pub choices: fn(String, Body) -> Action,
    pub offer: fn(Offer, &State, &Tell) -> El,
    pub save: fn(Chart, &Dashboard),
    pub hear: fn(&Explorer<canvas::ChartCanvasProps>, &Event),
    pub told: fn(El, &canvas::ChartCanvasProps, usize) -> El,
    pub put: fn(Spot, &HtmlElement, Size),
}

/// The functions of the second file. The macro makes it wait for that file; the tests
/// are one file.
#[cfg_attr(not(test), wasm_split_helpers::wasm_split(later, fallible))]
#[allow(clippy::unnecessary_wraps, reason = "the macro adds the way to fail")]
fn all() -> Result<&'static Later, wasm_split_helpers::SplitLoaderError> {
    Ok(&Later {
        task: details,
        timeline: timeline::panel,
        board: board::board,
        table: panel::twin,
        scene: charts::scene_of_one,
        summary: charts::summary_of_one,
        legend: charts::legend_of_one,
        detail: api::detail,
        choices: api::choices,
        offer,
        save: charts::save,
        hear: Explorer::hear,
        told: canvas::told,
        put: readout::put,
    })
}

thread_local! {
    static THERE: Cell<Option<&'static Later>> = const { Cell::new(None) };
    static FAILED: Cell<bool> = const { Cell::new(false) };
}

/// The second file, if it is there.
pub fn later() -> Option<&'static Later> {
    #[cfg(test)]
    THERE.set(all().ok());
    THERE.get()
}

/// Whether the last download failed: then it is worth another only where the viewer
/// does something.
pub fn has_failed() -> bool {
    FAILED.get()
}

/// The second file, or what to draw in its place: that it is on its way, or that it
/// did not come.
pub fn drawn(state: &State, tell: &Tell) -> Result<&'static Later, El> {
    match (later(), &state.later.error) {
        (Some(later), _) => Ok(later),
        (None, Some(error)) => Err(failure(error, Resource::Later, tell)),
        (None, None) => Err(el("p.notice__text").text(msg::LOADING)),
    }
}

/// Does something with the second file, as soon as it is there. Where it does not
/// come nothing happens; the next time it is tried again.
pub fn with(act: impl FnOnce(&'static Later) + 'static) {
    match later() {
        Some(later) => act(later),
        None => load(Box::new(|later| {
            if let Some(later) = later {
                act(later);
            }
        })),
    }
}

/// Loads the second file; a download that is under way serves all who wait.
pub fn load(then: Box<dyn FnOnce(Option<&'static Later>)>) {
    spawn_local(async move {
        #[cfg(not(test))]
        let there = all().await;
        #[cfg(test)]
        let there = all();
        FAILED.set(there.is_err());
        THERE.set(there.ok());
        then(later());
    });
}
