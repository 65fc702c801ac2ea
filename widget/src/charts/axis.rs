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
    pub fn new(size: Size, low: u64, high: u64, measure: Measure<'_>) -> Self {
        Self::below(0.0, size, low, high, measure)
    }

    /// The same, with room for more above the plot.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn below(room: f64, size: Size, low: u64, high: u64, measure: Measure<'_>) -> Self {
        let top = room + LABEL_SIZE;
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

    /// Where `day` stands when `first..=last` take the whole width.
    #[allow(clippy::cast_precision_loss)]
    pub fn x(&self, day: i64, first: i64, last: i64) -> f64 {
        self.left + self.width() * ((day - first) as f64 / (last - first).max(1) as f64)
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

    /// Draws labels of the foot: each by its number, under the middle of what it
    /// names.
    pub fn draw_foot(
        &self,
        labels: &[(usize, f64)],
        text: &dyn Fn(usize) -> String,
        measure: Measure<'_>,
        scene: &mut Scene,
    ) {
        for (x, text) in thinned(labels, text, (self.left, self.right), measure) {
            scene.label(
                text,
                (x, self.bottom + 8.0 + LABEL_HEIGHT / 2.0),
                Ink::Muted,
            );
        }
    }

    /// Draws days as labels of the foot; `x` is where the day of a number stands.
    pub fn draw_days(
        &self,
        days: &[Date],
        x: &dyn Fn(usize) -> f64,
        measure: Measure<'_>,
        scene: &mut Scene,
    ) {
        let (named, write) = day_labels(days);
        let labels: Vec<_> = named.into_iter().map(|index| (index, x(index))).collect();
        self.draw_foot(&labels, &|index| write(days[index]), measure, scene);
    }
}

/// Every first, second, third… of the labels, the most that stand side by side
/// between `sides`: the left edge of each, and its text. A label at an end moves
/// inwards rather than being cut.
pub fn thinned(
    labels: &[(usize, f64)],
    text: &dyn Fn(usize) -> String,
    sides: (f64, f64),
    measure: Measure<'_>,
) -> Vec<(f64, String)> {
    // Writing a date and measuring it is slow: a try ends with the first that does
    // not fit.
    (1..=labels.len())
        .find_map(|stride| placed(labels, stride, text, sides, measure))
        .unwrap_or_default()
}

fn placed(
    labels: &[(usize, f64)],
    stride: usize,
    text: &dyn Fn(usize) -> String,
    (left, right): (f64, f64),
    measure: Measure<'_>,
) -> Option<Vec<(f64, String)>> {
    let mut free_from = left;
    let chosen = labels.iter().step_by(stride);
    chosen
        .map(|(index, middle)| {
            let text = text(*index);
            let width = measure(&text);
            let x = (middle - width / 2.0).min(right - width).max(left);
            let fits = x >= free_from;
            free_from = x + width + GAP;
            fits.then_some((x, text))
        })
        .collect()
}

/// Which of a row of days are named, by their places, and how: days, or months, or
/// years, as the span asks.
fn day_labels(days: &[Date]) -> (Vec<usize>, fn(Date) -> String) {
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return (Vec::new(), format::year);
    };
    let month = |day: &Date| i32::from(day.year()) * 12 + i32::from(day.month());
    // In months, near enough.
    let span = month(last) - month(first);
    if span < 7 {
        return ((0..days.len()).collect(), format::day_and_month);
    }
    let (unit, write): (i32, fn(Date) -> String) = if span <= 36 {
        (1, format::month_and_year)
    } else {
        (12, format::year)
    };
    let mut previous = None;
    let named = (0..days.len()).filter(|index| {
        // Months count from 1, years from their January.
        let key = (month(&days[*index]) - 1) / unit;
        previous.replace(key) != Some(key)
    });
    (named.collect(), write)
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
            .map(|index| (index as usize, f64::from(index) * 20.0))
            .collect();
        let text = |index: usize| index.to_string() + " Sep";
        let kept: Vec<_> = thinned(&labels, &text, (0.0, 220.0), &seven)
            .into_iter()
            .map(|(_, text)| text)
            .collect();
        assert_eq!(kept, ["0 Sep", "4 Sep", "8 Sep"]);
    }

    #[test]
    fn a_label_at_the_end_moves_inwards() {
        let text = |index: usize| ["12 Sep", "30 Nov"][index].to_owned();
        assert_eq!(
            thinned(&[(0, 0.0), (1, 200.0)], &text, (0.0, 200.0), &seven),
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
        let second = |count| {
            let weeks = weeks(count);
            let (named, write) = day_labels(&weeks);
            (named[1], write(weeks[named[1]]))
        };
        assert_eq!(second(12), (1, "13 Jan".to_owned()));
        assert_eq!(second(52), (4, "Feb 2013".to_owned()));
        assert_eq!(second(300), (52, "2014".to_owned()));
    }
}
