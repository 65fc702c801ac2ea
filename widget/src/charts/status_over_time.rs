//! How many tasks were in each status, over the range, one upon the other.
//!
//! Each area carries its name at the right, in the order of the stack, so that no
//! colour has to be told from another.

use jiff::civil::Date;
use oriel_contract::{Dashboard, StatusPoint, TaskStatus, days_from_civil};

use super::{
    Twin,
    axis::Frame,
    explore::{Spot, columns},
    scene::{Ink, LABEL_HEIGHT, Measure, Scene, Size},
    statuses::ink,
    text::ellipsised,
};
use crate::{
    format,
    messages::{Argument, msg},
    words,
};

/// The stack from its foot: what is done carries what is left.
pub const STACK: [TaskStatus; 5] = [
    TaskStatus::Done,
    TaskStatus::InProgress,
    TaskStatus::Blocked,
    TaskStatus::Todo,
    TaskStatus::Cancelled,
];

/// The side of a name's spot of colour.
const SWATCH: f64 = 8.0;
/// Room between plot, spot and name.
const GAP: f64 = 6.0;

const fn tasks(point: &StatusPoint, status: TaskStatus) -> u64 {
    match status {
        TaskStatus::Todo => point.todo,
        TaskStatus::InProgress => point.in_progress,
        TaskStatus::Blocked => point.blocked,
        TaskStatus::Done => point.done,
        TaskStatus::Cancelled => point.cancelled,
    }
}

/// The edges of the areas at `point`, from the foot up: one more than areas.
fn edges(point: &StatusPoint) -> [u64; STACK.len() + 1] {
    let mut edges = [0; STACK.len() + 1];
    for (index, status) in STACK.into_iter().enumerate() {
        edges[index + 1] = edges[index] + tasks(point, status);
    }
    edges
}

/// Draws an area per status, with its name.
pub fn scene(dashboard: &Dashboard, size: Size, measure: Measure<'_>) -> Scene {
    let points = &dashboard.status_over_time.points;
    let names = STACK.map(|status| words::status(status).text());
    let widest = names.iter().map(|name| measure(name)).fold(0.0, f64::max);
    let room = widest.ceil().min(size.width * 0.34);

    let stacks: Vec<_> = points.iter().map(edges).collect();
    let high = stacks.iter().map(|edges| edges[STACK.len()]).max();
    let mut frame = Frame::new(size, 0, high.unwrap_or(0), measure);
    frame.right -= room + SWATCH + 2.0 * GAP;
    let days: Vec<i64> = points
        .iter()
        .map(|point| days_from_civil(point.date))
        .collect();
    let (first, last) = (days.first().copied(), days.last().copied());
    let (first, last) = (first.unwrap_or(0), last.unwrap_or(0));
    let xs: Vec<f64> = days.iter().map(|day| frame.x(*day, first, last)).collect();
    let edge = |index: usize| -> Vec<(f64, f64)> {
        let heights = stacks.iter().map(|edges| frame.y(edges[index]));
        xs.iter().copied().zip(heights).collect()
    };

    let mut scene = Scene::new();
    frame.draw(&mut scene);
    for (index, status) in STACK.into_iter().enumerate() {
        let mut outline = edge(index);
        outline.extend(edge(index + 1).into_iter().rev());
        scene.area(outline, ink(status));
    }
    // Lines of the ground keep the areas apart without their hues.
    for index in 1..STACK.len() {
        scene.path(edge(index), 1.0, Ink::Surface);
    }
    if let Some(end) = stacks.last() {
        draw_names(&names, end, &frame, room, measure, &mut scene);
    }
    let dates: Vec<Date> = points.iter().map(|point| point.date).collect();
    frame.draw_days(&dates, &|index| xs[index], measure, &mut scene);
    scene.spots = spots(&xs, &stacks, &frame);
    scene
}

/// Names the areas that are there at the end, each as near to its area as the
/// others let it.
fn draw_names(
    names: &[String],
    end: &[u64],
    frame: &Frame,
    room: f64,
    measure: Measure<'_>,
    scene: &mut Scene,
) {
    let there: Vec<usize> = (0..names.len())
        .filter(|index| end[*index] < end[*index + 1])
        .collect();
    let middles: Vec<f64> = there
        .iter()
        .map(|index| frame.y(end[*index]).midpoint(frame.y(end[*index + 1])))
        .collect();
    let half = LABEL_HEIGHT / 2.0;
    let heights = spread(&middles, frame.top + half, frame.bottom - half);
    for (index, y) in there.into_iter().zip(heights) {
        let x = frame.right + GAP;
        scene.rect((x, y - SWATCH / 2.0), (SWATCH, SWATCH), ink(STACK[index]));
        scene.label(
            ellipsised(&names[index], room, measure),
            (x + SWATCH + GAP, y),
            Ink::Muted,
        );
    }
}

/// Heights, lowest on the page first, moved apart to stand a line from each other
/// between `top` and `bottom`.
fn spread(wished: &[f64], top: f64, bottom: f64) -> Vec<f64> {
    let mut below = bottom + LABEL_HEIGHT;
    let mut heights: Vec<f64> = wished
        .iter()
        .map(|y| {
            below = y.min(below - LABEL_HEIGHT);
            below
        })
        .collect();
    let mut above = top - LABEL_HEIGHT;
    for y in heights.iter_mut().rev() {
        above = y.max(above + LABEL_HEIGHT);
        *y = above;
    }
    heights
}

fn spots(xs: &[f64], stacks: &[[u64; STACK.len() + 1]], frame: &Frame) -> Vec<Spot> {
    let columns = columns(xs, frame).into_iter().zip(stacks);
    columns
        .flat_map(|(column, edges)| {
            edges
                .windows(2)
                .map(|pair| {
                    let y = frame.y(pair[1]);
                    let height = frame.y(pair[0]) - y;
                    Spot {
                        y,
                        height,
                        ..column
                    }
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The same in numbers.
pub fn twin(dashboard: &Dashboard) -> Twin {
    let mut head = vec![msg::COLUMN_DATE];
    head.extend(STACK.map(words::status));
    let points = dashboard.status_over_time.points.iter();
    let rows = points.map(|point| {
        let mut row = vec![format::date(point.date)];
        row.extend(STACK.map(|status| format::grouped(tasks(point, status))));
        row
    });
    Twin {
        head,
        rows: rows.collect(),
    }
}

/// What a reader who cannot see the areas is told first.
pub fn summary(dashboard: &Dashboard) -> String {
    let points = &dashboard.status_over_time.points;
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return msg::STATUS_OVER_TIME_NONE.text();
    };
    let changes: Vec<String> = STACK
        .into_iter()
        .map(|status| {
            msg::STATUS_OVER_TIME_CHANGE.with::<Argument>([
                words::status(status).text().into(),
                tasks(first, status).into(),
                tasks(last, status).into(),
            ])
        })
        .collect();
    let (from, to) = (format::date(first.date), format::date(last.date));
    msg::STATUS_OVER_TIME_SUMMARY.with([from, to, format::listed(changes)])
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

    const SIZE: Size = Size {
        width: 500.0,
        height: 240.0,
    };

    #[test]
    fn labels_are_whole_at_every_width() {
        assert_labels_are_whole_from(200, 240.0, |size, measure| {
            scene(&dashboard(), size, measure)
        });
    }

    #[test]
    fn names_are_whole_when_all_areas_crowd_at_one_end() {
        for crowded in [TaskStatus::Done, TaskStatus::Blocked, TaskStatus::Cancelled] {
            let mut dashboard = dashboard();
            let last = dashboard.status_over_time.points.last_mut().unwrap();
            (
                last.todo,
                last.in_progress,
                last.blocked,
                last.done,
                last.cancelled,
            ) = (1, 1, 1, 1, 1);
            match crowded {
                TaskStatus::Done => last.done = 9_000,
                TaskStatus::Blocked => last.blocked = 9_000,
                _ => last.cancelled = 9_000,
            }
            assert_labels_are_whole_from(200, 200.0, |size, measure| {
                scene(&dashboard, size, measure)
            });
        }
    }

    #[test]
    fn the_areas_of_a_day_lie_on_one_another_from_the_foot_up() {
        let dashboard = dashboard();
        let scene = scene(&dashboard, SIZE, &seven);
        for (point, spots) in scene.spots.chunks(STACK.len()).enumerate() {
            for pair in spots.windows(2) {
                assert!(
                    (pair[1].y + pair[1].height - pair[0].y).abs() < 1e-9,
                    "{point}"
                );
            }
            assert!(spots.iter().all(|spot| (spot.x - spots[0].x).abs() < 1e-9));
        }
    }

    #[test]
    fn a_status_that_nothing_is_in_has_no_name_in_the_chart() {
        let mut dashboard = dashboard();
        dashboard
            .status_over_time
            .points
            .last_mut()
            .unwrap()
            .blocked = 0;
        let shapes = scene(&dashboard, SIZE, &seven).shapes;
        let named = |name: &str| {
            shapes
                .iter()
                .any(|shape| matches!(shape, Shape::Label { text, .. } if text == name))
        };
        assert!(named("Done") && !named("Blocked"));
    }

    #[test]
    fn lines_that_would_lie_over_each_other_are_moved_apart() {
        assert_eq!(
            spread(&[100.0, 98.0, 20.0], 8.0, 200.0),
            [100.0, 84.0, 20.0]
        );
        assert_eq!(spread(&[10.0, 9.0, 8.0], 8.0, 200.0), [40.0, 24.0, 8.0]);
    }

    #[test]
    fn a_range_without_points_draws_no_area() {
        let mut dashboard = dashboard();
        dashboard.status_over_time.points.clear();
        assert!(scene(&dashboard, SIZE, &seven).spots.is_empty());
        assert_eq!(summary(&dashboard), "Status over time: nothing yet");
    }
}
