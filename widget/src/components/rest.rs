//! What stands below something that gets longer on demand.

use yew::{Callback, virtual_dom::ListenerKind};

use super::{
    el::{El, el},
    notice::{button, sorry},
};
use crate::{
    feed::{Feed, News, Paged},
    messages::msg,
    words,
};

/// A failure; or, in `foot`, how much is shown and a way to more of it, or `end` where
/// no more is shown here; nothing where all of it is.
pub fn rest<P: Paged + 'static>(
    foot: El,
    feed: &Feed<P>,
    news: &Callback<News<P>>,
    end: impl FnOnce() -> El,
) -> Option<El> {
    if let Some(error) = &feed.error {
        return Some(sorry(error, &news.reform(|_| News::Retry)));
    }
    let shown = feed.shown().filter(|_| feed.has_more())?;
    let count = shown.count() as u64;
    let foot = foot.add(el("p").text(msg::SHOWN_OF.with([count, shown.total()])));
    if !feed.can_grow() {
        return Some(foot.add(end()));
    }
    let more = button(msg::MORE)
        .set("aria-disabled", words::truth(feed.is_growing()))
        .on(ListenerKind::onclick, &news.reform(|_| News::More));
    Some(foot.add(more))
}
