//! The root: one reducer, the effects that feed it, and the page.

use yew::prelude::*;

use crate::{
    api::Api,
    bridge::{FrameSettings, Session},
    hooks::{use_announcement, use_pause, use_read},
    pages::overview::overview,
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
        Callback::from(move |action: Action| dispatcher.dispatch(action))
    });
    let api = Api::new(props.session.clone());

    use_read(
        &api,
        Some(state.dashboard_read()),
        &tell,
        crate::api::dashboard,
    );
    use_read(&api, Some(state.tasks_read()), &tell, crate::api::tasks);
    use_read(&api, state.detail_read(), &tell, crate::api::detail);
    use_read(&api, state.projects_read(), &tell, crate::api::projects);
    use_pause(&state.typed, &tell);
    use_announcement(&props.session, &state);

    overview(&props.settings.title, &state, &tell).into()
}
