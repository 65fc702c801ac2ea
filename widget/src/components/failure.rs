//! A read that failed, and another try.

use yew::prelude::*;

use crate::error::ApiError;

/// The error, and who hears of another try.
#[derive(Properties, PartialEq)]
pub struct FailureProps {
    pub error: ApiError,
    pub on_retry: Callback<()>,
}

/// The error state of a card.
#[component]
pub fn Failure(props: &FailureProps) -> Html {
    let on_click = props.on_retry.reform(|_: MouseEvent| ());
    html! {
        <div class="notice" role="alert">
            <p class="notice__title">{ "This could not be loaded" }</p>
            <p class="notice__text">{ props.error.message() }</p>
            <button type="button" class="button" onclick={on_click}>{ "Try again" }</button>
            if let Some(id) = &props.error.request_id {
                <p class="notice__id">{ "Request " }{ id.clone() }</p>
            }
        </div>
    }
}
