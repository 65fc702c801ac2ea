//! A project's tasks as bars over time, with what each waits for, its milestones
//! and today.
//!
//! Where there is room the names stand in a column of their own; on a phone each
//! stands above its bar, which then has the whole width.

mod arrows;
mod days;
mod milestones;

use oriel_contract::{Milestone, TaskStatus, Timeline, TimelineTask};
use web_sys::HtmlCanvasElement;

pub use self::milestones::Standing;
use self::{arrows::arrows, days::Days, milestones::Lanes};
use super::{
    Series, Twin,
    explore::Spot,
    paint::Brush,
    picture,
    scene::{Ink, LABEL_HEIGHT, Measure, Scene, Size},
    statuses::ink,
    text::ellipsised,
};
use crate::{
    format,
    messages::{Argument, msg},
    words,
};

/// From here on names have a column of their own, in CSS pixels.
const WIDE: f64 = 560.0;
/// The most that the column of names takes.
const MOST_NAMES: f64 = 260.0;
/// Room between names and bars, and for arrows around the first and the last bar.
const GAP: f64 = 14.0;
/// The height of a bar.
const BAR: f64 = 12.0;
/// What cuts the corners of a bar.
const CORNER: f64 = 2.5;
/// A bar of a day is seen, however long the axis is.
const LEAST_BAR: f64 = 4.0;
/// What the line of dates takes.
const AXIS: f64 = 22.0;
/// More rows than this have their dates below them, too.
const HIGH: usize = 12;

/// Where rows and days stand.
struct Layout {
    days: Days,
    lanes: Lanes,
    /// The width of the column of names; nothing where they stand above their bars.
    names: Option<f64>,
    /// Where the first row begins, and how high each is.
    top: f64,
    pitch: f64,
    rows: usize,
}

impl Layout {
    fn new(timeline: &Timeline, width: f64, measure: Measure<'_>) -> Self {
        let is_wide = width >= WIDE;
        let names = is_wide.then(|| {
            let widths = timeline.tasks.iter().map(|task| measure(&task.title));
            let most = MOST_NAMES.min(width * 0.3);
            widths.fold(0.0, f64::max).ceil().min(most)
        });
        let days = Days::new(timeline, names.unwrap_or(0.0) + GAP, width - GAP);
        let lanes = Lanes::new(&timeline.milestones, timeline.as_of, &days, measure);
        let top = AXIS + lanes.height();
        Self {
            days,
            lanes,
            names,
            top,
            pitch: if is_wide { 30.0 } else { 44.0 },
            rows: timeline.tasks.len(),
        }
    }

    #[allow(clippy::cast_precision_loss)]
    fn row(&self, index: usize) -> f64 {
        self.top + self.pitch * index as f64
    }

    fn bottom(&self) -> f64 {
        self.row(self.rows)
    }

    fn height(&self) -> f64 {
        self.bottom() + if self.rows > HIGH { AXIS } else { 2.0 }
    }

    /// The bar of a task in its row.
    fn bar(&self, index: usize, task: &TimelineTask) -> Bar {
        let (left, right) = self.days.span(task.start, task.end);
        let middle = match self.names {
            Some(_) => self.pitch / 2.0,
            None => self.pitch - BAR / 2.0 - 6.0,
        };
        Bar {
            left: left.min(self.days.right - LEAST_BAR),
            right: right.max(left + LEAST_BAR).min(self.days.right),
            middle: self.row(index) + middle,
        }
    }
}

/// Where a bar stands.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bar {
    left: f64,
    right: f64,
    middle: f64,
}

/// Draws all of it at `width`, and tells how high that is and where its values are.
/// `None` where the canvas cannot be drawn on: the table tells the same.
pub fn paint(
    timeline: &Timeline,
    canvas: &HtmlCanvasElement,
    width: f64,
    ratio: f64,
) -> Option<(f64, Vec<Spot>)> {
    let brush = Brush::new(canvas, ratio)?;
    let measure = |text: &str| brush.width(text);
    let height = height(timeline, width, &measure).ceil();
    let size = Size { width, height };
    let spots = brush.paint(scene(timeline, size, &measure), size)?;
    Some((height, spots))
}

/// Saves it as a PNG. Where the browser does not let it, nothing happens.
pub fn save(timeline: &Timeline) {
    let _ = picture::save_as("timeline", timeline.as_of, &|measure| {
        let head = (msg::TIMELINE.text(), timeline.as_of, legend(timeline));
        let width = picture::WIDTH;
        let height = height(timeline, width, measure);
        let size = Size { width, height };
        picture::framed(&head, scene(timeline, size, measure), size, measure)
    });
}

/// How high the chart has to be at `width`.
fn height(timeline: &Timeline, width: f64, measure: Measure<'_>) -> f64 {
    Layout::new(timeline, width, measure).height()
}

/// Draws everything, at the height that [`height`] asks for.
fn scene(timeline: &Timeline, size: Size, measure: Measure<'_>) -> Scene {
    let layout = Layout::new(timeline, size.width, measure);
    let mut scene = Scene::new();
    let foot = (layout.rows > HIGH).then(|| layout.bottom() + AXIS / 2.0);
    let ends = (layout.top, layout.bottom());
    layout
        .days
        .draw(ends, foot, timeline.as_of, measure, &mut scene);
    for index in 0..=layout.rows {
        scene.rect((0.0, layout.row(index)), (size.width, 1.0), Ink::Grid);
    }
    layout
        .days
        .draw_today(timeline.as_of, ends, measure, &mut scene);
    layout.lanes.draw(&mut scene);

    let bars: Vec<Bar> = (0..)
        .zip(&timeline.tasks)
        .map(|(index, task)| layout.bar(index, task))
        .collect();
    arrows(&timeline.tasks, &bars, &mut scene);
    for (index, (task, bar)) in timeline.tasks.iter().zip(&bars).enumerate() {
        draw_bar(task, *bar, layout.days.today(timeline.as_of), &mut scene);
        let top = layout.row(index);
        let (room, middle) = match layout.names {
            Some(names) => (names, top + layout.pitch / 2.0),
            None => (size.width, top + 4.0 + LABEL_HEIGHT / 2.0),
        };
        let name = ellipsised(&task.title, room, measure);
        if layout.names.is_none() {
            // The line of today passes behind the name.
            let ground = ((measure(&name) + 4.0).min(room), LABEL_HEIGHT);
            scene.rect((0.0, middle - LABEL_HEIGHT / 2.0), ground, Ink::Surface);
        }
        scene.label(name, (0.0, middle), Ink::Text);
        scene.spots.push(Spot {
            x: 0.0,
            y: top,
            width: size.width,
            height: layout.pitch,
        });
    }
    scene
}

/// A bar with its corners cut. What is overdue goes on in dashes until today: a
/// shape, and not a colour alone.
fn draw_bar(task: &TimelineTask, bar: Bar, today: f64, scene: &mut Scene) {
    let (top, bottom) = (bar.middle - BAR / 2.0, bar.middle + BAR / 2.0);
    if task.is_overdue {
        let mut x = bar.right + 2.0;
        while x < today {
            let width = (today - x).min(4.0);
            scene.rect((x, bar.middle - 2.0), (width, 4.0), Ink::Overdue);
            x += 7.0;
        }
    }
    let (left, right) = (bar.left, bar.right);
    let cut = CORNER.min((right - left) / 2.0);
    let corners = vec![
        (left + cut, top),
        (right - cut, top),
        (right, top + cut),
        (right, bottom - cut),
        (right - cut, bottom),
        (left + cut, bottom),
        (left, bottom - cut),
        (left, top + cut),
    ];
    scene.area(corners, ink(task.status));
}

/// The same in words: the milestones, then the tasks.
pub fn twin(timeline: &Timeline) -> Twin {
    let milestones = timeline.milestones.iter().map(|milestone| {
        vec![
            milestone.name.clone(),
            format::listed(vec![msg::MILESTONE.text(), standing(milestone, timeline)]),
            nothing(),
            format::date(milestone.due),
            nothing(),
        ]
    });
    let tasks = timeline.tasks.iter().map(|task| {
        let mut status = vec![words::status(task.status).text()];
        if task.is_overdue {
            status.push(msg::OVERDUE.text());
        }
        vec![
            task.title.clone(),
            format::listed(status),
            format::date(task.start),
            format::date(task.end),
            waits_for(task, timeline),
        ]
    });
    Twin {
        head: vec![
            msg::COLUMN_TASK,
            msg::COLUMN_STATUS,
            msg::COLUMN_START,
            msg::COLUMN_END,
            msg::COLUMN_DEPENDS_ON,
        ],
        rows: milestones.chain(tasks).collect(),
    }
}

fn nothing() -> String {
    "–".to_owned()
}

/// Whether a milestone was reached, or should have been.
pub fn standing(milestone: &Milestone, timeline: &Timeline) -> String {
    let day = milestone.reached.unwrap_or(milestone.due);
    match Standing::of(milestone, timeline.as_of) {
        Standing::Reached => msg::REACHED_ON.with([format::date(day)]),
        Standing::Late => msg::OVERDUE.text(),
        Standing::Ahead => msg::DUE_ON.with([format::date(day)]),
    }
}

/// The titles of what a task waits for, in the order of the bars; and how many of
/// them are not on the page.
fn waits_for(task: &TimelineTask, timeline: &Timeline) -> String {
    let is_before = |other: &&TimelineTask| task.depends_on.contains(&other.id);
    let before = timeline.tasks.iter().filter(is_before);
    let mut titles: Vec<String> = before.map(|task| task.title.clone()).collect();
    // A task that moved between two pages may be on both.
    let elsewhere = task.depends_on.len().saturating_sub(titles.len());
    if elsewhere > 0 {
        titles.push(msg::NOT_SHOWN.with([elsewhere as u64]));
    }
    if titles.is_empty() {
        return nothing();
    }
    format::listed(titles)
}

/// What the colours are, as far as there are any; and what goes on in dashes.
pub fn legend(timeline: &Timeline) -> Vec<Series> {
    let is_there = |status: &TaskStatus| timeline.tasks.iter().any(|task| task.status == *status);
    let statuses = TaskStatus::ALL.into_iter().filter(is_there);
    let mut legend: Vec<Series> = statuses
        .map(|status| Series {
            ink: ink(status),
            hue: status.as_str(),
            name: words::status(status).text(),
        })
        .collect();
    if timeline.tasks.iter().any(|task| task.is_overdue) {
        legend.push(Series {
            ink: Ink::Overdue,
            hue: "overdue",
            name: msg::OVERDUE.text(),
        });
    }
    legend
}

/// What a reader who cannot see the bars is told first.
pub fn summary(timeline: &Timeline) -> String {
    let (from, to) = days::ends(timeline);
    msg::TIMELINE_SUMMARY.with::<Argument>([
        format::date(from).into(),
        format::date(to).into(),
        timeline.total.into(),
        (timeline.milestones.len() as u64).into(),
    ])
}

#[cfg(test)]
#[path = "tests.rs"]
pub mod tests;
