//! What a chart consists of, before anything is drawn: shapes in CSS pixels and
//! the role of their colour. Knows neither canvas nor theme, so that where
//! things stand can be tested anywhere.

/// Size of a label, in CSS pixels.
pub const LABEL_SIZE: f64 = 12.0;
/// What a line of labels takes, in CSS pixels.
pub const LABEL_HEIGHT: f64 = 16.0;

/// Width of a text at [`LABEL_SIZE`], in CSS pixels.
pub type Measure<'a> = &'a dyn Fn(&str) -> f64;

/// The role of a colour; the theme says which one it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    Text,
    Muted,
    Grid,
    Axis,
    Accent,
    AccentSoft,
    Scope,
    Overdue,
    Todo,
    InProgress,
    Blocked,
    Done,
    Cancelled,
}

/// Which end of a label stands at its `x`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// A thing to draw.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    Rect {
        x: f64,
        y: f64,
        width: f64,
        height: f64,
        ink: Ink,
    },
    /// A hairline from left to right.
    Rule {
        y: f64,
        from: f64,
        to: f64,
        ink: Ink,
    },
    Path {
        points: Vec<(f64, f64)>,
        width: f64,
        ink: Ink,
    },
    Area {
        points: Vec<(f64, f64)>,
        ink: Ink,
    },
    /// A line of text; `y` is its middle.
    Label {
        text: String,
        x: f64,
        y: f64,
        align: Align,
        ink: Ink,
    },
}

/// A place to draw on, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    pub width: f64,
    pub height: f64,
}

/// Everything of one chart, first what lies beneath.
pub type Scene = Vec<Shape>;

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A stand-in for a font: every character is 7 px wide.
    #[allow(clippy::cast_precision_loss)]
    pub fn seven(text: &str) -> f64 {
        text.chars().count() as f64 * 7.0
    }

    /// The box of every label: left, top, right, bottom.
    fn boxes(scene: &Scene) -> Vec<(String, [f64; 4])> {
        scene
            .iter()
            .filter_map(|shape| {
                let Shape::Label {
                    text, x, y, align, ..
                } = shape
                else {
                    return None;
                };
                let width = seven(text);
                let left = if *align == Align::Left { *x } else { x - width };
                Some((text.clone(), [left, y - 6.0, left + width, y + 6.0]))
            })
            .collect()
    }

    /// Fails where a label is cut by the edge or lies over another one.
    pub fn assert_labels_are_whole(scene: &Scene, size: Size) {
        let boxes = boxes(scene);
        for (index, (text, [left, top, right, bottom])) in boxes.iter().enumerate() {
            assert!(
                *left >= 0.0 && *top >= 0.0 && *right <= size.width && *bottom <= size.height,
                "{text} is cut at {size:?}"
            );
            for (other, [l, t, r, b]) in &boxes[index + 1..] {
                assert!(
                    right <= l || r <= left || bottom <= t || b <= top,
                    "{text} lies over {other} at {size:?}"
                );
            }
        }
    }

    /// The same at every width from `least` on, in a box of that height.
    pub fn assert_labels_are_whole_from(
        least: u32,
        height: f64,
        draw: impl Fn(Size, Measure<'_>) -> Scene,
    ) {
        for width in least..1_200 {
            let size = Size {
                width: f64::from(width),
                height,
            };
            assert_labels_are_whole(&draw(size, &seven), size);
        }
    }
}
