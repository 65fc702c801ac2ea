//! Something that is shown from its first page on, and gets longer on demand: a
//! column of the board, the bars of the timeline.
//!
//! Unlike [`TaskList`](crate::list::TaskList) it shows all that it has, so that has
//! an end: [`Paged::MOST`]. Pure, as the state is: what to read follows from it.

use std::rc::Rc;

use oriel_contract::{TaskPage, Timeline};
use yew::Reducible;

use crate::{
    error::ApiError,
    query,
    remote::{Answer, Read},
};

/// An answer that has more pages.
pub trait Paged: Clone {
    /// How many items a page has.
    const STEP: usize;
    /// How many are shown at the most; the contract gives as many at once.
    const MOST: usize;

    fn count(&self) -> usize;
    /// How many there are on all pages.
    fn total(&self) -> u64;
    fn next_cursor(&self) -> Option<&str>;
    /// Takes over the items of the page after this one.
    fn append(&mut self, next: &Self);
}

impl Paged for TaskPage {
    const STEP: usize = 20;
    const MOST: usize = 200;

    fn count(&self) -> usize {
        self.items.len()
    }

    fn total(&self) -> u64 {
        self.total
    }

    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref()
    }

    fn append(&mut self, next: &Self) {
        self.items.extend_from_slice(&next.items);
        self.next_cursor.clone_from(&next.next_cursor);
        self.total = next.total;
    }
}

impl Paged for Timeline {
    const STEP: usize = 30;
    /// A canvas much higher is more than a phone can draw.
    const MOST: usize = 120;

    fn count(&self) -> usize {
        self.tasks.len()
    }

    fn total(&self) -> u64 {
        self.total
    }

    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref()
    }

    fn append(&mut self, next: &Self) {
        self.tasks.extend_from_slice(&next.tasks);
        self.next_cursor.clone_from(&next.next_cursor);
        self.total = next.total;
    }
}

/// What is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    Nothing,
    /// The answer to another question: the viewer waits.
    First,
    /// The same once more, quietly: the data may have changed.
    Again,
    /// The next page.
    More,
}

/// What is there of it.
#[derive(Debug, Clone)]
pub struct Feed<P> {
    /// The path without limit and cursor.
    question: String,
    /// Counts changes of the data.
    asked: u32,
    /// Counts tries of the viewer.
    tries: u32,
    /// As many items the viewer wants to see.
    wanted: usize,
    want: Want,
    value: Option<Rc<P>>,
    pub error: Option<ApiError>,
}

/// What a feed can be told.
pub enum News<P> {
    /// The question, and how often the data has changed.
    Asked(String, u32),
    More,
    Retry,
    Arrived(String, Answer<P>),
}

impl<P: Paged> Feed<P> {
    /// A feed whose first page is on its way.
    pub fn new(question: String, asked: u32) -> Self {
        Self {
            question,
            asked,
            tries: 0,
            wanted: P::STEP,
            want: Want::First,
            value: None,
            error: None,
        }
    }

    /// The read that is wanted.
    pub fn read(&self) -> Option<Read> {
        if self.error.is_some() {
            return None;
        }
        let value = self.value.as_ref();
        let (limit, cursor) = match self.want {
            Want::Nothing => return None,
            Want::First => (P::STEP, None),
            Want::Again => (self.wanted, None),
            Want::More => (P::STEP, value.and_then(|value| value.next_cursor())),
        };
        let path = self.question.clone() + "&limit=" + &limit.to_string();
        Some(Read {
            path: match cursor {
                Some(cursor) => path + "&cursor=" + &query::encoded(cursor),
                None => path,
            },
            attempt: self.asked + self.tries,
        })
    }

    /// What there is to see: nothing, where it answers another question than the one
    /// that has failed.
    pub fn shown(&self) -> Option<&Rc<P>> {
        let is_other = self.error.is_some() && self.is_stale();
        self.value.as_ref().filter(|_| !is_other)
    }

    /// Whether what is there answers another question.
    pub fn is_stale(&self) -> bool {
        self.want == Want::First
    }

    /// Whether the next page is on its way.
    pub fn is_growing(&self) -> bool {
        self.error.is_none()
            && match self.want {
                Want::More => true,
                Want::Again => self.wanted > self.whole_pages(),
                Want::Nothing | Want::First => false,
            }
    }

    /// Whether there is another page, and it may be shown.
    pub fn can_grow(&self) -> bool {
        self.has_more() && self.count() < P::MOST
    }

    /// Whether there are items that are not shown.
    pub fn has_more(&self) -> bool {
        let value = self.value.as_ref();
        value.is_some_and(|value| value.next_cursor().is_some())
    }

    fn count(&self) -> usize {
        self.value.as_ref().map_or(0, |value| value.count())
    }

    /// As many items as fill the pages that are there, and at least one.
    fn whole_pages(&self) -> usize {
        self.count().div_ceil(P::STEP).max(1) * P::STEP
    }

    fn told(&mut self, news: News<P>) {
        match news {
            News::Asked(question, asked) => self.ask(question, asked),
            News::More if self.can_grow() && !self.is_growing() => {
                self.wanted = (self.wanted + P::STEP).min(P::MOST);
                // Where all of it is on its way, it now comes with the next page.
                if self.want == Want::Nothing {
                    self.want = Want::More;
                }
            }
            News::Retry => {
                self.error = None;
                self.tries += 1;
            }
            News::Arrived(path, answer) if self.waits_for(&path) => self.settle(answer),
            News::More | News::Arrived(..) => {}
        }
    }

    fn ask(&mut self, question: String, asked: u32) {
        if question != self.question {
            (self.want, self.wanted) = (Want::First, P::STEP);
        } else if asked == self.asked {
            return;
        } else if self.want != Want::First {
            self.want = Want::Again;
        }
        (self.question, self.asked) = (question, asked);
        self.error = None;
    }

    fn waits_for(&self, path: &str) -> bool {
        self.read().is_some_and(|read| read.path == path)
    }

    fn settle(&mut self, answer: Answer<P>) {
        match answer {
            Ok(page) => {
                let value = match self.value.take().filter(|_| self.want == Want::More) {
                    Some(mut value) => {
                        Rc::make_mut(&mut value).append(&page);
                        value
                    }
                    None => page,
                };
                self.value = Some(value);
                self.wanted = self.whole_pages();
            }
            Err(error) if error.ends_session() => {
                (self.value, self.want) = (None, Want::First);
                self.error = Some(error);
                return;
            }
            // What is there is still worth looking at, until the next change.
            Err(_) if self.want == Want::Again => {}
            Err(error) => {
                self.error = Some(error);
                return;
            }
        }
        self.want = Want::Nothing;
    }
}

impl<P: Paged> Reducible for Feed<P> {
    type Action = News<P>;

    fn reduce(self: Rc<Self>, news: News<P>) -> Rc<Self> {
        let mut next = (*self).clone();
        next.told(news);
        Rc::new(next)
    }
}

#[cfg(test)]
#[path = "feed_tests.rs"]
mod tests;
