//! Tasks completed per step of the range.

use jiff::civil::Date;
use oriel_contract::{Dashboard, Step};

use super::{
    Twin,
    axis::Frame,
    explore::columns,
    scene::{Ink, Measure, Scene, Size},
};
use crate::{
    format,
    messages::{Argument, Message, msg},
};

/// The widest a bar gets.
const WIDEST: f64 = 40.0;

/// Draws a bar per step.
#[allow(clippy::cast_precision_loss)]
pub fn scene(dashboard: &Dashboard, size: Size, measure: Measure<'_>) -> Scene {
    let points = &dashboard.throughput.points;
    let high = points.iter().map(|point| point.completed).max();
    let frame = Frame::new(size, 0, high.unwrap_or(0), measure);
    let slot = frame.width() / points.len().max(1) as f64;
    let bar = (slot * 0.72).clamp(1.0, WIDEST);
    let middle = |index: usize| frame.left + slot * (index as f64 + 0.5);

    let mut scene = Scene::new();
    let middles: Vec<f64> = (0..points.len()).map(middle).collect();
    scene.spots = columns(&middles, &frame);
    frame.draw(&mut scene);
    for (index, point) in points.iter().enumerate() {
        let y = frame.y(point.completed);
        if point.completed > 0 {
            scene.rect(
                (middle(index) - bar / 2.0, y),
                (bar, (frame.bottom - y).max(1.0)),
                Ink::Accent,
            );
        }
    }
    let days: Vec<Date> = points.iter().map(|point| point.from).collect();
    frame.draw_days(&days, &middle, measure, &mut scene);
    scene
}

/// The heading: what a bar is.
pub const fn title(step: Step) -> Message<0> {
    match step {
        Step::Day => msg::COMPLETED_PER_DAY,
        Step::Week => msg::COMPLETED_PER_WEEK,
        Step::Month => msg::COMPLETED_PER_MONTH,
    }
}

/// The same in numbers.
pub fn twin(dashboard: &Dashboard) -> Twin {
    let first = match dashboard.throughput.step {
        Step::Day => msg::COLUMN_DAY,
        Step::Week => msg::COLUMN_WEEK_FROM,
        Step::Month => msg::COLUMN_MONTH_FROM,
    };
    Twin {
        head: vec![first, msg::SERIES_COMPLETED],
        rows: dashboard
            .throughput
            .points
            .iter()
            .map(|point| vec![format::date(point.from), format::grouped(point.completed)])
            .collect(),
    }
}

/// What a reader who cannot see the bars is told first.
pub fn summary(dashboard: &Dashboard) -> String {
    let points = &dashboard.throughput.points;
    let total: u64 = points.iter().map(|point| point.completed).sum();
    let most = points
        .iter()
        .map(|point| point.completed)
        .max()
        .unwrap_or(0);
    let steps = points.len() as u64;
    let step = match dashboard.throughput.step {
        Step::Day => "day",
        Step::Week => "week",
        Step::Month => "month",
    };
    msg::THROUGHPUT_SUMMARY.with::<Argument>([total.into(), steps.into(), step.into(), most.into()])
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            scene::{
                Shape,
                tests::{assert_labels_are_whole_from, seven},
            },
            tests::dashboard,
        },
        *,
    };

    #[test]
    fn labels_are_whole_at_every_width() {
        assert_labels_are_whole_from(200, 240.0, |size, measure| {
            scene(&dashboard(), size, measure)
        });
    }

    #[test]
    fn bars_stand_apart_within_the_frame() {
        let size = Size {
            width: 320.0,
            height: 200.0,
        };
        let mut end = 0.0;
        for shape in scene(&dashboard(), size, &seven).shapes {
            if let Shape::Rect { x, width, .. } = shape {
                assert!(x > end && x + width <= size.width);
                end = x + width;
            }
        }
        assert!(end > 0.0);
    }

    #[test]
    fn the_summary_tells_total_and_peak() {
        assert_eq!(
            summary(&dashboard()),
            "Throughput: 78 tasks completed in 13 weeks, at most 12 in one"
        );
    }
}
