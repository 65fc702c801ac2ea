//! The session that the boot script hands over: its one JavaScript object, typed.

use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use oriel_contract::RangePreset;

use crate::{view::View, wire::objects};

#[wasm_bindgen]
extern "C" {
    /// What the boot script knows and holds. The token stays on that side; it is
    /// asked for with every read, so that a new one needs no news.
    #[derive(Debug, Clone, PartialEq)]
    pub type Session;

    /// The frame's own settings, to be read as [`FrameSettings`].
    #[wasm_bindgen(method)]
    pub fn frame(this: &Session) -> JsValue;

    /// What the host page has wanted before the widget was there.
    #[wasm_bindgen(method)]
    pub fn wishes(this: &Session) -> Array;

    /// What a read that the boot script has started has brought, once.
    #[wasm_bindgen(method)]
    pub fn answer(this: &Session, path: &str) -> JsValue;

    /// The current token; empty before the first.
    #[wasm_bindgen(method)]
    pub fn token(this: &Session) -> String;

    /// Asks for a new token. Fails with an `Error` whose message is a code.
    #[wasm_bindgen(method)]
    pub fn fresh(this: &Session) -> Promise;

    /// The response of a read that the boot script has started, once, if that has
    /// brought no answer.
    #[wasm_bindgen(method)]
    pub fn first(this: &Session, path: &str) -> Option<Promise>;

    /// Starts a read with the current token.
    #[wasm_bindgen(method)]
    pub fn get(this: &Session, path: &str, signal: &AbortSignal) -> Promise;

    /// Tells the host page that the dashboard shows its data.
    #[wasm_bindgen(method)]
    pub fn ready(this: &Session);

    /// Tells the host page that it does not, and why.
    #[wasm_bindgen(method)]
    pub fn failed(this: &Session, code: &str, message: &str);

    /// A message in the viewer's language, by its place among all of them.
    #[wasm_bindgen(method)]
    pub fn say(this: &Session, message: u16, arguments: &Array) -> String;

    /// A number or a time as the viewer writes it.
    #[wasm_bindgen(method)]
    pub fn write(this: &Session, style: u8, value: f64) -> String;

    /// Calls back with what the host page wants, and with what nobody has heard yet.
    #[wasm_bindgen(method, js_name = onHost)]
    pub fn on_host(this: &Session, callback: &Closure<dyn Fn(JsValue)>);

    /// Tells the host page where the viewer goes and what they pick.
    #[wasm_bindgen(method)]
    pub fn tell(this: &Session, message: &Object);

    /// Saves a blob as a file of this name.
    #[wasm_bindgen(method)]
    pub fn save(this: &Session, blob: &JsValue, name: &str);

    /// Opens the drawer as a dialog where the viewer looks, or closes it.
    #[wasm_bindgen(method)]
    pub fn drawer(this: &Session, open: bool);

    /// Brings the table back to its first row.
    #[wasm_bindgen(method)]
    pub fn rewind(this: &Session);

    /// Another page is there: a focus that has been lost starts at its top.
    #[wasm_bindgen(method)]
    pub fn arrive(this: &Session);
}

/// A message for the host page: its kind, and a field.
pub fn message(kind: &str, field: &str, value: &JsValue) -> Object {
    let message = map([("type", kind)]);
    put(&message, field, value);
    message
}

/// An object with these texts.
pub fn map<'a>(entries: impl IntoIterator<Item = (&'a str, &'a str)>) -> Object {
    let map = Object::new();
    for (name, value) in entries {
        put(&map, name, &value.into());
    }
    map
}

/// Setting a field of an object of our own cannot fail.
fn put(object: &Object, field: &str, value: &JsValue) {
    let _ = Reflect::set(object, &field.into(), value);
}

/// What the server wrote into the frame document for the widget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameSettings {
    /// The embed's title.
    pub title: String,
    pub default_range: RangePreset,
    /// What to begin with, where the embed says so.
    pub view: Option<String>,
}

impl FrameSettings {
    /// The view to begin with.
    pub fn view(&self) -> View {
        self.view
            .as_deref()
            .and_then(View::parse)
            .unwrap_or_default()
    }
}

objects! { FrameSettings { title, default_range, view } }
