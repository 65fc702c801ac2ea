//! The headline numbers.

use std::rc::Rc;

use oriel_contract::{Completed, Dashboard};
use yew::prelude::*;

use crate::{charts, format};

/// The numbers.
#[derive(Properties, PartialEq)]
pub struct KpiCardsProps {
    pub dashboard: Rc<Dashboard>,
}

/// Four cards: a label, a number and what it stands beside.
#[component]
pub fn KpiCards(props: &KpiCardsProps) -> Html {
    let dashboard = &props.dashboard;
    let kpis = &dashboard.kpis;
    let (cycle_time, unit) = match kpis.cycle_time.median_days {
        Some(days) => format::days(days),
        None => ("–".to_owned(), ""),
    };
    let share = format::percent(kpis.overdue, kpis.open) + " of open tasks";
    let total = "of ".to_owned() + &format::counted(charts::total(dashboard), "task", "tasks");
    let of = "median of ".to_owned() + &format::counted(kpis.cycle_time.tasks, "task", "tasks");

    html! {
        <dl class="kpis">
            { card("Open", format::grouped(kpis.open), "", html! { total }) }
            { card("Overdue", format::grouped(kpis.overdue), "", html! { share }) }
            { card(
                "Completed, last 7 days",
                format::grouped(kpis.completed.last_7_days),
                "",
                delta(kpis.completed),
            ) }
            { card("Cycle time", cycle_time, unit, html! { of }) }
        </dl>
    }
}

fn card(label: &'static str, number: String, unit: &'static str, note: Html) -> Html {
    html! {
        <div class="card kpi">
            <dt class="kpi__label">{ label }</dt>
            <dd class="kpi__number">
                { number }
                if !unit.is_empty() {
                    <span class="kpi__unit">{ " " }{ unit }</span>
                }
            </dd>
            <dd class="kpi__note">{ note }</dd>
        </div>
    }
}

/// How the last 7 days compare with the 7 before, in an arrow and in words.
fn delta(completed: Completed) -> Html {
    let (now, before) = (completed.last_7_days, completed.previous_7_days);
    let (class, arrow, text) = match now.cmp(&before) {
        std::cmp::Ordering::Greater => ("delta--up", "↑", format::grouped(now - before) + " more"),
        std::cmp::Ordering::Less => ("delta--down", "↓", format::grouped(before - now) + " fewer"),
        std::cmp::Ordering::Equal => ("delta--same", "→", "as many".to_owned()),
    };
    let than = if now == before { " as in the 7 before" } else { " than the 7 before" };
    html! {
        <>
            <span class={classes!("delta", class)}>
                <span aria-hidden="true">{ arrow }</span>{ " " }{ text }
            </span>
            { than }
        </>
    }
}
