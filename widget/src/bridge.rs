//! The session that the boot script hands over: its one JavaScript object, typed.

use js_sys::Promise;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use oriel_contract::RangePreset;

#[wasm_bindgen]
extern "C" {
    /// What the boot script knows and holds. The token stays on that side; it is
    /// asked for with every read, so that a new one needs no news.
    #[derive(Debug, Clone, PartialEq)]
    pub type Session;

    /// The frame's own settings, to be read as [`FrameSettings`].
    #[wasm_bindgen(method)]
    pub fn frame(this: &Session) -> JsValue;

    /// The current token; empty before the first.
    #[wasm_bindgen(method)]
    pub fn token(this: &Session) -> String;

    /// Asks for a new token. Fails with an `Error` whose message is a code.
    #[wasm_bindgen(method)]
    pub fn fresh(this: &Session) -> Promise;

    /// The response of a read that the boot script has started, once.
    #[wasm_bindgen(method)]
    pub fn first(this: &Session, path: &str) -> Option<Promise>;

    /// Tells the host page that the dashboard shows its data.
    #[wasm_bindgen(method)]
    pub fn ready(this: &Session);

    /// Tells the host page that it does not, and why.
    #[wasm_bindgen(method)]
    pub fn failed(this: &Session, code: &str, message: &str);
}

/// What the server wrote into the frame document for the widget.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FrameSettings {
    /// The embed's title.
    pub title: String,
    pub default_range: RangePreset,
}
