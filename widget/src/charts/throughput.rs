//! Tasks completed per step of the range.

use jiff::civil::Date;
use oriel_contract::{Dashboard, Step};

use super::{
    Twin,
    axis::{Frame, day_labels},
    scene::{Ink, Measure, Scene, Shape, Size},
};
use crate::format;

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
    frame.draw(&mut scene);
    for (index, point) in points.iter().enumerate() {
        let y = frame.y(point.completed);
        if point.completed > 0 {
            scene.push(Shape::Rect {
                x: middle(index) - bar / 2.0,
                y,
                width: bar,
                height: (frame.bottom - y).max(1.0),
                ink: Ink::Accent,
            });
        }
    }
    let days: Vec<Date> = points.iter().map(|point| point.from).collect();
    let labels: Vec<_> = day_labels(&days)
        .into_iter()
        .map(|(index, text)| (middle(index), text))
        .collect();
    frame.draw_foot(&labels, measure, &mut scene);
    scene
}

/// The heading: what a bar is.
pub const fn title(step: Step) -> &'static str {
    match step {
        Step::Day => "Completed per day",
        Step::Week => "Completed per week",
        Step::Month => "Completed per month",
    }
}

/// The same in numbers, latest first.
pub fn twin(dashboard: &Dashboard) -> Twin {
    let first = match dashboard.throughput.step {
        Step::Day => "Day",
        Step::Week => "Week from",
        Step::Month => "Month from",
    };
    Twin {
        head: vec![first, "Completed"],
        rows: dashboard
            .throughput
            .points
            .iter()
            .rev()
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
    let steps = match dashboard.throughput.step {
        Step::Day => format::counted(steps, "day", "days"),
        Step::Week => format::counted(steps, "week", "weeks"),
        Step::Month => format::counted(steps, "month", "months"),
    };
    [
        "Throughput: ",
        &format::counted(total, "task", "tasks"),
        " completed in ",
        &steps,
        ", at most ",
        &format::grouped(most),
        " in one",
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            scene::tests::{assert_labels_are_whole_from, seven},
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
        for shape in scene(&dashboard(), size, &seven) {
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
