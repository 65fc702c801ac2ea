//! The root: one reducer, the effects that feed it, and the page.

use yew::prelude::*;

use crate::{
    api::Api,
    bridge::{FrameSettings, Session, map},
    hooks::{use_announcement, use_export, use_host, use_pause, use_read},
    pages::page,
    state::{Action, State},
};

/// What the boot script hands over.
#[derive(Properties, PartialEq)]
pub struct AppProps {
    pub session: Session,
    pub settings: FrameSettings,
}

/// The whole widget.
#[component]
pub fn App(props: &AppProps) -> Html {
    let range = props.settings.default_range;
    let state = use_reducer(move || State::new(range));
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

    use_read(
        &api,
        Some(state.dashboard_read()),
        &tell,
        crate::api::dashboard,
    );
    use_read(&api, state.tasks_read(), &tell, crate::api::tasks);
    use_read(&api, state.detail_read(), &tell, crate::api::detail);
    use_read(&api, state.choices_read(), &tell, crate::api::choices);
    use_export(&api, &state, &tell);
    use_pause(&state.typed, &tell);
    use_announcement(&props.session, &state);
    use_host(&props.session, &state, &tell);
    use_effect_with(state.view.task.is_some(), {
        let session = props.session.clone();
        move |is_open| session.drawer(*is_open)
    });
    use_effect_with(state.list.edition, {
        let session = props.session.clone();
        move |_| session.rewind()
    });

    page(&props.settings.title, &state, &tell).into()
}
