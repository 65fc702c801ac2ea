//! The list of tasks: which of its pages are there, and which one is wanted.
//!
//! A list may have a hundred thousand rows. Only those in sight are drawn, only
//! the pages around them are kept, and the next one is fetched before it is
//! needed. A page is found by the cursor that the page before it ended with, so
//! the way down is never skipped, and each page can be read again.

use std::rc::Rc;

use oriel_contract::{Task, TaskPage};

use crate::{
    error::ApiError,
    query,
    remote::{Answer, is_withheld},
};

/// Tasks on the first page; the boot script's first read asks for as many.
const FIRST_PAGE: usize = 50;
/// Tasks on every other page: the most that the contract gives.
const LATER_PAGE: usize = 200;
/// Pages that are kept: those in sight, and some on either side of them.
const KEPT_PAGES: usize = 7;
/// Rows that are drawn at once; the scroll area never shows more than 22.
const DRAWN: usize = 34;
/// Rows that are drawn above those in sight.
const ABOVE: usize = 8;
/// Rows by which the drawn part moves.
pub const STRIDE: usize = 4;
/// Rows below those in sight that are there before they are needed.
const AHEAD: usize = 150;

/// A page that is there, or was there and can be read again.
#[derive(Debug, Clone)]
struct Slot {
    /// What it is found by; the first page needs nothing.
    cursor: Option<String>,
    page: Option<Rc<TaskPage>>,
    /// It may have changed since; it stays until it has been read again.
    is_old: bool,
}

impl Slot {
    const fn new(cursor: Option<String>) -> Self {
        Self {
            cursor,
            page: None,
            is_old: false,
        }
    }
}

/// The list, as far as it is known.
#[derive(Debug, Clone)]
pub struct TaskList {
    /// Every page down to the last that is known.
    slots: Vec<Slot>,
    /// A first answer has come.
    pub is_there: bool,
    /// The question has changed: what is there answers the one before.
    pub is_stale: bool,
    /// How many tasks match, on all pages.
    pub total: u64,
    pub error: Option<ApiError>,
    /// Counts tries of the same path, so that each is a read of its own.
    pub attempt: u32,
    /// Counts questions that have been answered: each starts at the top.
    pub edition: u32,
    /// The first row in sight, near enough.
    top: usize,
}

impl TaskList {
    /// A list whose first read is on its way.
    pub fn new() -> Self {
        Self {
            slots: Vec::new(),
            is_there: false,
            is_stale: true,
            total: 0,
            error: None,
            attempt: 0,
            edition: 0,
            top: 0,
        }
    }

    /// Another question has been asked. What is there stays until it is answered.
    pub fn restart(&mut self) {
        self.is_stale = true;
        self.error = None;
    }

    /// The same read once more.
    pub fn again(&mut self) {
        self.attempt += 1;
        self.error = None;
    }

    /// The data has changed: what is in sight is read again, and stays where it is.
    pub fn refresh(&mut self) {
        self.again();
        for slot in &mut self.slots {
            slot.is_old = true;
        }
    }

    /// Whether an answer is awaited.
    pub fn is_loading(&self) -> bool {
        self.error.is_none() && self.is_stale
    }

    /// Whether the token leaves this part out.
    pub fn is_withheld(&self) -> bool {
        is_withheld(self.error.as_ref())
    }

    /// The path of the page that is wanted next; `None` while all in reach are there.
    pub fn wanted(&self, narrow: impl FnOnce(String) -> String) -> Option<String> {
        let place = self.missing()?;
        let limit = if place == 0 { FIRST_PAGE } else { LATER_PAGE };
        let path = narrow("/v1/embed/tasks?limit=".to_owned() + &limit.to_string());
        let cursor = self.slots.get(place).and_then(|slot| slot.cursor.as_ref());
        Some(match cursor.filter(|_| place > 0) {
            Some(cursor) => path + "&cursor=" + &query::encoded(cursor),
            None => path,
        })
    }

    /// The page that is wanted next: of those in sight and a little further down,
    /// the first that is missing.
    fn missing(&self) -> Option<usize> {
        if self.is_stale {
            return Some(0);
        }
        // The first view has the line to itself: nothing is ahead of it.
        let ahead = if self.top == 0 { 0 } else { AHEAD };
        let last = page_of(self.top + DRAWN - ABOVE + ahead);
        let last = last.min(self.slots.len().saturating_sub(1));
        let first = page_of(self.top.saturating_sub(ABOVE));
        (first..=last).find(|place| {
            let slot = self.slots.get(*place);
            slot.is_some_and(|slot| slot.page.is_none() || slot.is_old)
        })
    }

    /// Takes over the answer for the page that is wanted.
    pub fn settle(&mut self, answer: Answer<TaskPage>) {
        let Some(place) = self.missing() else { return };
        let page = match answer {
            Ok(page) => page,
            Err(error) if error.ends_session() => {
                self.slots = vec![Slot::new(None)];
                (self.total, self.is_stale) = (0, true);
                self.error = Some(error);
                return;
            }
            Err(error) => {
                match self.slots.get_mut(place) {
                    // What is there is still worth looking at, until the next change.
                    Some(slot) if slot.page.is_some() && !self.is_stale => slot.is_old = false,
                    _ => self.error = Some(error),
                }
                return;
            }
        };
        self.error = None;
        if self.is_stale {
            self.is_stale = false;
            self.is_there = true;
            self.slots = vec![Slot::new(None)];
            self.top = 0;
            self.edition += 1;
        }
        self.total = page.total;
        self.link(place + 1, page.next_cursor.clone());
        if let Some(slot) = self.slots.get_mut(place) {
            slot.page = Some(page);
            slot.is_old = false;
        }
        // It may end further up than before.
        self.scroll(self.top);
    }

    /// Says where the page at `place` is. One that has moved is read again, and keeps
    /// its room meanwhile, so that nothing jumps.
    fn link(&mut self, place: usize, cursor: Option<String>) {
        if cursor.is_none() {
            self.slots.truncate(place);
            return;
        }
        match self.slots.get_mut(place) {
            None => self.slots.push(Slot::new(cursor)),
            Some(slot) if slot.cursor == cursor => {}
            Some(slot) => {
                slot.cursor = cursor;
                slot.is_old = true;
            }
        }
    }

    /// Drops the pages that are furthest out of sight, beyond those that are kept.
    fn forget(&mut self) {
        let here = page_of(self.top);
        let first = here.saturating_sub(KEPT_PAGES / 2);
        for (place, slot) in self.slots.iter_mut().enumerate() {
            if place < first || place > first + KEPT_PAGES {
                slot.page = None;
            }
        }
    }

    /// The viewer has scrolled: `top` is the first row in sight.
    pub fn scroll(&mut self, top: usize) {
        self.top = top.min(self.rows()) / STRIDE * STRIDE;
        self.forget();
    }

    /// The first row in sight, in strides.
    pub const fn top(&self) -> usize {
        self.top
    }

    /// How many rows there are, as far as it is known: those of each page down to
    /// the last that was there, and of the one below it.
    pub fn rows(&self) -> usize {
        let total = usize::try_from(self.total).unwrap_or(usize::MAX);
        start_of(self.slots.len()).min(total)
    }

    /// The rows to draw: from the first, as far as each is there.
    pub fn drawn(&self) -> (usize, Vec<Option<&Task>>) {
        let first = self.top.saturating_sub(ABOVE);
        let last = (self.top + DRAWN - ABOVE).min(self.rows());
        (first, (first..last).map(|row| self.task(row)).collect())
    }

    fn task(&self, row: usize) -> Option<&Task> {
        let place = page_of(row);
        let page = self.slots.get(place)?.page.as_ref()?;
        page.items.get(row - start_of(place))
    }
}

/// The page that holds a row.
const fn page_of(row: usize) -> usize {
    if row < FIRST_PAGE {
        0
    } else {
        1 + (row - FIRST_PAGE) / LATER_PAGE
    }
}

/// The first row of a page.
const fn start_of(place: usize) -> usize {
    if place == 0 {
        0
    } else {
        FIRST_PAGE + (place - 1) * LATER_PAGE
    }
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
