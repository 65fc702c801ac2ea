//! What the colours of a chart stand for, as ordinary text.

use oriel_contract::Dashboard;
use yew::prelude::*;

use crate::{charts, format, words};

/// The statuses with their numbers: the bar's legend and labels in one.
pub fn status_legend(dashboard: &Dashboard) -> Html {
    let total = charts::total(dashboard);
    html! {
        <ul class="statuses">
            { for dashboard.statuses.iter().map(|count| html! {
                <li class="statuses__row">
                    { swatch(count.status.as_str()) }
                    <span>{ words::status(count.status) }</span>
                    <span class="statuses__count">{ format::grouped(count.tasks) }</span>
                    <span class="statuses__share">{ format::percent(count.tasks, total) }</span>
                </li>
            }) }
        </ul>
    }
}

/// Names of the series, side by side.
pub fn series_legend(series: &[(&'static str, &'static str)]) -> Html {
    html! {
        <ul class="legend">
            { for series.iter().map(|(slug, name)| html! {
                <li class="legend__item">{ swatch(slug) }{ *name }</li>
            }) }
        </ul>
    }
}

fn swatch(slug: &'static str) -> Html {
    html! { <span class={classes!("swatch", "swatch--".to_owned() + slug)} aria-hidden="true" /> }
}
