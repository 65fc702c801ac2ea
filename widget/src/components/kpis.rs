//! The headline numbers.

use std::cmp::Ordering;

use oriel_contract::Completed;
use yew::Html;

use super::{
    canvas::Numbers,
    el::{El, Tell, el},
    panel::canvas,
};
use crate::{
    charts::{self, Chart, Kpi},
    format,
    messages::{Argument, msg},
};

/// Four cards: a label, a number with its last weeks, and what it stands beside.
pub fn kpis(numbers: &Numbers, tell: &Tell) -> El {
    let dashboard = &numbers.0;
    let trend = |kpi| canvas(Chart::Trend(kpi), numbers, tell);
    let kpis = &dashboard.kpis;
    let (cycle_time, unit) = match kpis.cycle_time.median_days {
        Some(days) => format::days(days),
        None => ("–".to_owned(), String::new()),
    };
    let share = format::percent(kpis.overdue, kpis.open);
    let (sign, change) = change(kpis.completed);
    let delta = el("span.delta").set("data-sign", sign).text(change);
    let completed = format::grouped(kpis.completed.last_7_days);

    el("dl.kpis")
        .add(card(
            msg::KPI_OPEN.text(),
            trend(Kpi::Open),
            format::grouped(kpis.open),
            String::new(),
            note().text(msg::KPI_OPEN_OF.with([charts::total(dashboard)])),
        ))
        .add(card(
            msg::KPI_OVERDUE.text(),
            trend(Kpi::Overdue),
            format::grouped(kpis.overdue),
            String::new(),
            note().text(msg::KPI_OVERDUE_OF.with([share])),
        ))
        .add(card(
            msg::KPI_COMPLETED.with([7_u64]),
            trend(Kpi::Completed),
            completed,
            String::new(),
            note().add(delta),
        ))
        .add(card(
            msg::KPI_CYCLE_TIME.text(),
            trend(Kpi::CycleTime),
            cycle_time,
            unit,
            note().text(msg::KPI_CYCLE_TIME_OF.with([kpis.cycle_time.tasks])),
        ))
}

fn note() -> El {
    el("dd.kpi__note")
}

fn card(label: String, trend: Html, number: String, unit: String, note: El) -> El {
    let unit = el("span.kpi__unit").text(" ").text(unit);
    el("div.card kpi")
        .add(el("dt.kpi__label").text(label))
        .add(el("dd.kpi__number").text(number).add(unit).add(trend))
        .add(note)
}

/// How the last 7 days compare with the 7 before: a name for the colour, and the
/// difference in words.
fn change(completed: Completed) -> (&'static str, String) {
    let (now, before) = (completed.last_7_days, completed.previous_7_days);
    let sign = match now.cmp(&before) {
        Ordering::Greater => "up",
        Ordering::Less => "down",
        Ordering::Equal => "none",
    };
    let difference = now.abs_diff(before);
    let words = msg::COMPLETED_BEFORE.with::<Argument>([sign.into(), difference.into()]);
    (sign, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(last_7_days: u64, previous_7_days: u64) -> String {
        change(Completed {
            last_7_days,
            previous_7_days,
        })
        .1
    }

    #[test]
    fn a_change_is_told_in_words() {
        assert_eq!(told(9, 6), "↑ 3 more than before");
        assert_eq!(told(0, 1_200), "↓ 1,200 fewer than before");
        assert_eq!(told(4, 4), "→ as many as before");
    }
}
