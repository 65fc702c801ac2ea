//! The drawing backend: a canvas and its context.
//!
//! Plotters has one in a crate of its own, but measures text in a browser with an
//! element that has an inline style, which the frame's `style-src` forbids.
//! Here the context measures, and what it measures is what it draws. What the
//! charts never draw is left to plotters, out of the pixels and lines below.

use std::convert::Infallible;

use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    text_anchor::{HPos, VPos},
};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

type Outcome<T = ()> = Result<T, DrawingErrorKind<Infallible>>;

/// A canvas to draw on, in device pixels.
pub struct MeasuringBackend {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

impl MeasuringBackend {
    /// `None` where the browser gives no 2D context.
    pub fn new(canvas: HtmlCanvasElement) -> Option<Self> {
        let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Self { canvas, context })
    }

    fn fill_with(&self, color: BackendColor) {
        self.context.set_fill_style_str(&css(color));
    }

    fn stroke_with<S: BackendStyle>(&self, style: &S) {
        self.context.set_stroke_style_str(&css(style.color()));
        self.context.set_line_width(style.stroke_width().into());
    }

    fn trace(&self, path: impl IntoIterator<Item = BackendCoord>) {
        self.context.begin_path();
        // The first line of a path goes nowhere: it only starts it.
        for (x, y) in path {
            self.context.line_to(x.into(), y.into());
        }
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

/// What a canvas takes as a colour. All of ours are opaque.
fn css(color: BackendColor) -> String {
    let (red, green, blue) = color.rgb;
    let [red, green, blue] = [red, green, blue].map(|channel| channel.to_string());
    ["rgb(", &red, ",", &green, ",", &blue, ")"].concat()
}

impl DrawingBackend for MeasuringBackend {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.canvas.width(), self.canvas.height())
    }

    fn ensure_prepared(&mut self) -> Outcome {
        Ok(())
    }

    fn present(&mut self) -> Outcome {
        Ok(())
    }

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

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Outcome {
        self.fill_with(color);
        self.context.fill_rect(x.into(), y.into(), 1.0, 1.0);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Outcome {
        let (width, height) = (f64::from(right - left), f64::from(bottom - top));
        if fill {
            self.fill_with(style.color());
            self.context
                .fill_rect(left.into(), top.into(), width, height);
        } else {
            self.stroke_with(style);
            self.context
                .stroke_rect(left.into(), top.into(), width, height);
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Outcome {
        self.stroke_with(style);
        self.trace(path);
        self.context.stroke();
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Outcome {
        self.fill_with(style.color());
        self.trace(path);
        self.context.fill();
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        (x, y): BackendCoord,
    ) -> Outcome {
        let anchor = style.anchor();
        // Start and end, and not left and right: a canvas reads as its document does.
        self.context.set_text_align(match anchor.h_pos {
            HPos::Left => "start",
            HPos::Right => "end",
            HPos::Center => "center",
        });
        self.context.set_text_baseline(match anchor.v_pos {
            VPos::Top => "top",
            VPos::Center => "middle",
            VPos::Bottom => "bottom",
        });
        self.fill_with(style.color());
        self.context
            .set_font(&font(style.size(), style.family().as_str()));
        let _ = self.context.fill_text(text, x.into(), y.into());
        Ok(())
    }
}
