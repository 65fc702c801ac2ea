//! The viewer's language as the boot script speaks it.

use std::cell::OnceCell;

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::{Argument, Style};
use crate::bridge::Session;

thread_local! {
    static SESSION: OnceCell<Session> = const { OnceCell::new() };
}

/// Has `session` write every message and number from now on.
pub fn listen_to(session: &Session) {
    SESSION.with(|kept| {
        let _ = kept.set(session.clone());
    });
}

pub fn say(message: u16, arguments: &[Argument]) -> String {
    let list = Array::new();
    for argument in arguments {
        list.push(&match argument {
            Argument::Number(number) => JsValue::from_f64(*number),
            Argument::Text(text) => JsValue::from_str(text),
        });
    }
    ask(|session| session.say(message, &list))
}

/// `value` as the viewer writes it.
pub fn written(style: Style, value: f64) -> String {
    ask(|session| session.write(style as u8, value))
}

/// Empty before the start, when nothing is on the screen.
fn ask(question: impl FnOnce(&Session) -> String) -> String {
    SESSION.with(|session| session.get().map(question).unwrap_or_default())
}
