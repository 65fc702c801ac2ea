//! Reads what the state asks for, and hands the answer to it.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    api::{Api, Body, Patience},
    components::el::Tell,
    state::{Action, Read},
};

/// Keeps one resource read: whenever `read` changes, and is there at all. The one
/// before is ended, for nobody waits for it any longer. `decode` makes the answer
/// into news for the state.
#[hook]
pub fn use_read(api: &Api, read: Option<Read>, tell: &Tell, decode: fn(String, Body) -> Action) {
    let (api, tell) = (api.clone(), tell.clone());
    use_effect_with(read, move |read| {
        let patience = read.clone().zip(Patience::new()).map(|(read, patience)| {
            let signal = patience.signal();
            spawn_local(async move {
                let body = api.read(&read.path, &signal).await;
                tell.emit(decode(read.path, body));
            });
            patience
        });
        move || drop(patience)
    });
}
