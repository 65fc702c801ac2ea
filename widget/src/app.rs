//! The root: one reducer, the effects that feed it, and the page.

use yew::prelude::*;

use crate::{
    api::Api,
    bridge::{FrameSettings, Session},
    hooks::{use_announcement, use_debounced_search, use_reads},
    pages::overview::Overview,
    state::{Action, State},
};

/// What the boot script hands over.
#[derive(Properties, PartialEq)]
pub struct AppProps {
    pub session: Session,
    pub api: Api,
    pub settings: FrameSettings,
}

/// The whole widget.
#[component]
pub fn App(props: &AppProps) -> Html {
    let range = props.settings.default_range;
    let state = use_reducer(move || State::new(range));
    use_reads(&props.api, &state);
    use_debounced_search(&state);
    use_announcement(&props.session, &state);
    let dispatcher = state.dispatcher();
    let on_action = use_callback((), move |action: Action, ()| dispatcher.dispatch(action));

    html! {
        <Overview
            title={props.settings.title.clone()}
            state={(*state).clone()}
            {on_action}
        />
    }
}
