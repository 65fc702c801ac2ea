//! The headline numbers.

use std::cmp::Ordering;

use oriel_contract::{Completed, Dashboard};

use super::el::{El, el};
use crate::{charts, format};

/// Four cards: a label, a number and what it stands beside.
pub fn kpis(dashboard: &Dashboard) -> El {
    let kpis = &dashboard.kpis;
    let (cycle_time, unit) = match kpis.cycle_time.median_days {
        Some(days) => format::days(days),
        None => ("–".to_owned(), ""),
    };
    let total = format::counted(charts::total(dashboard), "task", "tasks");
    let share = format::percent(kpis.overdue, kpis.open);
    let of = format::counted(kpis.cycle_time.tasks, "task", "tasks");
    let (sign, change, than) = change(kpis.completed);
    let delta = el("span.delta").set("data-sign", sign).text(change);
    let completed = format::grouped(kpis.completed.last_7_days);

    el("dl.kpis")
        .add(card(
            "Open",
            format::grouped(kpis.open),
            "",
            note().text("of ").text(total),
        ))
        .add(card(
            "Overdue",
            format::grouped(kpis.overdue),
            "",
            note().text(share).text(" of open tasks"),
        ))
        .add(card(
            "Completed, 7 days",
            completed,
            "",
            note().add(delta).text(than),
        ))
        .add(card(
            "Cycle time",
            cycle_time,
            unit,
            note().text("median of ").text(of),
        ))
}

fn note() -> El {
    el("dd.kpi__note")
}

fn card(label: &'static str, number: String, unit: &'static str, note: El) -> El {
    let unit = el("span.kpi__unit").text(" ").text(unit);
    el("div.card kpi")
        .add(el("dt.kpi__label").text(label))
        .add(el("dd.kpi__number").text(number).add(unit))
        .add(note)
}

/// How the last 7 days compare with the 7 before: a name for the colour, the
/// difference with an arrow, and what it is from.
fn change(completed: Completed) -> (&'static str, String, &'static str) {
    let (now, before) = (completed.last_7_days, completed.previous_7_days);
    let difference = format::grouped(now.abs_diff(before));
    match now.cmp(&before) {
        Ordering::Greater => (
            "up",
            "↑ ".to_owned() + &difference + " more",
            " than before",
        ),
        Ordering::Less => (
            "down",
            "↓ ".to_owned() + &difference + " fewer",
            " than before",
        ),
        Ordering::Equal => ("none", "→ as many".to_owned(), " as before"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(last_7_days: u64, previous_7_days: u64) -> String {
        let (_, change, than) = change(Completed {
            last_7_days,
            previous_7_days,
        });
        change + than
    }

    #[test]
    fn a_change_is_told_in_words() {
        assert_eq!(told(9, 6), "↑ 3 more than before");
        assert_eq!(told(0, 1_200), "↓ 1,200 fewer than before");
        assert_eq!(told(4, 4), "→ as many as before");
    }
}
