//! Open tasks per person, the overdue ones apart.

use oriel_contract::Dashboard;

use super::{
    Series, Twin,
    explore::Spot,
    scene::{Ink, LABEL_HEIGHT, Measure, Scene, Size},
    text::ellipsised,
};
use crate::{
    format,
    messages::{Argument, msg},
};

/// What one person takes, in CSS pixels.
pub const ROW: f64 = 28.0;
/// The height of a bar.
const BAR: f64 = 12.0;
/// Room between name, bar and number.
const GAP: f64 = 12.0;

struct Row {
    name: String,
    open: u64,
    overdue: u64,
}

fn rows(dashboard: &Dashboard) -> Vec<Row> {
    let workload = &dashboard.workload;
    let people = workload.people.iter().map(|person| Row {
        name: match &person.user {
            Some(user) => user.name.clone(),
            None => msg::UNASSIGNED.text(),
        },
        open: person.open,
        overdue: person.overdue,
    });
    let others = workload.others.iter().map(|others| Row {
        name: msg::WORKLOAD_OTHERS.with([others.people]),
        open: others.open,
        overdue: others.overdue,
    });
    people.chain(others).collect()
}

/// How high the chart must be, in rows; at least one.
pub fn row_count(dashboard: &Dashboard) -> usize {
    rows(dashboard).len().max(1)
}

/// Draws a name, a bar and a number per person.
#[allow(clippy::cast_precision_loss)]
pub fn scene(dashboard: &Dashboard, size: Size, measure: Measure<'_>) -> Scene {
    let rows = rows(dashboard);
    let most = rows.iter().map(|row| row.open).max().unwrap_or(0).max(1);
    let widest = |texts: &mut dyn Iterator<Item = f64>| texts.fold(0.0, f64::max).ceil();
    let numbers: Vec<String> = rows.iter().map(number).collect();
    let number_room = widest(&mut numbers.iter().map(|text| measure(text)));
    let name_room = widest(&mut rows.iter().map(|row| measure(&row.name))).min(size.width * 0.34);
    let left = name_room + GAP;
    let room = (size.width - left - GAP - number_room).max(1.0);
    // Fewer people than the panel has room for stand together at its top.
    let pitch = (size.height / rows.len().max(1) as f64).clamp(LABEL_HEIGHT, ROW);

    let mut scene = Scene::new();
    for (index, (row, number)) in rows.iter().zip(numbers).enumerate() {
        let y = pitch * (index as f64 + 0.5);
        scene.spots.push(Spot {
            x: 0.0,
            y: y - pitch / 2.0,
            width: size.width,
            height: pitch,
        });
        let unit = room / most as f64;
        let overdue = unit * row.overdue as f64;
        let open = unit * row.open as f64;
        let mut bar = |x: f64, width: f64, ink| {
            scene.rect((left + x, y - BAR / 2.0), (width, BAR), ink);
        };
        if row.overdue > 0 {
            bar(0.0, overdue.max(1.0), Ink::Overdue);
        }
        if row.open > row.overdue {
            // A hairline of the ground keeps the two apart without their hues.
            let from = if row.overdue > 0 { overdue + 1.0 } else { 0.0 };
            bar(from, (open - from).max(1.0), Ink::Accent);
        }
        let name = ellipsised(&row.name, name_room, measure);
        scene.label(name, (0.0, y), Ink::Text);
        scene.label(number, (left + open.max(1.0) + 8.0, y), Ink::Muted);
    }
    scene
}

fn number(row: &Row) -> String {
    if row.overdue == 0 {
        return format::grouped(row.open);
    }
    msg::WORKLOAD_NUMBER.with([row.open, row.overdue])
}

/// The same in numbers.
pub fn twin(dashboard: &Dashboard) -> Twin {
    Twin {
        head: vec![msg::COLUMN_PERSON, msg::COLUMN_OPEN, msg::COLUMN_OVERDUE],
        rows: rows(dashboard)
            .into_iter()
            .map(|row| {
                vec![
                    row.name,
                    format::grouped(row.open),
                    format::grouped(row.overdue),
                ]
            })
            .collect(),
    }
}

/// What the parts of a bar are.
pub fn legend() -> Vec<Series> {
    [
        (Ink::Overdue, "overdue", msg::SERIES_OVERDUE),
        (Ink::Accent, "open", msg::SERIES_OPEN),
    ]
    .map(|(ink, hue, name)| Series {
        ink,
        hue,
        name: name.text(),
    })
    .into()
}

/// What a reader who cannot see the bars is told first.
pub fn summary(dashboard: &Dashboard) -> String {
    let rows = rows(dashboard);
    let Some(first) = rows.first() else {
        return msg::WORKLOAD_NONE.text();
    };
    msg::WORKLOAD_SUMMARY.with::<Argument>([
        (rows.len() as u64).into(),
        first.name.as_str().into(),
        first.open.into(),
        first.overdue.into(),
    ])
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
    #[allow(clippy::cast_precision_loss)]
    fn labels_are_whole_at_every_width() {
        assert_labels_are_whole_from(
            260,
            ROW * row_count(&dashboard()) as f64,
            |size, measure| scene(&dashboard(), size, measure),
        );
    }

    #[test]
    fn those_without_a_name_and_those_left_over_are_there() {
        let names: Vec<String> = rows(&dashboard()).into_iter().map(|row| row.name).collect();
        assert_eq!(names[1], "Unassigned");
        assert_eq!(names[3], "5 others");
    }

    #[test]
    fn a_long_name_ends_in_an_ellipsis() {
        let size = Size {
            width: 300.0,
            height: 120.0,
        };
        let scene = scene(&dashboard(), size, &seven);
        let is_cut = |shape: &Shape| matches!(shape, Shape::Label { text, .. } if text.starts_with("Maxi") && text.ends_with('…'));
        assert!(scene.shapes.iter().any(is_cut));
    }
}
