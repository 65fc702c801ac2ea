//! The dashboard: headline numbers, charts, tasks.

use std::rc::Rc;

use oriel_contract::Dashboard;
use yew::prelude::*;

use crate::{
    charts::{self, Chart},
    components::{
        empty::Empty, failure::Failure, header::Header, kpis::KpiCards, panel::ChartPanel,
        skeleton::DashboardSkeleton, tasks::TaskSection,
    },
    error::ErrorKind,
    state::{Action, Resource, State},
};

/// The state and who hears of what the viewer does.
#[derive(Properties, PartialEq)]
pub struct OverviewProps {
    /// The embed's title.
    pub title: AttrValue,
    pub state: State,
    pub on_action: Callback<Action>,
}

/// The page.
#[component]
pub fn Overview(props: &OverviewProps) -> Html {
    let OverviewProps { title, state, on_action } = props;

    html! {
        <main class="page" aria-busy={state.dashboard.loading.to_string()}>
            <Header title={title.clone()} state={state.clone()} on_action={on_action.clone()} />
            { numbers(state, on_action) }
            <TaskSection state={state.clone()} on_action={on_action.clone()} />
        </main>
    }
}

/// Cards and charts, or what stands in their place.
fn numbers(state: &State, on_action: &Callback<Action>) -> Html {
    if let Some(error) = &state.dashboard.error {
        if error.kind == ErrorKind::InsufficientScope {
            return Html::default();
        }
        let on_retry = on_action.reform(|()| Action::Retry(Resource::Dashboard));
        return html! { <div class="card"><Failure error={error.clone()} {on_retry} /></div> };
    }
    let Some(dashboard) = &state.dashboard.value else {
        return html! { <DashboardSkeleton /> };
    };
    if charts::total(dashboard) == 0 {
        return html! {
            <div class="card">
                <Empty
                    title="No tasks yet"
                    text="The dashboard fills as soon as there are tasks to show."
                />
            </div>
        };
    }
    let stale = state.dashboard.loading.then_some("is-stale");
    html! {
        <div class={classes!("numbers", stale)}>
            <KpiCards dashboard={dashboard.clone()} />
            <div class="charts">
                { for Chart::ALL.map(|chart| panel(chart, dashboard, state, on_action)) }
            </div>
        </div>
    }
}

fn panel(
    chart: Chart,
    dashboard: &Rc<Dashboard>,
    state: &State,
    on_action: &Callback<Action>,
) -> Html {
    html! {
        <ChartPanel
            {chart}
            dashboard={dashboard.clone()}
            as_table={state.shows_twin(chart)}
            on_action={on_action.clone()}
        />
    }
}
