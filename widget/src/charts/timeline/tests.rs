use jiff::civil::{Date, date};
use oriel_contract::TaskId;

use super::{
    super::scene::{
        Shape,
        tests::{assert_labels_are_whole, seven},
    },
    *,
};

const AS_OF: Date = date(2026, 6, 30);

/// A timeline as the contract has it: seven tasks, and a milestone of each kind.
pub fn timeline() -> Timeline {
    serde_json::from_str(include_str!("../../../tests/fixtures/timeline.json")).unwrap()
}

fn drawn(timeline: &Timeline, width: f64) -> (Scene, Size) {
    let height = height(timeline, width, &seven);
    let size = Size { width, height };
    (scene(timeline, size, &seven), size)
}

fn without_tasks() -> Timeline {
    Timeline {
        tasks: Vec::new(),
        total: 0,
        ..timeline()
    }
}

/// The filled outlines in an ink: bars and diamonds.
fn outlines(scene: &Scene, ink: Ink) -> Vec<Vec<(f64, f64)>> {
    let shapes = scene.shapes.iter();
    shapes
        .filter_map(|shape| match shape {
            Shape::Area { points, ink: own } if *own == ink => Some(points.clone()),
            _ => None,
        })
        .collect()
}

fn paths(scene: &Scene) -> Vec<Vec<(f64, f64)>> {
    let shapes = scene.shapes.iter();
    shapes
        .filter_map(|shape| match shape {
            Shape::Path { points, .. } => Some(points.clone()),
            _ => None,
        })
        .collect()
}

fn bars(timeline: &Timeline, width: f64) -> Vec<Bar> {
    let layout = Layout::new(timeline, width, &seven);
    let tasks = timeline.tasks.iter().enumerate();
    tasks.map(|(index, task)| layout.bar(index, task)).collect()
}

#[test]
fn labels_are_whole_at_every_width() {
    let mut long = timeline();
    long.from = date(2015, 1, 1);
    let mut short = timeline();
    (short.from, short.to) = (date(2026, 6, 25), date(2026, 7, 2));
    for task in &mut short.tasks {
        (task.start, task.end) = (AS_OF, AS_OF);
    }
    for timeline in [timeline(), without_tasks(), long, short] {
        for width in 240..1_300 {
            let (scene, size) = drawn(&timeline, f64::from(width));
            assert_labels_are_whole(&scene, size);
        }
    }
}

#[test]
fn everything_stays_on_the_ground() {
    for width in 240..1_300 {
        let (scene, size) = drawn(&timeline(), f64::from(width));
        let inside =
            |x: f64, y: f64| (0.0..=size.width).contains(&x) && (0.0..=size.height).contains(&y);
        for shape in &scene.shapes {
            match shape {
                Shape::Path { points, .. } | Shape::Area { points, .. } => {
                    assert!(points.iter().all(|(x, y)| inside(*x, *y)), "{shape:?}");
                }
                Shape::Rect {
                    x,
                    y,
                    width,
                    height,
                    ..
                } => {
                    assert!(inside(*x, *y) && inside(x + width, y + height), "{shape:?}");
                }
                _ => {}
            }
        }
        for spot in &scene.spots {
            assert!(inside(spot.x, spot.y), "{spot:?}");
            assert!(
                inside(spot.x + spot.width, spot.y + spot.height),
                "{spot:?}"
            );
        }
    }
}

#[test]
fn a_bar_is_as_long_as_its_days_and_starts_where_they_do() {
    let bars = bars(&timeline(), 900.0);
    let days = |index: usize| {
        let task = &timeline().tasks[index];
        f64::from((task.end - task.start).get_days() + 1)
    };
    let day = (bars[1].right - bars[1].left) / days(1);
    assert!((bars[2].right - bars[2].left - day * days(2)).abs() < 1e-6);
    assert!(bars.windows(2).all(|pair| pair[0].left <= pair[1].left));
}

#[test]
fn a_task_without_extent_and_one_from_before_the_axis_are_seen() {
    let mut timeline = timeline();
    timeline.from = date(2015, 1, 1);
    timeline.tasks[0].start = date(2012, 1, 1);
    let last = timeline.tasks.len() - 1;
    (timeline.tasks[last].start, timeline.tasks[last].end) = (AS_OF, AS_OF);
    let bars = bars(&timeline, 320.0);
    let layout = Layout::new(&timeline, 320.0, &seven);
    assert!((bars[0].left - layout.days.left).abs() < 1e-9);
    for bar in bars {
        assert!(bar.right - bar.left >= LEAST_BAR - 1e-9);
    }
}

#[test]
fn an_arrow_goes_from_the_end_of_one_task_to_the_start_of_the_next() {
    let timeline = timeline();
    let bars = bars(&timeline, 900.0);
    let (scene, _) = drawn(&timeline, 900.0);
    let paths = paths(&scene);
    // The third task waits for the first; both are on the page.
    let arrow = &paths[0];
    assert_eq!(arrow[0], (bars[0].right, bars[0].middle));
    let (x, y) = arrow[arrow.len() - 1];
    assert!((y - bars[2].middle).abs() < 1e-9 && bars[2].left - x < HEAD_ROOM);
    for pair in arrow.windows(2) {
        let (across, down) = (pair[0].0 - pair[1].0, pair[0].1 - pair[1].1);
        let is_level = across.abs() < 1e-9 || down.abs() < 1e-9;
        assert!(is_level, "{pair:?} has a right angle");
    }
}

const HEAD_ROOM: f64 = 4.0;

#[test]
fn an_arrow_to_a_task_that_began_too_early_passes_between_the_rows() {
    let mut timeline = timeline();
    timeline.tasks[2].start = timeline.tasks[0].start;
    let bars = bars(&timeline, 900.0);
    let (scene, _) = drawn(&timeline, 900.0);
    let arrow = paths(&scene).into_iter().next().unwrap();
    assert_eq!(arrow.len(), 6);
    let (_, between) = arrow[2];
    assert!(between > bars[1].middle + BAR / 2.0 && between < bars[2].middle - BAR / 2.0);
}

#[test]
fn what_waits_for_a_task_that_is_not_here_has_the_end_of_an_arrow() {
    let mut timeline = timeline();
    let stranger: TaskId = "tsk_01jd8x0c6tfwasq9m2yjz0v4zz".parse().unwrap();
    timeline.tasks.truncate(1);
    timeline.tasks[0].depends_on = vec![stranger];
    let (scene, _) = drawn(&timeline, 400.0);
    assert_eq!(paths(&scene).len(), 1);
    assert_eq!(twin(&timeline).rows[3][4], "1 task not shown here");
}

#[test]
fn what_is_overdue_goes_on_in_dashes_until_today() {
    let timeline = timeline();
    let (scene, _) = drawn(&timeline, 900.0);
    let layout = Layout::new(&timeline, 900.0, &seven);
    let today = layout.days.today(AS_OF);
    let dashes: Vec<f64> = scene
        .shapes
        .iter()
        .filter_map(|shape| match shape {
            Shape::Rect {
                x,
                width,
                ink: Ink::Overdue,
                ..
            } => Some(x + width),
            _ => None,
        })
        .collect();
    assert!(dashes.len() > 1);
    assert!(dashes.iter().all(|end| *end <= today + 1e-9));
}

#[test]
fn a_milestone_is_filled_once_it_is_reached() {
    let (scene, _) = drawn(&timeline(), 900.0);
    let diamonds = |ink| {
        let outlines = outlines(&scene, ink);
        outlines.iter().filter(|points| points.len() == 4).count()
    };
    assert_eq!(
        (
            diamonds(Ink::Done),
            diamonds(Ink::Overdue),
            diamonds(Ink::Text)
        ),
        (1, 1, 1)
    );
    // The other two have a hole.
    assert_eq!(diamonds(Ink::Surface), 2);
}

#[test]
fn every_milestone_and_every_task_has_a_place_and_a_row() {
    let twin = twin(&timeline());
    let (scene, _) = drawn(&timeline(), 380.0);
    assert_eq!(scene.spots.len(), twin.rows.len());
    assert!(twin.rows.iter().all(|row| row.len() == twin.head.len()));
    assert_eq!(
        twin.rows[1],
        ["Beta", "Milestone, Overdue", "–", "15 Jun 2026", "–"]
    );
    assert_eq!(
        twin.rows[5],
        [
            "Rotate the keys",
            "Blocked, Overdue",
            "18 May 2026",
            "12 Jun 2026",
            "Write the plan, Audit the access"
        ]
    );
}

#[test]
fn from_right_to_left_it_is_the_mirror_image() {
    let (scene, size) = drawn(&timeline(), 700.0);
    let ltr = outlines(&scene, Ink::Blocked);
    let rtl = outlines(&scene.mirrored(size.width), Ink::Blocked);
    for (one, other) in ltr[0].iter().zip(&rtl[0]) {
        assert!((one.0 + other.0 - size.width).abs() < 1e-9);
        assert!((one.1 - other.1).abs() < 1e-9);
    }
}

#[test]
fn a_project_without_tasks_still_shows_its_milestones_and_today() {
    let (scene, size) = drawn(&without_tasks(), 400.0);
    assert_eq!(scene.spots.len(), 3);
    assert!(size.height < 120.0);
    assert!(legend(&without_tasks()).is_empty());
}

#[test]
fn a_long_page_has_its_dates_below_it_too() {
    let mut timeline = timeline();
    let task = timeline.tasks[1].clone();
    timeline.tasks.extend(vec![task; 20]);
    let (scene, size) = drawn(&timeline, 900.0);
    let is_low = |shape: &Shape| matches!(shape, Shape::Label { y, ink: Ink::Muted, .. } if *y > size.height - AXIS);
    assert!(scene.shapes.iter().any(is_low));
    assert_labels_are_whole(&scene, size);
}

#[test]
fn the_summary_tells_days_and_counts() {
    assert_eq!(
        summary(&timeline()),
        "Timeline from 7 Apr 2026 to 31 Aug 2026: 7 tasks, 3 milestones"
    );
}
