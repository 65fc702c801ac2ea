//! Finding values in a chart, by pointer or by keys, in plain numbers: one way for
//! all charts, since each gives its [`Spot`]s in the order of its table's rows.

use super::{axis::Frame, scene::Size};

/// Room between a value's mark and what is told of it.
const GAP: f64 = 8.0;

/// The box in which a value is found, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Spot {
    /// The square of how far `x`, `y` is from the box; 0 within it.
    fn distance(&self, x: f64, y: f64) -> f64 {
        let beyond = |at: f64, from: f64, length: f64| (from - at).max(at - from - length).max(0.0);
        let across = beyond(x, self.x, self.width);
        let down = beyond(y, self.y, self.height);
        across * across + down * down
    }
}

/// Boxes as high as the frame, each around one of `middles`, which go from left to
/// right: together they fill it.
pub fn columns(middles: &[f64], frame: &Frame) -> Vec<Spot> {
    let between = |a: usize, b: usize| Some(middles.get(a)?.midpoint(*middles.get(b)?));
    (0..middles.len())
        .map(|index| {
            let from = index
                .checked_sub(1)
                .and_then(|before| between(before, index));
            let from = from.unwrap_or(frame.left);
            Spot {
                x: from,
                y: frame.top,
                width: between(index, index + 1).unwrap_or(frame.right) - from,
                height: frame.bottom - frame.top,
            }
        })
        .collect()
}

/// The value nearest to a pointer. Of two that share an edge it is the later one,
/// so that a part of no width never hides what it stands before.
pub fn nearest(spots: &[Spot], x: f64, y: f64) -> Option<usize> {
    let mut best = None;
    for (index, spot) in spots.iter().enumerate() {
        let distance = spot.distance(x, y);
        if best.is_none_or(|(_, least)| distance <= least) {
            best = Some((index, distance));
        }
    }
    best.map(|(index, _)| index)
}

/// Where a key leads from the value at `cursor`, among `count` values that are
/// `series` to a point; `None` for a key that means nothing here. The first key
/// enters at the end that it comes from. `mirrored` where time runs to the left.
pub fn step(
    key: &str,
    cursor: Option<usize>,
    count: usize,
    series: usize,
    mirrored: bool,
) -> Option<usize> {
    let end = count.checked_sub(series)?;
    let Some(cursor) = cursor.filter(|cursor| *cursor < count) else {
        return match direction(key, mirrored)? {
            Way::First | Way::Right | Way::Down => Some(0),
            Way::Last | Way::Left | Way::Up => Some(end),
        };
    };
    let own = cursor % series;
    let to = match direction(key, mirrored)? {
        Way::First => own,
        Way::Last => end + own,
        Way::Right => cursor + series,
        Way::Left => return Some(cursor.checked_sub(series).unwrap_or(cursor)),
        // Series lie on one another, the first one lowest; rows go down.
        Way::Up if series > 1 => return Some(cursor + usize::from(own + 1 < series)),
        Way::Down if series > 1 => return Some(cursor - usize::from(own > 0)),
        Way::Up => return Some(cursor.saturating_sub(1)),
        Way::Down => cursor + 1,
    };
    Some(if to < count { to } else { cursor })
}

enum Way {
    First,
    Last,
    Left,
    Right,
    Up,
    Down,
}

fn direction(key: &str, mirrored: bool) -> Option<Way> {
    Some(match key {
        "Home" => Way::First,
        "End" => Way::Last,
        "ArrowUp" => Way::Up,
        "ArrowDown" => Way::Down,
        "ArrowLeft" if mirrored => Way::Right,
        "ArrowRight" if mirrored => Way::Left,
        "ArrowLeft" => Way::Left,
        "ArrowRight" => Way::Right,
        _ => return None,
    })
}

/// Where the left upper corner of a readout of size `note` goes, so that it hides
/// neither its value nor leaves the plot: beside the value, or else below or above
/// it. A plot lower than the note has it below.
pub fn beside(spot: Spot, note: Size, plot: Size) -> (f64, f64) {
    let within = |at: f64, length: f64, room: f64| at.min(room - length).max(0.0);
    let right = spot.x + spot.width + GAP;
    let left = spot.x - GAP - note.width;
    let is_low = note.height > plot.height;
    if !is_low && (right + note.width <= plot.width || left >= 0.0) {
        let x = if right + note.width <= plot.width {
            right
        } else {
            left
        };
        return (x, within(spot.y, note.height, plot.height));
    }
    let x = spot.x + (spot.width - note.width) / 2.0;
    let below = spot.y + spot.height + GAP;
    let above = spot.y - GAP - note.height;
    let y = if is_low || below + note.height <= plot.height {
        below
    } else {
        above.max(0.0)
    };
    (within(x, note.width, plot.width), y)
}

#[cfg(test)]
mod tests {
    use super::{super::scene::tests::seven, *};

    const PLOT: Size = Size {
        width: 300.0,
        height: 240.0,
    };

    fn spot(x: f64, y: f64, width: f64, height: f64) -> Spot {
        Spot {
            x,
            y,
            width,
            height,
        }
    }

    #[test]
    fn columns_fill_the_plot_around_their_middles() {
        let mut frame = Frame::new(PLOT, 0, 9, &seven);
        (frame.left, frame.right) = (10.0, 40.0);
        let all = columns(&[10.0, 20.0, 40.0], &frame);
        let sides: Vec<_> = all.iter().map(|spot| (spot.x, spot.width)).collect();
        assert_eq!(sides, [(10.0, 5.0), (15.0, 15.0), (30.0, 10.0)]);
        assert!(columns(&[], &frame).is_empty());
    }

    #[test]
    fn the_value_under_the_pointer_is_found_and_else_the_nearest() {
        let spots = [
            spot(0.0, 0.0, 10.0, 20.0),
            spot(12.0, 0.0, 10.0, 20.0),
            spot(24.0, 0.0, 0.0, 20.0),
        ];
        assert_eq!(nearest(&spots, 5.0, 5.0), Some(0));
        assert_eq!(nearest(&spots, 11.5, 5.0), Some(1));
        assert_eq!(nearest(&spots, -40.0, 90.0), Some(0));
        assert_eq!(nearest(&spots, 90.0, 5.0), Some(2));
        assert_eq!(nearest(&[], 0.0, 0.0), None);
    }

    #[test]
    fn a_part_of_no_width_does_not_hide_the_next() {
        let spots = [spot(0.0, 0.0, 0.0, 20.0), spot(0.0, 0.0, 10.0, 20.0)];
        assert_eq!(nearest(&spots, 0.0, 5.0), Some(1));
    }

    #[test]
    fn arrows_walk_from_value_to_value_and_stop_at_the_ends() {
        let walk = |key, from| step(key, from, 3, 1, false);
        assert_eq!(walk("ArrowRight", None), Some(0));
        assert_eq!(walk("ArrowLeft", None), Some(2));
        assert_eq!(walk("ArrowRight", Some(1)), Some(2));
        assert_eq!(walk("ArrowRight", Some(2)), Some(2));
        assert_eq!(walk("ArrowLeft", Some(0)), Some(0));
        assert_eq!(walk("ArrowDown", Some(0)), Some(1));
        assert_eq!(walk("ArrowUp", Some(0)), Some(0));
        assert_eq!(walk("Home", Some(2)), Some(0));
        assert_eq!(walk("End", Some(0)), Some(2));
        assert_eq!(walk("Tab", Some(0)), None);
        assert_eq!(step("Home", None, 0, 1, false), None);
    }

    #[test]
    fn up_and_down_change_the_series_of_a_stack() {
        let walk = |key, from| step(key, Some(from), 15, 5, false);
        assert_eq!(walk("ArrowRight", 2), Some(7));
        assert_eq!(walk("ArrowRight", 12), Some(12));
        assert_eq!(walk("ArrowLeft", 2), Some(2));
        assert_eq!(walk("ArrowUp", 7), Some(8));
        assert_eq!(walk("ArrowUp", 9), Some(9));
        assert_eq!(walk("ArrowDown", 7), Some(6));
        assert_eq!(walk("ArrowDown", 5), Some(5));
        assert_eq!((walk("Home", 13), walk("End", 3)), (Some(3), Some(13)));
    }

    #[test]
    fn arrows_follow_the_eye_where_time_runs_to_the_left() {
        assert_eq!(step("ArrowLeft", Some(1), 3, 1, true), Some(2));
        assert_eq!(step("ArrowRight", Some(1), 3, 1, true), Some(0));
    }

    #[test]
    fn a_cursor_that_new_numbers_left_behind_starts_again() {
        assert_eq!(step("ArrowRight", Some(9), 3, 1, false), Some(0));
    }

    #[test]
    fn a_readout_is_never_cut() {
        let note = Size {
            width: 140.0,
            height: 90.0,
        };
        for x in 0..300 {
            for (width, height) in [(3.0, 240.0), (40.0, 12.0), (300.0 - f64::from(x), 28.0)] {
                for y in [0.0, 100.0, 240.0 - height] {
                    let spot = spot(f64::from(x), y, width, height);
                    let (left, top) = beside(spot, note, PLOT);
                    assert!(left >= 0.0 && left + note.width <= PLOT.width, "{spot:?}");
                    assert!(top >= 0.0 && top + note.height <= PLOT.height, "{spot:?}");
                }
            }
        }
    }

    #[test]
    fn a_readout_stands_beside_its_value_or_below_a_low_plot() {
        let note = Size {
            width: 100.0,
            height: 60.0,
        };
        let column = spot(20.0, 0.0, 10.0, 240.0);
        assert_eq!(beside(column, note, PLOT), (38.0, 0.0));
        let column = spot(280.0, 0.0, 10.0, 240.0);
        assert_eq!(beside(column, note, PLOT), (172.0, 0.0));
        let bar = Size {
            width: 300.0,
            height: 20.0,
        };
        assert_eq!(beside(spot(0.0, 0.0, 80.0, 20.0), note, bar), (0.0, 28.0));
    }
}
