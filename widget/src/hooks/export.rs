//! Saves the list as a file.

use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;
use yew::prelude::*;

use crate::{
    api::Api,
    components::el::Tell,
    remote::Read,
    state::{Action, State},
};

/// Saves the list whenever the state asks for that. A long list takes its time, so
/// nothing but the viewer's leaving ends it.
#[hook]
pub fn use_export(api: &Api, state: &State, tell: &Tell) {
    let (api, tell) = (api.clone(), tell.clone());
    let name = state.export_name();
    use_effect_with(state.export_read(), move |read| {
        let Some(Read { path, .. }) = read.clone() else {
            return;
        };
        let Ok(controller) = AbortController::new() else {
            return;
        };
        spawn_local(async move {
            let saved = api.save(&path, &name, &controller.signal()).await;
            tell.emit(Action::Exported(saved));
        });
    });
}
