//! Milestones: diamonds above the rows, with their names beside them where those
//! have room.

use jiff::civil::Date;
use oriel_contract::Milestone;

use super::days::Days;
use crate::{
    charts::{
        explore::Spot,
        scene::{Ink, LABEL_HEIGHT, Measure, Scene},
        text::ellipsised,
    },
    format,
    messages::msg,
};

/// From the middle of a diamond to its corners.
const HALF: f64 = 6.0;
/// From the middle of a diamond to its name.
const BESIDE: f64 = HALF + 4.0;
/// Room between a name and the next diamond.
const GAP: f64 = 10.0;
/// What a line of milestones takes.
const LANE: f64 = LABEL_HEIGHT + 6.0;
const MOST_LANES: usize = 3;
/// A name that has less room than this is left to the table.
const LEAST_NAME: f64 = 28.0;
const MOST_NAME: f64 = 180.0;

/// How a milestone stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Reached,
    Late,
    Ahead,
}

struct Placed {
    x: f64,
    lane: usize,
    standing: Standing,
    /// The left edge of the name, its width and the name.
    name: Option<(f64, f64, String)>,
}

/// Every milestone in one of a few lines, so that no name lies over another.
pub struct Lanes {
    placed: Vec<Placed>,
    count: usize,
}

impl Lanes {
    pub fn new(milestones: &[Milestone], as_of: Date, days: &Days, measure: Measure<'_>) -> Self {
        let mut free_from = [0.0_f64; MOST_LANES];
        let mut placed: Vec<Placed> = Vec::new();
        for milestone in milestones {
            let standing = Standing::of(milestone, as_of);
            let text = match standing {
                Standing::Late => format::listed(vec![milestone.name.clone(), msg::OVERDUE.text()]),
                _ => milestone.name.clone(),
            };
            let text = ellipsised(&text, MOST_NAME, measure);
            let x = days.middle(milestone.due);
            // Whole in any line, or else cut off in the first that has room for some.
            let found = [measure(&text), LEAST_NAME].into_iter().find_map(|least| {
                (0..MOST_LANES).find_map(|lane| {
                    let sides = (free_from[lane], days.right);
                    Some((lane, beside(&text, x, sides, least, measure)?))
                })
            });
            let (lane, name) = match found {
                Some((lane, name)) => (lane, Some(name)),
                None => (0, None),
            };
            let end = name
                .as_ref()
                .map_or(x + HALF, |(left, width, _)| left + width);
            free_from[lane] = free_from[lane].max(end.max(x + HALF) + GAP);
            placed.push(Placed {
                x,
                lane,
                standing,
                name,
            });
        }
        let count = placed.iter().map(|placed| placed.lane + 1).max();
        Self {
            placed,
            count: count.unwrap_or(0),
        }
    }

    /// What all lines together take.
    #[allow(clippy::cast_precision_loss)]
    pub fn height(&self) -> f64 {
        match self.count {
            0 => 0.0,
            count => count as f64 * LANE + 4.0,
        }
    }

    /// Draws them, and notes where each is found.
    #[allow(clippy::cast_precision_loss)]
    pub fn draw(&self, scene: &mut Scene) {
        for Placed {
            x,
            lane,
            standing,
            name,
        } in &self.placed
        {
            let y = super::AXIS + (*lane as f64 + 0.5) * LANE;
            diamond(*x, y, HALF, standing.ink(), scene);
            if *standing != Standing::Reached {
                diamond(*x, y, HALF - 2.0, Ink::Surface, scene);
            }
            let (mut left, mut right) = (x - HALF, x + HALF);
            if let Some((from, width, text)) = name {
                (left, right) = (left.min(*from), right.max(from + width));
                // The line of today passes behind the name.
                let ground = ((from - 2.0).max(0.0), y - LABEL_HEIGHT / 2.0);
                scene.rect(
                    ground,
                    (from + width + 2.0 - ground.0, LABEL_HEIGHT),
                    Ink::Surface,
                );
                scene.label(text.clone(), (*from, y), Ink::Text);
            }
            scene.spots.push(Spot {
                x: left,
                y: y - LANE / 2.0,
                width: right - left,
                height: LANE,
            });
        }
    }
}

impl Standing {
    pub fn of(milestone: &Milestone, as_of: Date) -> Self {
        match milestone.reached {
            Some(_) => Self::Reached,
            None if milestone.due < as_of => Self::Late,
            None => Self::Ahead,
        }
    }

    /// A word for the style sheet.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Late => "late",
            Self::Ahead => "ahead",
        }
    }

    const fn ink(self) -> Ink {
        match self {
            Self::Reached => Ink::Done,
            Self::Late => Ink::Overdue,
            Self::Ahead => Ink::Text,
        }
    }
}

/// Where a name goes: after its diamond, or else before it, on whichever side it has
/// room, or the most of it. `None` where neither has `least`, or the line is taken.
fn beside(
    text: &str,
    x: f64,
    (free_from, right): (f64, f64),
    least: f64,
    measure: Measure<'_>,
) -> Option<(f64, f64, String)> {
    let after = right - x - BESIDE;
    let before = x - BESIDE - free_from;
    if x - HALF < free_from || after.max(before) < least {
        return None;
    }
    let is_after = after >= before.min(measure(text));
    let text = ellipsised(text, if is_after { after } else { before }, measure);
    let width = measure(&text);
    let left = if is_after {
        x + BESIDE
    } else {
        x - BESIDE - width
    };
    Some((left, width, text))
}

fn diamond(x: f64, y: f64, half: f64, ink: Ink, scene: &mut Scene) {
    scene.area(
        vec![(x, y - half), (x + half, y), (x, y + half), (x - half, y)],
        ink,
    );
}
