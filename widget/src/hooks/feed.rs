//! Keeps a feed read.

use yew::prelude::*;

use crate::{
    api::{Api, Body, decoded},
    feed::{Feed, News, Paged},
    hooks::use_read,
    wire::Wire,
};

/// What `question` brings, read again whenever it, or `asked`, is another one; and
/// who hears of more that is wanted.
#[hook]
pub fn use_feed<P: Paged + Wire + 'static>(
    api: &Api,
    question: &str,
    asked: u32,
) -> (UseReducerHandle<Feed<P>>, Callback<News<P>>) {
    let feed = use_reducer(|| Feed::new(question.to_owned(), asked));
    let dispatcher = feed.dispatcher();
    let tell = Callback::from(move |news| dispatcher.dispatch(news));
    use_effect_with((question.to_owned(), asked), {
        let tell = tell.clone();
        move |(question, asked): &(String, u32)| tell.emit(News::Asked(question.clone(), *asked))
    });
    use_read(api, feed.read(), &tell, arrived::<P>);
    (feed, tell)
}

fn arrived<P: Wire>(path: String, body: Body) -> News<P> {
    News::Arrived(path, decoded(body))
}
