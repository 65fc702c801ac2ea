//! The dashboard that runs inside the embed's frame.
//!
//! This file is where the boot script comes in; everything else also compiles and
//! is tested natively.

mod action;
mod api;
mod app;
pub mod bridge;
mod charts;
mod choices;
mod columns;
mod components;
mod days;
mod error;
mod feed;
mod filter;
mod format;
mod hooks;
mod later;
mod list;
mod live;
mod messages;
mod pages;
mod query;
mod remote;
mod sort;
mod state;
mod view;
#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod wasm_tests;
mod wire;
mod words;

use wasm_bindgen::prelude::*;

use bridge::{FrameSettings, Session};
use wire::Wire;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Where the frame document wants the dashboard.
const ROOT: &str = "oriel-root";

/// Shows the dashboard in place of the skeleton.
///
/// # Errors
/// When the session's settings cannot be read, or the document has no root.
#[wasm_bindgen]
pub fn start(session: Session) -> Result<(), JsValue> {
    #[cfg(target_arch = "wasm32")]
    messages::listen_to(&session);
    let settings = FrameSettings::read(&session.frame())
        .ok_or_else(|| JsValue::from_str("the frame's settings cannot be read"))?;
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id(ROOT))
        .ok_or_else(|| JsValue::from_str("the document has no #oriel-root"))?;
    let props = app::AppProps { session, settings };
    yew::Renderer::<app::App>::with_root_and_props(root, props).render();
    Ok(())
}
