//! The dashboard: headline numbers, charts, tasks.

use yew::{AttrValue, Html, html};

use crate::{
    charts::{self, Chart},
    components::{
        canvas::Numbers,
        events::Tell,
        header::header,
        kpis::kpis,
        notice::{empty, failure, skeleton},
        panel::panel,
        tasks::tasks,
    },
    state::{Resource, State},
    words,
};

/// The page, under the embed's title.
pub fn overview(title: &AttrValue, state: &State, tell: &Tell) -> Html {
    html! {
        <main class="page" aria-busy={words::truth(state.dashboard.loading)}>
            { header(title, state, tell) }
            { numbers(state, tell) }
            { tasks(state, tell) }
        </main>
    }
}

/// Cards and charts, or what stands in their place. They are not there for a
/// token that leaves them out, unless it leaves out everything.
fn numbers(state: &State, tell: &Tell) -> Html {
    if let Some(error) = &state.dashboard.error {
        if state.dashboard.is_withheld() && !state.tasks.is_withheld() {
            return Html::default();
        }
        let failure = failure(error, Resource::Dashboard, tell);
        return html! { <div class="card">{ failure }</div> };
    }
    let Some(dashboard) = &state.dashboard.value else {
        return skeleton();
    };
    if charts::total(dashboard) == 0 {
        let text = "The dashboard fills as soon as there are tasks to show.";
        let empty = empty("No tasks yet", text, Html::default());
        return html! { <div class="card">{ empty }</div> };
    }
    let numbers = Numbers(dashboard.clone());
    let panels = Chart::ALL.map(|chart| panel(chart, &numbers, state.shows_twin(chart), tell));
    html! {
        <div class="numbers">
            { kpis(dashboard) }
            <div class="charts">{ for panels }</div>
        </div>
    }
}
