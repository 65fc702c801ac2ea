//! From scene to canvas, by plotters, in device pixels: that is what makes it
//! sharp at any pixel ratio.

use std::cell::RefCell;

use oriel_contract::Dashboard;
use plotters::{
    drawing::IntoDrawingArea,
    element::{PathElement, Polygon, Rectangle, Text},
    style::{
        FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle,
        text_anchor::{HPos, Pos, VPos},
    },
};
use plotters_backend::BackendColor;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, HtmlCanvasElement};

use super::{
    Chart,
    backend::{self, MeasuringBackend},
    explore::Spot,
    palette,
    scene::{Align, Ink, LABEL_SIZE, Scene, Shape, Size, TITLE_SIZE},
};

/// Draws `chart` over the whole canvas, whose size on the page is `size`, at
/// `ratio` device pixels per CSS pixel, and tells where its values are. A canvas
/// that cannot be drawn on stays empty: the table beside it tells the same.
pub fn paint(
    chart: Chart,
    dashboard: &Dashboard,
    canvas: &HtmlCanvasElement,
    size: Size,
    ratio: f64,
) -> Vec<Spot> {
    let Some(brush) = Brush::new(canvas, ratio) else {
        return Vec::new();
    };
    let scene = chart.scene(dashboard, size, &|text| brush.width(text));
    brush.paint(scene, size).unwrap_or_default()
}

/// What draws on one canvas, in the colours and the font that hold where it stands.
pub struct Brush {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    style: CssStyleDeclaration,
    family: String,
    ratio: f64,
    /// Colours that have been looked up: each is asked for by many shapes.
    colors: RefCell<Vec<(Ink, BackendColor)>>,
}

type Area = plotters::drawing::DrawingArea<MeasuringBackend, plotters::coord::Shift>;

impl Brush {
    /// `None` where the browser gives no 2D context.
    pub fn new(canvas: &HtmlCanvasElement, ratio: f64) -> Option<Self> {
        let style = web_sys::window()?.get_computed_style(canvas).ok()??;
        let family = style.get_property_value("font-family").ok()?;
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        // Measured at the size that is drawn: hinting makes text not quite scale.
        context.set_font(&backend::font(LABEL_SIZE * ratio, &family));
        Some(Self {
            canvas: canvas.clone(),
            context,
            style,
            family,
            ratio,
            colors: RefCell::default(),
        })
    }

    /// The width of a label, in CSS pixels.
    pub fn width(&self, text: &str) -> f64 {
        backend::width(&self.context, text) / self.ratio
    }

    /// Makes the canvas as large as `size`, draws all of `scene` and tells where
    /// its values are. In a document that is read from right to left, so is it.
    pub fn paint(&self, mut scene: Scene, size: Size) -> Option<Vec<Spot>> {
        if self.style.get_property_value("direction").ok()? == "rtl" {
            scene = scene.mirrored(size.width);
        }
        // Setting either also clears the canvas.
        self.canvas
            .set_width(self.device(size.width).max(1).unsigned_abs());
        self.canvas
            .set_height(self.device(size.height).max(1).unsigned_abs());
        let area = MeasuringBackend::new(self.canvas.clone())?.into_drawing_area();
        for shape in &scene.shapes {
            self.draw(shape, &area)?;
        }
        Some(scene.spots)
    }

    fn draw(&self, shape: &Shape, area: &Area) -> Option<()> {
        match shape {
            Shape::Rect {
                x,
                y,
                width,
                height,
                ink,
            } => {
                // Sizes are rounded for themselves: bars of one width stay so.
                let (left, top) = self.at(*x, *y);
                let right = left + self.device(*width).max(1);
                let bottom = top + self.device(*height).max(1);
                let corners = [(left, top), (right, bottom)];
                area.draw(&Rectangle::new(corners, self.filled(*ink))).ok()
            }
            Shape::Rule { y, from, to, ink } => {
                let (left, top) = self.at(*from, *y);
                let (right, _) = self.at(*to, *y);
                let hairline = self.device(1.0).max(1);
                let corners = [(left, top), (right, top + hairline)];
                area.draw(&Rectangle::new(corners, self.filled(*ink))).ok()
            }
            Shape::Path { points, width, ink } => {
                let mut style = self.filled(*ink);
                style.stroke_width = self.device(*width).max(1).unsigned_abs();
                area.draw(&PathElement::new(self.all(points), style)).ok()
            }
            Shape::Area { points, ink } => {
                let polygon = Polygon::new(self.all(points), self.filled(*ink));
                area.draw(&polygon).ok()
            }
            Shape::Label {
                text,
                x,
                y,
                align,
                ink,
            } => {
                let side = match align {
                    Align::Left => HPos::Left,
                    Align::Right => HPos::Right,
                };
                self.write(text, self.at(*x, *y), side, (LABEL_SIZE, *ink), area)
            }
            Shape::Title { text, x, y } => {
                let place = self.at(*x, *y);
                self.write(text, place, HPos::Left, (TITLE_SIZE, Ink::Text), area)
            }
        }
    }

    fn write(
        &self,
        text: &str,
        place: (i32, i32),
        end: HPos,
        (size, ink): (f64, Ink),
        area: &Area,
    ) -> Option<()> {
        let style = TextStyle {
            font: FontDesc::new(
                FontFamily::Name(&self.family),
                size * self.ratio,
                FontStyle::Normal,
            ),
            color: self.color(ink),
            pos: Pos::new(end, VPos::Center),
        };
        area.draw(&Text::new(text, place, style)).ok()
    }

    #[allow(clippy::cast_possible_truncation)]
    fn device(&self, length: f64) -> i32 {
        (length * self.ratio).round() as i32
    }

    fn at(&self, x: f64, y: f64) -> (i32, i32) {
        (self.device(x), self.device(y))
    }

    fn all(&self, points: &[(f64, f64)]) -> Vec<(i32, i32)> {
        points.iter().map(|(x, y)| self.at(*x, *y)).collect()
    }

    fn color(&self, ink: Ink) -> BackendColor {
        let mut colors = self.colors.borrow_mut();
        if let Some((_, color)) = colors.iter().find(|(known, _)| *known == ink) {
            return *color;
        }
        let value = self.style.get_property_value(ink.property());
        let color = palette::rgb(&value.unwrap_or_default());
        colors.push((ink, color));
        color
    }

    fn filled(&self, ink: Ink) -> ShapeStyle {
        let (red, green, blue) = self.color(ink).rgb;
        ShapeStyle::from(RGBColor(red, green, blue)).filled()
    }
}
