//! The root: one reducer, the effects that feed it, and the page.

use std::rc::Rc;

use yew::prelude::*;

use crate::{
    api::{self, Api},
    bridge::{FrameSettings, Session, map},
    hooks::{use_announcement, use_export, use_host, use_later, use_pause, use_read, wishes},
    later::later,
    pages::page,
    remote::Read,
    state::{Action, State},
};

/// What the boot script hands over.
#[derive(Properties, Clone, PartialEq)]
pub struct AppProps {
    pub session: Session,
    pub settings: FrameSettings,
}

/// The whole widget.
#[component]
pub fn App(props: &AppProps) -> Html {
    let state = use_reducer({
        let AppProps { session, settings } = props.clone();
        move || begun(&session, &settings)
    });
    let tell = use_memo((), |()| {
        let dispatcher = state.dispatcher();
        let session = props.session.clone();
        Callback::from(move |action: Action| {
            if let Some((kind, id)) = action.selection() {
                session.tell(&map([("type", "select"), ("kind", kind), ("id", id)]));
            }
            dispatcher.dispatch(action);
        })
    });
    let api = Api::new(props.session.clone());

    use_read(&api, state.dashboard_read(), &tell, api::dashboard);
    use_read(&api, state.tasks_read(), &tell, api::tasks);
    let read = later().and_then(|_| state.detail_read());
    use_read(&api, read, &tell, |path, body| {
        later().map_or(Action::Touch, |later| (later.detail)(path, body))
    });
    let read = later().and_then(|_| state.choices_read());
    use_read(&api, read, &tell, |path, body| {
        later().map_or(Action::Touch, |later| (later.choices)(path, body))
    });
    use_later(&state, &tell);
    use_export(&api, &state, &tell);
    use_pause(&state.typed, &tell);
    use_announcement(&props.session, &state);
    use_host(&props.session, &state, &tell);
    use_effect_with(state.view.task.clone(), {
        let session = props.session.clone();
        move |task| session.drawer(task.is_some())
    });
    use_effect_with(state.list.edition, {
        let session = props.session.clone();
        move |_| session.rewind()
    });

    page(&props.settings.title, &state, &api, &tell).into()
}

/// The state to begin with: what the host page wants, and what the reads that the
/// boot script has started have brought, so that the first view is rendered once.
fn begun(session: &Session, settings: &FrameSettings) -> State {
    let state = Rc::new(State::new(settings.default_range, settings.view()));
    let wished = wishes(session).into_iter().fold(state, State::reduce);
    let mut state = Rc::new(Rc::unwrap_or_clone(wished).without_past());
    let answer = |path: &str| Some(session.answer(path)).filter(|body| !body.is_undefined());
    let path = state.dashboard_path();
    if let Some(body) = answer(&path) {
        state = state.reduce(api::dashboard(path, Ok(body)));
    }
    if let Some(Read { path, .. }) = state.tasks_read()
        && let Some(body) = answer(&path)
    {
        state = state.reduce(api::tasks(path, Ok(body)));
    }
    Rc::unwrap_or_clone(state)
}
