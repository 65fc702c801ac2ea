//! From scene to canvas, by plotters, in device pixels: that is what makes it
//! sharp at any pixel ratio.

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
    palette,
    scene::{Align, Ink, LABEL_SIZE, Shape, Size},
};

type Area = plotters::drawing::DrawingArea<MeasuringBackend, plotters::coord::Shift>;

/// Draws `chart` over the whole canvas, whose size on the page is `size`, at
/// `ratio` device pixels per CSS pixel. A canvas that cannot be drawn on stays
/// empty: the table beside it tells the same.
pub fn paint(
    chart: Chart,
    dashboard: &Dashboard,
    canvas: &HtmlCanvasElement,
    size: Size,
    ratio: f64,
) {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let pixels = |length: f64| (length * ratio).round().max(1.0) as u32;
    // Setting either also clears the canvas.
    canvas.set_width(pixels(size.width));
    canvas.set_height(pixels(size.height));
    let _ = try_paint(chart, dashboard, canvas, size, ratio);
}

fn try_paint(
    chart: Chart,
    dashboard: &Dashboard,
    canvas: &HtmlCanvasElement,
    size: Size,
    ratio: f64,
) -> Option<()> {
    let style = web_sys::window()?.get_computed_style(canvas).ok()??;
    let family = style.get_property_value("font-family").ok()?;
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    // Measured at the size that is drawn: hinting makes text not quite scale.
    context.set_font(&backend::font(LABEL_SIZE * ratio, &family));
    let measure = |text: &str| backend::width(&context, text) / ratio;
    let scene = chart.scene(dashboard, size, &measure);
    let brush = Brush {
        area: MeasuringBackend::new(canvas.clone())?.into_drawing_area(),
        style,
        family,
        ratio,
    };
    for shape in &scene {
        brush.draw(shape)?;
    }
    Some(())
}

struct Brush {
    area: Area,
    style: CssStyleDeclaration,
    family: String,
    ratio: f64,
}

impl Brush {
    fn draw(&self, shape: &Shape) -> Option<()> {
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
                let rectangle = Rectangle::new(corners, self.filled(*ink));
                self.area.draw(&rectangle).ok()
            }
            Shape::Rule { y, from, to, ink } => {
                let (left, top) = self.at(*from, *y);
                let (right, _) = self.at(*to, *y);
                let hairline = self.device(1.0).max(1);
                let corners = [(left, top), (right, top + hairline)];
                let rectangle = Rectangle::new(corners, self.filled(*ink));
                self.area.draw(&rectangle).ok()
            }
            Shape::Path { points, width, ink } => {
                let mut style = self.filled(*ink);
                style.stroke_width = self.device(*width).max(1).unsigned_abs();
                let path = PathElement::new(self.all(points), style);
                self.area.draw(&path).ok()
            }
            Shape::Area { points, ink } => {
                let polygon = Polygon::new(self.all(points), self.filled(*ink));
                self.area.draw(&polygon).ok()
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
                let style = TextStyle {
                    font: FontDesc::new(
                        FontFamily::Name(&self.family),
                        LABEL_SIZE * self.ratio,
                        FontStyle::Normal,
                    ),
                    color: self.color(*ink),
                    pos: Pos::new(side, VPos::Center),
                };
                let label = Text::new(text.as_str(), self.at(*x, *y), style);
                self.area.draw(&label).ok()
            }
        }
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
        let value = self.style.get_property_value(ink.property());
        palette::hex(&value.unwrap_or_default())
    }

    fn filled(&self, ink: Ink) -> ShapeStyle {
        let (red, green, blue) = self.color(ink).rgb;
        ShapeStyle::from(RGBColor(red, green, blue)).filled()
    }
}
