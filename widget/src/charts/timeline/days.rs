//! The axis: which days there are, and where each stands.

use jiff::civil::Date;
use oriel_contract::{Timeline, civil_from_days, days_from_civil};

use super::AXIS;
use crate::{
    charts::scene::{Ink, Measure, Scene},
    format,
    messages::msg,
};

/// Room between two dates.
const GAP: f64 = 14.0;

/// The first and the last day: all that the server says, today and every milestone.
pub fn ends(timeline: &Timeline) -> (Date, Date) {
    let dues = || timeline.milestones.iter().map(|milestone| milestone.due);
    let last = timeline.tasks.iter().map(|task| task.end).max();
    (
        timeline.from.min(timeline.as_of),
        dues()
            .chain(last)
            .fold(timeline.to.max(timeline.as_of), Date::max),
    )
}

/// Days from left to right.
pub struct Days {
    first: i64,
    /// One more than the last: where that day ends.
    end: i64,
    pub left: f64,
    pub right: f64,
}

impl Days {
    pub fn new(timeline: &Timeline, left: f64, right: f64) -> Self {
        let (first, last) = ends(timeline);
        Self {
            first: days_from_civil(first),
            end: days_from_civil(last) + 1,
            left,
            right: right.max(left + 1.0),
        }
    }

    /// Where a day begins. What lies before the first stands at its edge.
    #[allow(clippy::cast_precision_loss)]
    fn x(&self, day: i64) -> f64 {
        let share = (day - self.first) as f64 / (self.end - self.first) as f64;
        self.left + (self.right - self.left) * share.clamp(0.0, 1.0)
    }

    /// The edges of a span of days, the last of them included.
    pub fn span(&self, from: Date, to: Date) -> (f64, f64) {
        let (from, to) = (days_from_civil(from), days_from_civil(to));
        (self.x(from), self.x(to + 1))
    }

    /// The middle of a day.
    pub fn middle(&self, day: Date) -> f64 {
        let (from, to) = self.span(day, day);
        from.midpoint(to)
    }

    /// Where the line of today is.
    pub fn today(&self, as_of: Date) -> f64 {
        self.middle(as_of)
    }

    /// Draws a line and a date for days, months or years: above the rows, which are
    /// between `ends`, and below them where that is asked for. Today goes first.
    pub fn draw(
        &self,
        (top, bottom): (f64, f64),
        foot: Option<f64>,
        as_of: Date,
        measure: Measure<'_>,
        scene: &mut Scene,
    ) {
        let today = self.today_label(as_of, measure);
        for (x, text) in self.dates(measure) {
            scene.rect((x, AXIS), (1.0, bottom - AXIS), Ink::Grid);
            let width = measure(&text);
            let is_free = x + width + GAP <= today.0 || today.1 + GAP <= x;
            if is_free {
                scene.label(text.clone(), (x, AXIS / 2.0), Ink::Muted);
            }
            if let Some(foot) = foot {
                scene.label(text, (x, foot), Ink::Muted);
            }
        }
        scene.rect((0.0, top), (self.right, 1.0), Ink::Grid);
    }

    /// Draws the line of today over the rows, and what it is above them.
    pub fn draw_today(
        &self,
        as_of: Date,
        (_, bottom): (f64, f64),
        measure: Measure<'_>,
        scene: &mut Scene,
    ) {
        let x = self.today(as_of);
        scene.rect(
            (x - 1.0, AXIS - 2.0),
            (2.0, bottom - AXIS + 2.0),
            Ink::Accent,
        );
        let (left, _) = self.today_label(as_of, measure);
        scene.label(msg::TODAY.text(), (left, AXIS / 2.0), Ink::Text);
    }

    /// The edges of the word for today, over its line.
    fn today_label(&self, as_of: Date, measure: Measure<'_>) -> (f64, f64) {
        let width = measure(&msg::TODAY.text());
        let left = self.today(as_of) - width / 2.0;
        let left = left.min(self.right - width).max(self.left);
        (left, left + width)
    }

    /// As many dates as stand beside each other, each at the day that it names.
    fn dates(&self, measure: Measure<'_>) -> Vec<(f64, String)> {
        let (days, write) = self.named();
        let placed = |stride: usize| {
            let mut free_from = self.left;
            let mut dates = Vec::new();
            for day in days.iter().step_by(stride) {
                let (x, text) = (self.x(*day), write(civil_from_days(*day)?));
                if x < free_from {
                    return None;
                }
                free_from = x + measure(&text) + GAP;
                // The last may have no room beside the edge.
                if free_from - GAP <= self.right {
                    dates.push((x, text));
                }
            }
            Some(dates)
        };
        (1..=days.len()).find_map(placed).unwrap_or_default()
    }

    /// The days that may be named, and how: weeks, months or years, as the span asks.
    fn named(&self) -> (Vec<i64>, fn(Date) -> String) {
        let span = self.end - self.first;
        let all = self.first..self.end;
        let starts = |is_start: fn(Date) -> bool| {
            let is_start = |day: &i64| civil_from_days(*day).is_some_and(is_start);
            all.clone().filter(is_start).collect()
        };
        if span <= 21 {
            return (all.collect(), format::day_and_month);
        }
        if span <= 190 {
            // 1 January 1970 was a Thursday.
            let mondays = all.filter(|day| (day + 3).rem_euclid(7) == 0);
            return (mondays.collect(), format::day_and_month);
        }
        if span <= 366 * 3 {
            return (starts(|day| day.day() == 1), format::month_and_year);
        }
        (starts(|day| day.day_of_year() == 1), format::year)
    }
}
