//! How the screen shows things: its pixel ratio, and when its colours change.

use gloo::events::EventListener;
use web_sys::EventTarget;
use yew::prelude::*;

/// What a canvas must be drawn anew for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Screen {
    /// Device pixels per CSS pixel.
    pub ratio: f64,
    /// Counts changes of the look: the colours are read from the stylesheet.
    look: u32,
}

/// What changes colours without a word of the host page.
const SCHEMES: [&str; 2] = ["(prefers-color-scheme: dark)", "(forced-colors: active)"];
/// What the boot script tells the document when theme, density or colours are others.
const LOOK: &str = "oriel-look";

fn ratio() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio())
}

/// The screen as it is now: zooming, another monitor and another look render anew.
#[hook]
pub fn use_screen() -> Screen {
    let screen = use_state_eq(|| Screen {
        ratio: ratio(),
        look: 0,
    });
    let setter = screen.setter();
    // A query for one ratio only tells that this one no longer holds, so the
    // listeners are set up again with each change.
    use_effect_with(*screen, move |screen| {
        let look = screen.look + 1;
        let listen = |target: EventTarget, event: &'static str| {
            let setter = setter.clone();
            EventListener::new(&target, event, move |_| {
                let ratio = ratio();
                setter.set(Screen { ratio, look });
            })
        };
        let mut listeners = Vec::new();
        if let Some(window) = web_sys::window() {
            let ratio = js_sys::Number::from(screen.ratio).to_string_with_radix(10);
            let ratio = ratio.map(String::from).unwrap_or_default();
            let ratio = ["(resolution: ", &ratio, "dppx)"].concat();
            for query in SCHEMES.into_iter().chain([&*ratio]) {
                let list = window.match_media(query).ok().flatten();
                listeners.extend(list.map(|list| listen(list.into(), "change")));
            }
            let document = window.document();
            listeners.extend(document.map(|document| listen(document.into(), LOOK)));
        }
        move || drop(listeners)
    });
    *screen
}
