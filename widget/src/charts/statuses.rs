//! How the tasks divide among the statuses: one bar. The legend beside it, with
//! names and numbers, is ordinary text.

use oriel_contract::{Dashboard, TaskStatus};

use super::{
    Series, Twin,
    explore::Spot,
    scene::{Ink, Scene, Size},
};
use crate::{
    format,
    messages::{Argument, msg},
    words,
};

/// How high the bar is.
pub const HEIGHT: f64 = 20.0;
/// Room between two parts of the bar.
const GAP: f64 = 2.0;
/// The least width of a part that is there.
const LEAST: f64 = 3.0;

/// All tasks, cancelled ones included.
pub fn total(dashboard: &Dashboard) -> u64 {
    dashboard.statuses.iter().map(|count| count.tasks).sum()
}

/// Draws the bar over the whole of `size`.
pub fn scene(dashboard: &Dashboard, size: Size) -> Scene {
    let values: Vec<u64> = dashboard.statuses.iter().map(|count| count.tasks).collect();
    let mut scene = Scene::new();
    for ((x, width), count) in stacked(&values, size.width)
        .into_iter()
        .zip(&dashboard.statuses)
    {
        let (y, height) = (0.0, size.height);
        scene.spots.push(Spot {
            x,
            y,
            width,
            height,
        });
        if width > 0.0 {
            scene.rect((x, y), (width, height), ink(count.status));
        }
    }
    scene
}

/// Left edge and width of each part. The parts that are there, and the gaps
/// between them, fill `width` exactly.
#[allow(clippy::cast_precision_loss)]
pub fn stacked(values: &[u64], width: f64) -> Vec<(f64, f64)> {
    let total: u64 = values.iter().sum();
    let parts = values.iter().filter(|value| **value > 0).count();
    if total == 0 {
        return vec![(0.0, 0.0); values.len()];
    }
    let room = width - GAP * (parts - 1) as f64 - LEAST * parts as f64;
    let mut x = 0.0;
    values
        .iter()
        .map(|value| {
            if *value == 0 {
                return (x, 0.0);
            }
            let part = LEAST + room * (*value as f64 / total as f64);
            let left = x;
            x += part + GAP;
            (left, part)
        })
        .collect()
}

/// The colour of a status.
pub const fn ink(status: TaskStatus) -> Ink {
    match status {
        TaskStatus::Todo => Ink::Todo,
        TaskStatus::InProgress => Ink::InProgress,
        TaskStatus::Blocked => Ink::Blocked,
        TaskStatus::Done => Ink::Done,
        TaskStatus::Cancelled => Ink::Cancelled,
    }
}

/// The same in words and numbers.
pub fn twin(dashboard: &Dashboard) -> Twin {
    let total = total(dashboard);
    Twin {
        head: vec![msg::COLUMN_STATUS, msg::COLUMN_TASKS, msg::COLUMN_SHARE],
        rows: dashboard
            .statuses
            .iter()
            .map(|count| {
                vec![
                    words::status(count.status).text(),
                    format::grouped(count.tasks),
                    format::percent(count.tasks, total),
                ]
            })
            .collect(),
    }
}

/// What the parts are, for a picture: the page has names and numbers beside them.
pub fn legend(dashboard: &Dashboard) -> Vec<Series> {
    let counts = dashboard.statuses.iter();
    counts
        .map(|count| Series {
            ink: ink(count.status),
            hue: count.status.as_str(),
            name: words::status(count.status).text() + " " + &format::grouped(count.tasks),
        })
        .collect()
}

/// What a reader who cannot see the bar is told first.
pub fn summary(dashboard: &Dashboard) -> String {
    let parts: Vec<String> = dashboard
        .statuses
        .iter()
        .map(|count| {
            let status = words::status(count.status).text();
            msg::STATUSES_SUMMARY_ITEM.with::<Argument>([count.tasks.into(), status.into()])
        })
        .collect();
    msg::STATUSES_SUMMARY.with([format::listed(parts)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::cast_precision_loss)]
    fn the_parts_and_gaps_fill_the_bar() {
        for values in [[1, 2, 3, 4, 5], [0, 0, 9, 0, 0], [1, 0, 0, 10_000, 1]] {
            let parts = stacked(&values, 300.0);
            let there: Vec<_> = parts.iter().filter(|part| part.1 > 0.0).collect();
            let sum: f64 = there.iter().map(|part| part.1).sum();
            let gaps = GAP * (there.len() - 1) as f64;
            assert!((sum + gaps - 300.0).abs() < 1e-9, "{values:?}");
        }
    }

    #[test]
    fn one_task_among_thousands_can_still_be_seen() {
        let parts = stacked(&[1, 0, 0, 10_000, 0], 300.0);
        assert!(parts[0].1 >= LEAST);
        assert!(parts[1].1 == 0.0);
    }

    #[test]
    fn nothing_at_all_has_no_parts() {
        assert!(stacked(&[0; 5], 300.0).iter().all(|part| part.1 == 0.0));
    }
}
