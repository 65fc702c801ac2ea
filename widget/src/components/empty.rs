//! Nothing to show, and what to do about it.

use yew::prelude::*;

/// A sentence, and perhaps a button.
#[derive(Properties, PartialEq)]
pub struct EmptyProps {
    pub title: AttrValue,
    pub text: AttrValue,
    /// A button, where there is something to do.
    #[prop_or_default]
    pub children: Children,
}

/// The empty state of a card.
#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    html! {
        <div class="notice">
            <p class="notice__title">{ props.title.clone() }</p>
            <p class="notice__text">{ props.text.clone() }</p>
            { for props.children.iter() }
        </div>
    }
}
