//! How long tasks took: a histogram, and the lines under which half, 85 and 95 per
//! cent of them stayed.

use oriel_contract::{CycleTimeBucket, CycleTimes, Dashboard};

use super::{
    Twin,
    axis::Frame,
    explore::columns,
    scene::{Ink, LABEL_HEIGHT, Measure, Scene, Size},
};
use crate::{
    format,
    messages::{Argument, msg},
};

/// Room between two bars.
const GAP: f64 = 2.0;
/// Room around the name of a line.
const PAD: f64 = 4.0;

/// Draws a bar per bucket, all equally wide, and the percentiles over them.
#[allow(clippy::cast_precision_loss)]
pub fn scene(dashboard: &Dashboard, size: Size, measure: Measure<'_>) -> Scene {
    let times = &dashboard.cycle_time;
    let buckets = &times.buckets;
    let lines = percentiles(times);
    let high = buckets.iter().map(|bucket| bucket.tasks).max();
    // Each line's name has a row of its own above the bars.
    let names = LABEL_HEIGHT * lines.len() as f64;
    let frame = Frame::below(names, size, 0, high.unwrap_or(0), measure);
    let slot = frame.width() / buckets.len().max(1) as f64;
    let edge = |index: usize| frame.left + slot * index as f64;

    let mut scene = Scene::new();
    let middles: Vec<f64> = (0..buckets.len()).map(|i| edge(i) + slot / 2.0).collect();
    scene.spots = columns(&middles, &frame);
    frame.draw(&mut scene);
    for (index, bucket) in buckets.iter().enumerate() {
        let y = frame.y(bucket.tasks);
        if bucket.tasks > 0 {
            scene.rect(
                (edge(index) + GAP / 2.0, y),
                ((slot - GAP).max(1.0), (frame.bottom - y).max(1.0)),
                Ink::Accent,
            );
        }
    }
    for (row, (name, days)) in lines.iter().enumerate() {
        let x = frame.left + slot * place(buckets, *days);
        let y = LABEL_HEIGHT * (row as f64 + 0.5);
        draw_line(x, y, name, &frame, measure, &mut scene);
    }
    let labels: Vec<_> = (0..buckets.len())
        .map(|index| (index, edge(index)))
        .collect();
    let text = |index: usize| format::grouped(u64::from(buckets[index].from_days));
    frame.draw_foot(&labels, &text, measure, &mut scene);
    scene
}

/// A line from its name down to the foot. The name stands right of it where there
/// is room, on a ground of its own: a line further up may pass behind it.
fn draw_line(x: f64, y: f64, name: &str, frame: &Frame, measure: Measure<'_>, scene: &mut Scene) {
    let width = measure(name) + 2.0 * PAD;
    let left = x.min(frame.right - width).max(0.0);
    let top = y - LABEL_HEIGHT / 2.0;
    scene.rect((x, top), (1.0, frame.bottom - top), Ink::Text);
    scene.rect((left + 1.0, top), (width - 1.0, LABEL_HEIGHT), Ink::Surface);
    scene.label(name.to_owned(), (left + PAD, y), Ink::Text);
}

/// The lines' names and where they stand, as far as there is anything to tell.
fn percentiles(times: &CycleTimes) -> Vec<(String, f64)> {
    let lines = [
        (50, times.p50_days),
        (85, times.p85_days),
        (95, times.p95_days),
    ];
    let there = lines
        .into_iter()
        .filter_map(|(share, days)| Some((share, days?)));
    there
        .map(|(share, days)| {
            let (number, unit) = format::days(days);
            let share = format::percent(share, 100);
            (msg::PERCENTILE.with([share, number, unit]), days)
        })
        .collect()
}

/// How many buckets from the left `days` stands. The last one has no end, so what
/// lies in it stands in its middle.
#[allow(clippy::cast_precision_loss)]
fn place(buckets: &[CycleTimeBucket], days: f64) -> f64 {
    let next = buckets.partition_point(|bucket| f64::from(bucket.from_days) <= days);
    let Some(bucket) = next.checked_sub(1).and_then(|index| buckets.get(index)) else {
        return 0.0;
    };
    let from = f64::from(bucket.from_days);
    let share = bucket
        .to_days
        .map_or(0.5, |to| ((days - from) / (f64::from(to) - from)).min(1.0));
    (next - 1) as f64 + share
}

/// The same in numbers.
pub fn twin(dashboard: &Dashboard) -> Twin {
    let times = &dashboard.cycle_time;
    let buckets = times.buckets.iter().map(|bucket| {
        let from = u64::from(bucket.from_days);
        let span = match bucket.to_days {
            Some(to) => msg::DAYS_BETWEEN.with([from, to.into()]),
            None => msg::DAYS_FROM.with([from]),
        };
        vec![
            span,
            format::grouped(bucket.tasks),
            format::percent(bucket.tasks, times.tasks),
        ]
    });
    Twin {
        head: vec![msg::COLUMN_CYCLE_TIME, msg::COLUMN_TASKS, msg::COLUMN_SHARE],
        rows: buckets.collect(),
    }
}

/// What a reader who cannot see the bars is told first.
pub fn summary(dashboard: &Dashboard) -> String {
    let times = &dashboard.cycle_time;
    let lines = percentiles(times)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    msg::CYCLE_TIME_SUMMARY.with::<Argument>([times.tasks.into(), format::listed(lines).into()])
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
    fn labels_are_whole_wherever_the_lines_stand() {
        for (low, middle, high) in [(0.0, 0.1, 0.2), (0.5, 14.0, 400.0), (95.0, 96.0, 300.0)] {
            let mut dashboard = dashboard();
            dashboard.cycle_time.p50_days = Some(low);
            dashboard.cycle_time.p85_days = Some(middle);
            dashboard.cycle_time.p95_days = Some(high);
            assert_labels_are_whole_from(200, 240.0, |size, measure| {
                scene(&dashboard, size, measure)
            });
        }
    }

    #[test]
    fn a_time_stands_within_its_bucket() {
        let buckets = dashboard().cycle_time.buckets;
        for (days, at) in [
            (0.0, 0.0),
            (0.5, 0.5),
            (4.0, 3.5),
            (22.0, 6.5),
            (90.0, 9.5),
            (900.0, 9.5),
        ] {
            assert!((place(&buckets, days) - at).abs() < 1e-9, "{days}");
        }
        assert!(place(&[], 3.0) == 0.0);
    }

    #[test]
    fn bars_stand_apart_and_each_has_its_spot() {
        let size = Size {
            width: 320.0,
            height: 240.0,
        };
        let scene = scene(&dashboard(), size, &seven);
        assert_eq!(scene.spots.len(), twin(&dashboard()).rows.len());
        let mut end = 0.0;
        for shape in &scene.shapes {
            if let Shape::Rect {
                x,
                width,
                ink: Ink::Accent,
                ..
            } = shape
            {
                assert!(*x > end && x + width <= size.width);
                end = x + width;
            }
        }
        assert!(end > 0.0);
    }

    #[test]
    fn without_a_task_there_is_no_line() {
        let mut dashboard = dashboard();
        let times = &mut dashboard.cycle_time;
        (times.p50_days, times.p85_days, times.p95_days) = (None, None, None);
        assert!(percentiles(&dashboard.cycle_time).is_empty());
    }
}
