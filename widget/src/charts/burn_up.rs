//! Scope and completed work over the range, and when the rest may be done.

use jiff::civil::Date;
use oriel_contract::{
    BurnUp, BurnUpPoint, Dashboard, Forecast, Step, civil_from_days, days_from_civil,
};

use super::{
    Series, Twin,
    axis::Frame,
    explore::columns,
    scene::{Ink, Measure, Scene, Size},
};
use crate::{
    format,
    messages::{Argument, Message, msg},
};

/// How much longer than the range the forecast may reach: the past stays the
/// larger part of the picture.
const AHEAD: f64 = 0.6;

/// The days that the foot spans.
struct Days {
    first: i64,
    today: i64,
    end: i64,
}

impl Days {
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    fn of(dashboard: &Dashboard) -> Self {
        let day =
            |point: Option<&BurnUpPoint>| point.map_or(0, |point| days_from_civil(point.date));
        let first = day(dashboard.burn_up.points.first());
        let today = day(dashboard.burn_up.points.last());
        let ahead = ((today - first) as f64 * AHEAD) as i64;
        let end = forecast(dashboard).map_or(today, |forecast| {
            days_from_civil(forecast.p85_on).clamp(today, today + ahead.max(1))
        });
        Self { first, today, end }
    }

    fn x(&self, frame: &Frame, day: i64) -> f64 {
        frame.x(day, self.first, self.end)
    }
}

/// The forecast, where there is a past that it can be drawn onto.
fn forecast(dashboard: &Dashboard) -> Option<&Forecast> {
    dashboard.burn_up.points.last()?;
    dashboard.forecast.as_ref()
}

/// Draws the line of the scope, completed work under it, and the forecast ahead.
pub fn scene(dashboard: &Dashboard, size: Size, measure: Measure<'_>) -> Scene {
    let points = &dashboard.burn_up.points;
    let (low, high) = span(&dashboard.burn_up);
    let frame = Frame::new(size, low, high, measure);
    let days = Days::of(dashboard);
    let x = |date: Date| days.x(&frame, days_from_civil(date).min(days.end));
    let line = |value: fn(&BurnUpPoint) -> u64| -> Vec<(f64, f64)> {
        let points = points.iter();
        points
            .map(|point| (x(point.date), frame.y(value(point))))
            .collect()
    };
    let completed = line(|point| point.completed);
    let mut area = completed.clone();
    if let (Some(first), Some(end)) = (completed.first(), completed.last()) {
        area.extend([(end.0, frame.bottom), (first.0, frame.bottom)]);
    }

    let mut scene = Scene::new();
    let mut middles: Vec<f64> = points.iter().map(|point| x(point.date)).collect();
    frame.draw(&mut scene);
    if let Some(forecast) = forecast(dashboard) {
        middles.extend([x(forecast.p50_on), x(forecast.p85_on)]);
        draw_forecast(forecast, dashboard, &days, &frame, &mut scene);
    }
    // What is filled must start from nothing, or it tells a wrong proportion.
    if low == 0 {
        scene.area(area, Ink::AccentSoft);
    }
    scene.path(line(|point| point.scope), 2.0, Ink::Scope);
    scene.path(completed, 2.0, Ink::Accent);
    let foot = foot(&dashboard.burn_up, days.end);
    frame.draw_days(&foot, &|index| x(foot[index]), measure, &mut scene);
    scene.spots = columns(&middles, &frame);
    scene
}

/// The band between the likely end and the almost certain one: it opens today and
/// rises to the scope. What lies beyond the last day of the foot is cut off there.
#[allow(clippy::cast_precision_loss)]
fn draw_forecast(
    forecast: &Forecast,
    dashboard: &Dashboard,
    days: &Days,
    frame: &Frame,
    scene: &mut Scene,
) {
    let Some(now) = dashboard.burn_up.points.last() else {
        return;
    };
    let from = (days.x(frame, days.today), frame.y(now.completed));
    let top = frame.y(now.scope);
    let reach = |date: Date| -> (f64, f64) {
        let day = days_from_civil(date).max(days.today + 1);
        let shown = day.min(days.end);
        let share = (shown - days.today) as f64 / (day - days.today) as f64;
        (days.x(frame, shown), from.1 + (top - from.1) * share)
    };
    let (likely, certain) = (reach(forecast.p50_on), reach(forecast.p85_on));
    scene.area(
        vec![from, likely, (certain.0, likely.1), certain],
        Ink::AccentSoft,
    );
    for end in [likely, certain] {
        scene.path(vec![from, end], 1.0, Ink::Accent);
    }
    scene.path(vec![(from.0, top), (certain.0, top)], 1.0, Ink::Scope);
    // Today.
    scene.rect(
        (from.0, frame.top),
        (1.0, frame.bottom - frame.top),
        Ink::Axis,
    );
}

/// The days of the points, and on to `end` in the same steps.
fn foot(burn_up: &BurnUp, end: i64) -> Vec<Date> {
    let step = match burn_up.step {
        Step::Day => 1,
        Step::Week => 7,
        Step::Month => 30,
    };
    let mut foot: Vec<Date> = burn_up.points.iter().map(|point| point.date).collect();
    let mut day = foot.last().map_or(end, |date| days_from_civil(*date)) + step;
    while day <= end {
        foot.extend(civil_from_days(day));
        day += step;
    }
    foot
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

/// The same in numbers, the forecast's two days last.
pub fn twin(dashboard: &Dashboard) -> Twin {
    let row = |day: String, scope: u64, completed: u64| {
        vec![day, format::grouped(scope), format::grouped(completed)]
    };
    let points = &dashboard.burn_up.points;
    let mut rows: Vec<_> = points
        .iter()
        .map(|point| row(format::date(point.date), point.scope, point.completed))
        .collect();
    if let (Some(now), Some(forecast)) = (points.last(), forecast(dashboard)) {
        for (share, date) in [(50, forecast.p50_on), (85, forecast.p85_on)] {
            let share = format::percent(share, 100);
            let day = msg::FORECAST_ON.with([share, format::date(date)]);
            rows.push(row(day, now.scope, now.scope));
        }
    }
    Twin {
        head: vec![msg::COLUMN_DATE, msg::COLUMN_SCOPE, msg::SERIES_COMPLETED],
        rows,
    }
}

/// What the lines are.
pub fn legend(dashboard: &Dashboard) -> Vec<Series> {
    let series = |ink, hue, name: Message<0>| Series {
        ink,
        hue,
        name: name.text(),
    };
    let mut legend = vec![
        series(Ink::Scope, "scope", msg::SERIES_SCOPE),
        series(Ink::Accent, "completed", msg::SERIES_COMPLETED),
    ];
    if forecast(dashboard).is_some() {
        legend.push(series(Ink::AccentSoft, "forecast", msg::SERIES_FORECAST));
    }
    legend
}

/// What a reader who cannot see the lines is told first.
pub fn summary(dashboard: &Dashboard) -> String {
    let points = &dashboard.burn_up.points;
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return msg::BURN_UP_NONE.text();
    };
    let past = msg::BURN_UP_SUMMARY.with::<Argument>([
        format::date(first.date).into(),
        format::date(last.date).into(),
        first.completed.into(),
        last.completed.into(),
        first.scope.into(),
        last.scope.into(),
    ]);
    let Some(forecast) = forecast(dashboard) else {
        return past;
    };
    msg::BURN_UP_SUMMARY_AHEAD.with([
        past,
        format::date(forecast.p50_on),
        format::share(0.5),
        format::date(forecast.p85_on),
        format::share(0.85),
    ])
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            scene::{
                Shape,
                tests::{assert_labels_are_whole, assert_labels_are_whole_from, seven},
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
    fn a_scale_far_from_zero_starts_near_its_values() {
        let mut dashboard = dashboard();
        for point in &mut dashboard.burn_up.points {
            point.completed += 9_000;
            point.scope += 9_000;
        }
        assert!(span(&dashboard.burn_up).0 >= 9_000);
    }

    #[test]
    fn labels_are_whole_however_far_the_forecast_reaches() {
        for days in [0, 1, 9, 40, 400, 3_650] {
            let mut dashboard = dashboard();
            let today = days_from_civil(dashboard.as_of);
            let forecast = dashboard.forecast.as_mut().unwrap();
            forecast.p50_on = civil_from_days(today + days / 2).unwrap();
            forecast.p85_on = civil_from_days(today + days).unwrap();
            assert_labels_are_whole_from(200, 240.0, |size, measure| {
                scene(&dashboard, size, measure)
            });
        }
    }

    #[test]
    fn the_forecast_stays_within_the_frame_and_leaves_the_past_its_room() {
        let size = Size {
            width: 600.0,
            height: 240.0,
        };
        for days in [1, 30, 3_650] {
            let mut dashboard = dashboard();
            let today = days_from_civil(dashboard.as_of);
            let forecast = dashboard.forecast.as_mut().unwrap();
            forecast.p50_on = civil_from_days(today + days).unwrap();
            forecast.p85_on = civil_from_days(today + days * 2).unwrap();
            let scene = scene(&dashboard, size, &seven);
            for shape in &scene.shapes {
                if let Shape::Area { points, .. } | Shape::Path { points, .. } = shape {
                    assert!(
                        points
                            .iter()
                            .all(|(x, y)| (0.0..=600.0).contains(x) && (0.0..=240.0).contains(y))
                    );
                }
            }
            let past = &scene.spots[dashboard.burn_up.points.len() - 1];
            assert!(past.x > 600.0 / 2.0, "{days}");
        }
    }

    #[test]
    fn each_row_of_the_table_has_its_spot() {
        let mut dashboard = dashboard();
        let size = Size {
            width: 600.0,
            height: 240.0,
        };
        for _ in 0..2 {
            let spots = scene(&dashboard, size, &seven).spots;
            assert_eq!(spots.len(), twin(&dashboard).rows.len());
            dashboard.forecast = None;
        }
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
