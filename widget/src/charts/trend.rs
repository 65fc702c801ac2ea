//! A headline number over the last weeks, as a line of a few letters' height: no
//! axis, no number, since the card beside it has them.

use oriel_contract::{Dashboard, TrendPoint};

use super::scene::{Ink, Scene, Size};

/// The headline numbers that have a past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kpi {
    Open,
    Overdue,
    Completed,
    CycleTime,
}

/// Half the side of the dot at the latest value, and the line's distance from the edge.
const DOT: f64 = 2.5;

#[allow(clippy::cast_precision_loss)]
fn value(kpi: Kpi, point: &TrendPoint) -> Option<f64> {
    match kpi {
        Kpi::Open => Some(point.open as f64),
        Kpi::Overdue => Some(point.overdue as f64),
        Kpi::Completed => Some(point.completed as f64),
        Kpi::CycleTime => point.median_days,
    }
}

/// Draws the line from edge to edge. A week without a value is passed over.
#[allow(clippy::cast_precision_loss)]
pub fn scene(kpi: Kpi, dashboard: &Dashboard, size: Size) -> Scene {
    let trend = &dashboard.kpis.trend;
    let values: Vec<(f64, f64)> = trend
        .iter()
        .enumerate()
        .filter_map(|(index, point)| Some((index as f64, value(kpi, point)?)))
        .collect();
    let low = values
        .iter()
        .map(|(_, value)| *value)
        .fold(f64::MAX, f64::min);
    let high = values
        .iter()
        .map(|(_, value)| *value)
        .fold(f64::MIN, f64::max);
    let weeks = trend.len().saturating_sub(1).max(1) as f64;
    let line: Vec<(f64, f64)> = values
        .iter()
        .map(|(week, value)| {
            // What never changed is a line in the middle.
            let share = if high > low {
                (value - low) / (high - low)
            } else {
                0.5
            };
            let x = DOT + (size.width - 2.0 * DOT) * (week / weeks);
            (x, size.height - DOT - (size.height - 2.0 * DOT) * share)
        })
        .collect();

    let mut scene = Scene::new();
    let Some((x, y)) = line.last().copied() else {
        return scene;
    };
    scene.path(line, 1.5, Ink::Accent);
    scene.rect((x - DOT, y - DOT), (2.0 * DOT, 2.0 * DOT), Ink::Accent);
    scene
}

#[cfg(test)]
mod tests {
    use super::{
        super::{scene::Shape, tests::dashboard},
        *,
    };

    const SIZE: Size = Size {
        width: 80.0,
        height: 24.0,
    };

    fn line(scene: &Scene) -> Vec<(f64, f64)> {
        scene
            .shapes
            .iter()
            .find_map(|shape| match shape {
                Shape::Path { points, .. } => Some(points.clone()),
                _ => None,
            })
            .unwrap_or_default()
    }

    #[test]
    fn the_line_spans_its_place_and_never_leaves_it() {
        for kpi in [Kpi::Open, Kpi::Overdue, Kpi::Completed, Kpi::CycleTime] {
            let line = line(&scene(kpi, &dashboard(), SIZE));
            let ys: Vec<f64> = line.iter().map(|(_, y)| *y).collect();
            assert_eq!((line[0].0, line[line.len() - 1].0), (DOT, SIZE.width - DOT));
            assert!(ys.iter().all(|y| (DOT..=SIZE.height - DOT).contains(y)));
            assert!(ys.contains(&DOT), "the highest value is at the top");
        }
    }

    #[test]
    fn a_week_without_a_value_is_passed_over() {
        let all = line(&scene(Kpi::Open, &dashboard(), SIZE)).len();
        let some = line(&scene(Kpi::CycleTime, &dashboard(), SIZE)).len();
        assert_eq!((all, some), (12, 11));
    }

    #[test]
    fn what_never_changed_is_a_line_in_the_middle() {
        let mut dashboard = dashboard();
        for point in &mut dashboard.kpis.trend {
            point.open = 7;
        }
        let line = line(&scene(Kpi::Open, &dashboard, SIZE));
        assert!(line.iter().all(|(_, y)| *y == SIZE.height / 2.0));
    }

    #[test]
    fn without_any_value_there_is_no_line() {
        let mut dashboard = dashboard();
        dashboard.kpis.trend.clear();
        assert!(scene(Kpi::Open, &dashboard, SIZE).shapes.is_empty());
    }
}
