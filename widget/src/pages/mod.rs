//! Pages: what stands where.

use crate::{
    api::Api,
    charts::{self, Chart},
    components::{
        canvas::Numbers,
        drawer::drawer,
        el::{El, Tell, el},
        filters::filters,
        header::header,
        health::health,
        kpis::kpis,
        notice::{empty, failure, skeleton},
        panel::panel,
        tasks::tasks,
    },
    later::drawn,
    messages::msg,
    state::{Resource, State},
    words,
};

/// The charts of the portfolio, and those of one project.
const OF_ALL: [Chart; 4] = [
    Chart::StatusOverTime,
    Chart::Throughput,
    Chart::CycleTime,
    Chart::Workload,
];
const OF_ONE: [Chart; 4] = [
    Chart::BurnUp,
    Chart::Statuses,
    Chart::Throughput,
    Chart::Workload,
];

/// The page that the viewer is on, under the embed's title. A part that the token
/// leaves out is not there, unless that is everything.
pub fn page(title: &str, state: &State, api: &Api, tell: &Tell) -> El {
    let (no_numbers, no_tasks) = (state.dashboard.is_withheld(), state.list.is_withheld());
    let has_numbers = !state.view.place.is_tasks() && (!no_numbers || no_tasks);
    let mut page = el("main.page")
        .set("aria-busy", words::truth(state.dashboard.loading))
        .add(header(title, state, tell).key("header"))
        .add(filters(state, tell).key("filters"));
    if has_numbers {
        page = page.add(numbers(state, tell).key("numbers"));
    }
    if !no_tasks {
        if has_numbers && state.view.place.project().is_some() {
            page = page.add(match drawn(state, tell) {
                Ok(later) => (later.timeline)(state, api, tell),
                Err(wait) => el("section.card panel").key("timeline").add(wait).into(),
            });
        }
        page = page.add(tasks(state, api, tell).key("tasks"));
    }
    page.add(drawer(state, tell).key("drawer"))
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
        let text = msg::NO_TASKS_YET_DASHBOARD;
        return el("div.card").add(empty(msg::NO_TASKS_YET, text));
    }
    let is_overview = state.view.place.project().is_none();
    let numbers = Numbers(dashboard.clone());
    let charts = if is_overview { OF_ALL } else { OF_ONE };
    let panels = charts.map(|chart| {
        let in_place = match drawn(state, tell) {
            Ok(later) if state.shows_twin(chart) => Some((later.table)(chart, dashboard)),
            Err(wait) if state.shows_twin(chart) || chart.is_later() => Some(wait),
            _ => None,
        };
        let panel = panel(chart, &numbers, in_place, tell);
        panel.key(chart.slug())
    });
    let mut all = el("div.numbers").add(kpis(&numbers, tell).key("kpis"));
    if is_overview {
        all = all.add(health(dashboard, tell).key("health"));
    }
    all.add(el("div.charts").key("charts").all(panels))
}
