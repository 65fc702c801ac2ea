//! Axes: round numbers up the side, and as many labels along the foot as fit.

use jiff::civil::Date;

use super::scene::{Align, Ink, LABEL_HEIGHT, LABEL_SIZE, Measure, Scene, Shape, Size};
use crate::format;

/// Room between two labels of the foot.
const GAP: f64 = 12.0;

/// Round numbers that span `low..=high`, evenly spaced, at most `at_most` of them
/// (but always two, so that there is a scale).
pub fn ticks(low: u64, high: u64, at_most: usize) -> Vec<u64> {
    let high = high.max(low + 1);
    let most = at_most.max(2) as u64 - 1;
    let mut power = 1;
    loop {
        for factor in [1, 2, 5] {
            let step = power * factor;
            let first = low / step;
            let last = high.div_ceil(step);
            if last - first <= most {
                return (first..=last).map(|tick| tick * step).collect();
            }
        }
        power *= 10;
    }
}

/// Where the values stand: the plot inside its labels.
#[derive(Debug, Clone)]
pub struct Frame {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    ticks: Vec<u64>,
}

impl Frame {
    /// Leaves room for the labels of `low..=high` at the left and a line of labels
    /// at the foot.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn new(size: Size, low: u64, high: u64, measure: Measure<'_>) -> Self {
        let top = LABEL_SIZE;
        let bottom = (size.height - LABEL_HEIGHT - 8.0).max(top + 1.0);
        // A tick for about every three lines keeps the grid calm.
        let ticks = ticks(
            low,
            high,
            ((bottom - top) / (LABEL_HEIGHT * 3.0)) as usize + 1,
        );
        let widest = ticks
            .iter()
            .map(|tick| measure(&format::grouped(*tick)))
            .fold(0.0, f64::max);
        Self {
            left: widest.ceil() + 8.0,
            right: size.width - 2.0,
            top,
            bottom,
            ticks,
        }
    }

    pub fn width(&self) -> f64 {
        (self.right - self.left).max(1.0)
    }

    /// The height at which `value` stands.
    #[allow(clippy::cast_precision_loss)]
    pub fn y(&self, value: u64) -> f64 {
        let (Some(&low), Some(&high)) = (self.ticks.first(), self.ticks.last()) else {
            return self.bottom;
        };
        let share = (value as f64 - low as f64) / (high - low) as f64;
        self.bottom - share * (self.bottom - self.top)
    }

    /// Draws the grid and its numbers.
    pub fn draw(&self, scene: &mut Scene) {
        for (index, tick) in self.ticks.iter().enumerate() {
            let y = self.y(*tick);
            scene.push(Shape::Rule {
                y,
                from: self.left,
                to: self.right,
                ink: if index == 0 { Ink::Axis } else { Ink::Grid },
            });
            scene.push(Shape::Label {
                text: format::grouped(*tick),
                x: self.left - 8.0,
                y,
                align: Align::Right,
                ink: Ink::Muted,
            });
        }
    }

    /// Draws the labels of the foot, each under the middle of what it names.
    pub fn draw_foot(&self, labels: &[(f64, String)], measure: Measure<'_>, scene: &mut Scene) {
        for (x, text) in thinned(labels, self.left, self.right, measure) {
            scene.push(Shape::Label {
                text,
                x,
                y: self.bottom + 8.0 + LABEL_HEIGHT / 2.0,
                align: Align::Left,
                ink: Ink::Muted,
            });
        }
    }
}

/// Every first, second, third… of the labels, the most that stand side by side
/// between `left` and `right`: the left edge of each, and its text. A label at an
/// end moves inwards rather than being cut.
pub fn thinned(
    labels: &[(f64, String)],
    left: f64,
    right: f64,
    measure: Measure<'_>,
) -> Vec<(f64, String)> {
    for stride in 1..=labels.len() {
        let mut free_from = left;
        let mut fits = true;
        let placed: Vec<_> = labels
            .iter()
            .step_by(stride)
            .map(|(middle, text)| {
                let width = measure(text);
                let x = (middle - width / 2.0).min(right - width).max(left);
                fits &= x >= free_from;
                free_from = x + width + GAP;
                (x, text.clone())
            })
            .collect();
        if fits {
            return placed;
        }
    }
    Vec::new()
}

/// Labels for a row of days, each with the index of the day that it names: days,
/// or months, or years, as the span asks.
pub fn day_labels(days: &[Date]) -> Vec<(usize, String)> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Vec::new();
    };
    // In days, near enough.
    let span = (i32::from(last.year()) - i32::from(first.year())) * 365
        + (i32::from(last.month()) - i32::from(first.month())) * 30;
    let mut previous = None;
    days.iter()
        .enumerate()
        .filter_map(|(index, day)| {
            let (key, label): (i32, fn(Date) -> String) = if span <= 200 {
                (i32::try_from(index).ok()?, format::day_and_month)
            } else if span <= 3 * 365 {
                (
                    i32::from(day.year()) * 12 + i32::from(day.month()),
                    format::month_and_year,
                )
            } else {
                (i32::from(day.year()), format::year)
            };
            let is_new = previous.replace(key) != Some(key);
            is_new.then(|| (index, label(*day)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::{ToSpan, civil::date};

    use super::{super::scene::tests::seven, *};

    #[test]
    fn ticks_are_round_and_span_the_values() {
        assert_eq!(ticks(0, 0, 5), [0, 1]);
        assert_eq!(ticks(0, 7, 5), [0, 2, 4, 6, 8]);
        assert_eq!(ticks(0, 93, 3), [0, 50, 100]);
        assert_eq!(ticks(9_800, 10_266, 5), [9_800, 10_000, 10_200, 10_400]);
    }

    #[test]
    fn there_are_never_more_ticks_than_asked_for() {
        for high in 0..2_000 {
            for most in 2..8 {
                let ticks = ticks(high / 3, high, most);
                assert!(ticks.len() <= most, "{high} {ticks:?}");
                assert!(ticks[0] <= high / 3 && ticks[ticks.len() - 1] >= high);
            }
        }
    }

    #[test]
    fn labels_that_do_not_fit_are_thinned_evenly() {
        let labels: Vec<_> = (0..12_u32)
            .map(|i| (f64::from(i) * 20.0, i.to_string() + " Sep"))
            .collect();
        let kept: Vec<_> = thinned(&labels, 0.0, 220.0, &seven)
            .into_iter()
            .map(|(_, text)| text)
            .collect();
        assert_eq!(kept, ["0 Sep", "4 Sep", "8 Sep"]);
    }

    #[test]
    fn a_label_at_the_end_moves_inwards() {
        let labels = [(0.0, "12 Sep".to_owned()), (200.0, "30 Nov".to_owned())];
        assert_eq!(
            thinned(&labels, 0.0, 200.0, &seven),
            [(0.0, "12 Sep".to_owned()), (158.0, "30 Nov".to_owned())]
        );
    }

    #[test]
    fn a_long_span_is_labelled_by_month_or_year() {
        let weeks = |count: i64| -> Vec<Date> {
            (0..count)
                .map(|week| date(2013, 1, 6) + (week * 7).days())
                .collect()
        };
        assert_eq!(day_labels(&weeks(12))[1], (1, "13 Jan".to_owned()));
        assert_eq!(day_labels(&weeks(52))[1], (4, "Feb 2013".to_owned()));
        assert_eq!(day_labels(&weeks(300))[1], (52, "2014".to_owned()));
    }
}
