//! The dashboard: headline numbers, charts, tasks.

use crate::{
    charts::{self, Chart},
    components::{
        canvas::Numbers,
        el::{El, Tell, el},
        header::header,
        kpis::kpis,
        notice::{empty, failure, skeleton},
        panel::panel,
        tasks::tasks,
    },
    state::{Resource, State},
    words,
};

/// The page, under the embed's title. A part that the token leaves out is not
/// there, unless that is everything.
pub fn overview(title: &str, state: &State, tell: &Tell) -> El {
    let (no_numbers, no_tasks) = (state.dashboard.is_withheld(), state.tasks.is_withheld());
    let mut page = el("main.page")
        .set("aria-busy", words::truth(state.dashboard.loading))
        .add(header(title, state, tell));
    if !no_numbers || no_tasks {
        page = page.add(numbers(state, tell));
    }
    if !no_tasks {
        page = page.add(tasks(state, tell));
    }
    page
}

/// Cards and charts, or what stands in their place.
fn numbers(state: &State, tell: &Tell) -> El {
    if let Some(error) = &state.dashboard.error {
        return el("div.card").add(failure(error, Resource::Dashboard, tell));
    }
    let Some(dashboard) = &state.dashboard.value else {
        return skeleton();
    };
    if charts::total(dashboard) == 0 {
        let text = "The dashboard fills as soon as there are tasks to show.";
        return el("div.card").add(empty("No tasks yet", text));
    }
    let numbers = Numbers(dashboard.clone());
    let panels = Chart::ALL.map(|chart| panel(chart, &numbers, state.shows_twin(chart), tell));
    el("div.numbers")
        .add(kpis(dashboard))
        .add(el("div.charts").all(panels))
}
