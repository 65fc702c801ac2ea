//! What a chart consists of, before anything is drawn: shapes in CSS pixels and
//! the role of their colour, and where each value is found. Knows neither canvas
//! nor theme, so that where things stand can be tested anywhere.

use super::explore::Spot;

/// Size of a label, in CSS pixels.
pub const LABEL_SIZE: f64 = 12.0;
/// Size of a [`Shape::Title`], in CSS pixels.
pub const TITLE_SIZE: f64 = 16.0;
/// What a line of labels takes, in CSS pixels.
pub const LABEL_HEIGHT: f64 = 16.0;

/// Width of a text at [`LABEL_SIZE`], in CSS pixels.
pub type Measure<'a> = &'a dyn Fn(&str) -> f64;

/// The role of a colour; the theme says which one it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// The ground that the chart stands on.
    Surface,
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

/// Which end of a label stands at its `x`, where reading goes from left to right.
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
    /// The heading of a picture, larger than a label; `y` is its middle.
    Title {
        text: String,
        x: f64,
        y: f64,
    },
}

impl Shape {
    /// Moves it by `across` and `down`; turned round in a width when `mirror`ed.
    fn moved(&mut self, across: f64, down: f64, mirror: Option<f64>) {
        let flip = |x: f64, width: f64| mirror.map_or(x, |room| room - x - width) + across;
        match self {
            Self::Rect { x, y, width, .. } => (*x, *y) = (flip(*x, *width), *y + down),
            Self::Rule { y, from, to, .. } => {
                let width = *to - *from;
                *from = flip(*from, width);
                (*to, *y) = (*from + width, *y + down);
            }
            Self::Path { points, .. } | Self::Area { points, .. } => {
                for (x, y) in points {
                    (*x, *y) = (flip(*x, 0.0), *y + down);
                }
            }
            Self::Label { x, y, .. } | Self::Title { x, y, .. } => {
                (*x, *y) = (flip(*x, 0.0), *y + down);
            }
        }
    }
}

/// A place to draw on, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    pub width: f64,
    pub height: f64,
}

/// Everything of one chart.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scene {
    /// What is drawn, first what lies beneath.
    pub shapes: Vec<Shape>,
    /// Where each value is found: point after point, in the order of the rows of
    /// the chart's table, and series after series within a point.
    pub spots: Vec<Spot>,
}

impl Scene {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a shape on top of the others.
    pub fn push(&mut self, shape: Shape) {
        self.shapes.push(shape);
    }

    /// Adds a filled box.
    pub fn rect(&mut self, at: (f64, f64), size: (f64, f64), ink: Ink) {
        let ((x, y), (width, height)) = (at, size);
        self.push(Shape::Rect {
            x,
            y,
            width,
            height,
            ink,
        });
    }

    /// Adds a line.
    pub fn path(&mut self, points: Vec<(f64, f64)>, width: f64, ink: Ink) {
        self.push(Shape::Path { points, width, ink });
    }

    /// Adds a filled outline.
    pub fn area(&mut self, points: Vec<(f64, f64)>, ink: Ink) {
        self.push(Shape::Area { points, ink });
    }

    /// Adds a label that begins at `at`; the height is that of its middle.
    pub fn label(&mut self, text: String, at: (f64, f64), ink: Ink) {
        let ((x, y), align) = (at, Align::Left);
        self.push(Shape::Label {
            text,
            x,
            y,
            align,
            ink,
        });
    }

    /// The scene for those who read from right to left. Labels keep their
    /// [`Align`]: a canvas in such a document turns that round by itself.
    pub fn mirrored(mut self, width: f64) -> Self {
        for shape in &mut self.shapes {
            shape.moved(0.0, 0.0, Some(width));
        }
        for spot in &mut self.spots {
            spot.x = width - spot.x - spot.width;
        }
        self
    }

    /// The shapes further to the right and further down.
    pub fn shifted(mut self, across: f64, down: f64) -> Vec<Shape> {
        for shape in &mut self.shapes {
            shape.moved(across, down, None);
        }
        self.shapes
    }
}

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
        let shapes = scene.shapes.iter();
        shapes
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
