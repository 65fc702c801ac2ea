//! How the screen shows things: its pixel ratio and colour scheme.

use gloo::events::EventListener;
use yew::prelude::*;

/// What a canvas must be drawn anew for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Screen {
    /// Device pixels per CSS pixel.
    pub ratio: f64,
    pub dark: bool,
}

const DARK: &str = "(prefers-color-scheme: dark)";

fn current() -> Screen {
    let window = web_sys::window();
    let ratio = window
        .as_ref()
        .map_or(1.0, web_sys::Window::device_pixel_ratio);
    let scheme = window.and_then(|window| window.match_media(DARK).ok().flatten());
    Screen {
        ratio,
        dark: scheme.is_some_and(|scheme| scheme.matches()),
    }
}

/// The screen as it is now: zooming, another monitor and another colour scheme
/// render anew.
#[hook]
pub fn use_screen() -> Screen {
    let screen = use_state_eq(current);
    let setter = screen.setter();
    // A query for one ratio only tells that this one no longer holds, so the
    // listeners are set up again with each change.
    use_effect_with(*screen, move |screen| {
        let ratio = js_sys::Number::from(screen.ratio).to_string_with_radix(10);
        let ratio =
            "(resolution: ".to_owned() + &ratio.map(String::from).unwrap_or_default() + "dppx)";
        let listeners = [DARK, &ratio].map(|query| {
            let list = web_sys::window()?.match_media(query).ok()??;
            let setter = setter.clone();
            Some(EventListener::new(&list, "change", move |_| {
                setter.set(current());
            }))
        });
        move || drop(listeners)
    });
    *screen
}
