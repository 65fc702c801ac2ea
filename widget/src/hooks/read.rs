//! Reads what the state asks for, and hands the answer to it.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    api::{Api, Body, Patience, TOO_LATE},
    remote::Read,
};

/// Keeps one resource read: whenever `read` changes, and is there at all. The one
/// before is ended, for nobody waits for it any longer.
#[hook]
pub fn use_read<A: 'static>(
    api: &Api,
    read: Option<Read>,
    tell: &Callback<A>,
    decode: fn(String, Body) -> A,
) {
    let (api, tell) = (api.clone(), tell.clone());
    use_effect_with(read, move |read| {
        let patience = read.clone().and_then(|Read { path, .. }| {
            let at_last = {
                let (tell, path) = (tell.clone(), path.clone());
                move || tell.emit(decode(path, TOO_LATE))
            };
            let patience = Patience::new(api.limit(), at_last)?;
            let signal = patience.signal();
            spawn_local(async move {
                let body = api.read(&path, &signal).await;
                // The state may wait for the same path again by now, and whoever ended
                // a read for its time has said so.
                if !signal.aborted() {
                    tell.emit(decode(path, body));
                }
            });
            Some(patience)
        });
        move || drop(patience)
    });
}
