//! What stands in for numbers that are on their way; as high as they will be.

use yew::prelude::*;

/// Four cards and four panels, as in the frame document.
#[component]
pub fn DashboardSkeleton() -> Html {
    html! {
        <div class="numbers" aria-hidden="true">
            <div class="skeleton__kpis">
                { for (0..4).map(|_| html! { <div class="skeleton__card" /> }) }
            </div>
            <div class="skeleton__charts">
                { for (0..4).map(|_| html! { <div class="skeleton__panel" /> }) }
            </div>
        </div>
    }
}
