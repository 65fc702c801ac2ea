//! Arrows from the end of a task to the start of what waits for it.

use oriel_contract::TimelineTask;

use super::Bar;
use crate::charts::scene::{Ink, Scene};

/// How far an arrow leaves a bar before it turns.
const OUT: f64 = 6.0;
/// How far it comes in, the head included.
const IN: f64 = 10.0;
const HEAD: f64 = 6.0;
const HALF_HEAD: f64 = 3.5;
/// How far from the middle of a bar an arrow may pass beside it.
const BESIDE: f64 = 11.0;

/// Draws an arrow for each of what the tasks wait for. What is not on the page
/// leaves its arrow's last part, with a dot where it comes from.
pub fn arrows(tasks: &[TimelineTask], bars: &[Bar], scene: &mut Scene) {
    for (task, bar) in tasks.iter().zip(bars) {
        let mut is_elsewhere = false;
        for before in &task.depends_on {
            match tasks.iter().position(|task| task.id == *before) {
                Some(place) => scene.path(elbow(bars[place], *bar), 1.5, Ink::Scope),
                None => is_elsewhere = true,
            }
        }
        if is_elsewhere {
            let from = bar.left - IN - 2.0;
            scene.path(
                vec![(from, bar.middle), (bar.left, bar.middle)],
                1.5,
                Ink::Scope,
            );
            scene.rect((from - 2.0, bar.middle - 2.0), (4.0, 4.0), Ink::Scope);
        }
        if !task.depends_on.is_empty() {
            scene.area(
                vec![
                    (bar.left, bar.middle),
                    (bar.left - HEAD, bar.middle - HALF_HEAD),
                    (bar.left - HEAD, bar.middle + HALF_HEAD),
                ],
                Ink::Scope,
            );
        }
    }
}

/// The way in right angles; where the task begins before the other has ended, back
/// between their rows.
fn elbow(from: Bar, to: Bar) -> Vec<(f64, f64)> {
    let start = (from.right, from.middle);
    let end = (to.left - HEAD / 2.0, to.middle);
    let turn = to.left - IN;
    if turn >= from.right {
        return vec![start, (turn, from.middle), (turn, to.middle), end];
    }
    let between = if from.middle < to.middle {
        to.middle - BESIDE
    } else {
        to.middle + BESIDE
    };
    let out = from.right + OUT;
    vec![
        start,
        (out, from.middle),
        (out, between),
        (turn, between),
        (turn, to.middle),
        end,
    ]
}
