//! Reads whatever the state asks for, and hands the answers to it.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    api::{Api, Patience},
    state::{Action, State},
};

/// Keeps dashboard, tasks, open task and the list of projects read. A read that
/// the state no longer asks for is ended.
#[hook]
pub fn use_reads(api: &Api, state: &UseReducerHandle<State>) {
    let dispatch = Callback::from({
        let dispatcher = state.dispatcher();
        move |action| dispatcher.dispatch(action)
    });

    let key = (state.dashboard_path(), state.dashboard.attempt);
    use_read(key, api.clone(), dispatch.clone(), |path, api, patience, done| {
        spawn_local(async move {
            let answer = api.dashboard(&path, &patience.signal()).await;
            done.emit(Action::DashboardArrived(path, answer.map(Rc::new)));
        });
    });
    let key = (state.tasks_path(), state.tasks.attempt);
    use_read(key, api.clone(), dispatch.clone(), |path, api, patience, done| {
        spawn_local(async move {
            let answer = api.tasks(&path, &patience.signal()).await;
            done.emit(Action::TasksArrived(path, answer.map(Rc::new)));
        });
    });
    let key = (state.detail_path().unwrap_or_default(), state.detail.attempt);
    use_read(key, api.clone(), dispatch.clone(), |path, api, patience, done| {
        if path.is_empty() {
            return;
        }
        spawn_local(async move {
            let answer = api.task(&path, &patience.signal()).await;
            done.emit(Action::DetailArrived(path, answer.map(Rc::new)));
        });
    });
    // The menu of projects can wait until the first numbers have come.
    let first_has_ended = !state.dashboard.loading || state.dashboard.value.is_some();
    let key = (first_has_ended.to_string(), 0);
    use_read(key, api.clone(), dispatch, move |_, api, patience, done| {
        if !first_has_ended {
            return;
        }
        spawn_local(async move {
            // Without the list the menu offers no choice, and that is all.
            if let Ok(projects) = api.projects(&patience.signal()).await {
                done.emit(Action::ProjectsArrived(projects));
            }
        });
    });
}

/// Starts `read` whenever `key` (the path, and which try it is) changes, and ends
/// the one before.
#[hook]
fn use_read(
    key: (String, u32),
    api: Api,
    dispatch: Callback<Action>,
    read: impl FnOnce(String, Api, Rc<Patience>, Callback<Action>) + 'static,
) {
    use_effect_with(key, move |(path, _)| {
        let patience = Patience::new().map(Rc::new);
        if let Some(patience) = patience.clone() {
            read(path.clone(), api, patience, dispatch);
        }
        move || {
            if let Some(patience) = patience {
                patience.end();
            }
        }
    });
}
