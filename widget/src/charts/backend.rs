//! The drawing backend: plotters' canvas one, but for measuring text.
//!
//! Plotters measures text in a browser with an element that has an inline style,
//! which the frame's `style-src 'self'` forbids. The canvas context measures
//! without one, and what it measures is what it draws.

use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

type Outcome<T> = Result<T, DrawingErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>>;

/// A canvas to draw on, in device pixels.
pub struct MeasuringBackend {
    canvas: CanvasBackend,
    context: CanvasRenderingContext2d,
}

impl MeasuringBackend {
    /// `None` where the browser gives no 2D context.
    pub fn new(canvas: HtmlCanvasElement) -> Option<Self> {
        let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Self {
            context,
            canvas: CanvasBackend::with_canvas_object(canvas)?,
        })
    }
}

/// Width of `text` in the context's current font.
pub fn width(context: &CanvasRenderingContext2d, text: &str) -> f64 {
    context
        .measure_text(text)
        .map_or(0.0, |metrics| metrics.width())
}

/// What a canvas takes as its font.
pub fn font(size: f64, family: &str) -> String {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let size = size.round() as u32;
    size.to_string() + "px " + family
}

impl DrawingBackend for MeasuringBackend {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Outcome<(u32, u32)> {
        self.context
            .set_font(&font(style.size(), style.family().as_str()));
        let width = width(&self.context, text).ceil() as u32;
        Ok((width, style.size().ceil() as u32))
    }

    fn get_size(&self) -> (u32, u32) {
        self.canvas.get_size()
    }

    fn ensure_prepared(&mut self) -> Outcome<()> {
        self.canvas.ensure_prepared()
    }

    fn present(&mut self) -> Outcome<()> {
        self.canvas.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Outcome<()> {
        self.canvas.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Outcome<()> {
        self.canvas.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Outcome<()> {
        self.canvas.draw_rect(upper_left, bottom_right, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Outcome<()> {
        self.canvas.draw_path(path, style)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Outcome<()> {
        self.canvas.fill_polygon(path, style)
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        at: BackendCoord,
    ) -> Outcome<()> {
        self.canvas.draw_text(text, style, at)
    }
}
