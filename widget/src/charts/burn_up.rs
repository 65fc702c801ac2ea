//! Scope and completed work over the range.

use jiff::civil::Date;
use oriel_contract::{BurnUp, Dashboard};

use super::{
    Twin,
    axis::{Frame, day_labels},
    scene::{Ink, Measure, Scene, Shape, Size},
};
use crate::format;

/// Draws the line of the scope, and completed work under it.
#[allow(clippy::cast_precision_loss)]
pub fn scene(dashboard: &Dashboard, size: Size, measure: Measure<'_>) -> Scene {
    let points = &dashboard.burn_up.points;
    let (low, high) = span(&dashboard.burn_up);
    let frame = Frame::new(size, low, high, measure);
    let last = points.len().saturating_sub(1).max(1) as f64;
    let x = |index: usize| frame.left + frame.width() * (index as f64 / last);
    let line = |value: fn(&oriel_contract::BurnUpPoint) -> u64| -> Vec<(f64, f64)> {
        let points = points.iter().enumerate();
        points
            .map(|(index, point)| (x(index), frame.y(value(point))))
            .collect()
    };
    let completed = line(|point| point.completed);
    let mut area = completed.clone();
    if let (Some(first), Some(end)) = (completed.first(), completed.last()) {
        area.extend([(end.0, frame.bottom), (first.0, frame.bottom)]);
    }

    let mut scene = Scene::new();
    frame.draw(&mut scene);
    // What is filled must start from nothing, or it tells a wrong proportion.
    if low == 0 {
        scene.push(Shape::Area {
            points: area,
            ink: Ink::AccentSoft,
        });
    }
    scene.push(Shape::Path {
        points: line(|point| point.scope),
        width: 2.0,
        ink: Ink::Scope,
    });
    scene.push(Shape::Path {
        points: completed,
        width: 2.0,
        ink: Ink::Accent,
    });
    let days: Vec<Date> = points.iter().map(|point| point.date).collect();
    let labels: Vec<_> = day_labels(&days)
        .into_iter()
        .map(|(index, text)| (x(index), text))
        .collect();
    frame.draw_foot(&labels, measure, &mut scene);
    scene
}

/// The values that the scale must hold. It starts at 0, unless everything moves
/// in the upper part: weeks of a project of years would be two flat lines.
fn span(burn_up: &BurnUp) -> (u64, u64) {
    let high = burn_up
        .points
        .iter()
        .map(|point| point.scope.max(point.completed))
        .max();
    let low = burn_up
        .points
        .iter()
        .map(|point| point.completed.min(point.scope))
        .min();
    let (low, high) = (low.unwrap_or(0), high.unwrap_or(0));
    (if low * 2 > high { low } else { 0 }, high)
}

/// The same in numbers, latest first.
pub fn twin(dashboard: &Dashboard) -> Twin {
    Twin {
        head: vec!["Date", "Scope", "Completed"],
        rows: dashboard
            .burn_up
            .points
            .iter()
            .rev()
            .map(|point| {
                vec![
                    format::date(point.date),
                    format::grouped(point.scope),
                    format::grouped(point.completed),
                ]
            })
            .collect(),
    }
}

/// What a reader who cannot see the lines is told first.
pub fn summary(dashboard: &Dashboard) -> String {
    let points = &dashboard.burn_up.points;
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return "Burn-up: nothing yet".to_owned();
    };
    [
        "Burn-up from ",
        &format::date(first.date),
        " to ",
        &format::date(last.date),
        ": completed from ",
        &format::grouped(first.completed),
        " to ",
        &format::grouped(last.completed),
        ", scope from ",
        &format::grouped(first.scope),
        " to ",
        &format::grouped(last.scope),
        " tasks",
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            scene::tests::{assert_labels_are_whole, assert_labels_are_whole_from, seven},
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
    fn a_scale_far_from_zero_starts_near_its_values() {
        let mut dashboard = dashboard();
        for point in &mut dashboard.burn_up.points {
            point.completed += 9_000;
            point.scope += 9_000;
        }
        assert!(span(&dashboard.burn_up).0 >= 9_000);
    }

    #[test]
    fn a_range_without_points_draws_no_line() {
        let mut dashboard = dashboard();
        dashboard.burn_up.points.clear();
        let size = Size {
            width: 300.0,
            height: 200.0,
        };
        assert_labels_are_whole(&scene(&dashboard, size, &seven), size);
    }
}
