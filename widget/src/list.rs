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
/// Rows that are drawn at once; the scroll area never shows more than a third.
const DRAWN: usize = 48;
/// Rows that are drawn above those in sight.
const ABOVE: usize = 12;
/// Rows by which the drawn part moves.
pub const STRIDE: usize = 8;
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
        let last = page_of(self.top + DRAWN + AHEAD).min(self.slots.len().saturating_sub(1));
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
            Err(error) => {
                self.error = Some(error);
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
        self.forget();
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
        let last = (first + DRAWN).min(self.rows());
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
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    /// A list of `total` tasks that answers what is wanted until nothing is.
    fn fill(list: &mut TaskList, total: usize) -> Vec<String> {
        let mut read = Vec::new();
        while let Some(path) = list.wanted(|path| path) {
            let place = list.missing().unwrap();
            list.settle(Ok(page(place, total)));
            read.push(path);
            assert!(read.len() < 1_000, "it reads without end");
        }
        read
    }

    fn page(place: usize, total: usize) -> Rc<TaskPage> {
        let one: TaskPage =
            serde_json::from_str(include_str!("../tests/fixtures/tasks.json")).unwrap();
        let rows = start_of(place)..start_of(place + 1).min(total);
        let items = rows.map(|row| Task {
            title: row.to_string(),
            ..one.items[0].clone()
        });
        Rc::new(TaskPage {
            items: items.collect(),
            next_cursor: (start_of(place + 1) < total).then(|| (place + 1).to_string()),
            total: total as u64,
        })
    }

    fn loaded(total: usize) -> TaskList {
        let mut list = TaskList::new();
        fill(&mut list, total);
        list
    }

    #[test]
    fn the_next_page_is_there_before_it_is_needed() {
        let mut list = TaskList::new();
        let read = fill(&mut list, 100_000);
        assert_eq!(
            read,
            [
                "/v1/embed/tasks?limit=50",
                "/v1/embed/tasks?limit=200&cursor=1"
            ]
        );
        assert_eq!(list.rows(), 450, "the page below is known, and leaves room");
        list.scroll(100);
        assert_eq!(fill(&mut list, 100_000).len(), 1);
    }

    #[test]
    fn every_row_can_be_reached_and_is_the_right_one() {
        let mut list = loaded(3_333);
        let mut seen = 0;
        while seen < 3_333 {
            list.scroll(seen);
            fill(&mut list, 3_333);
            let (first, rows) = list.drawn();
            for (row, task) in (first..).zip(&rows) {
                assert_eq!(task.unwrap().title, row.to_string());
            }
            seen = first + rows.len();
        }
        assert_eq!(list.rows(), 3_333);
    }

    #[test]
    fn memory_is_bounded_and_what_was_forgotten_is_read_again() {
        let mut list = loaded(20_000);
        for top in (0..20_000).step_by(100) {
            list.scroll(top);
            fill(&mut list, 20_000);
        }
        let kept = list.slots.iter().filter(|slot| slot.page.is_some()).count();
        assert!(kept <= KEPT_PAGES + 1, "{kept} pages are kept");
        list.scroll(0);
        assert!(list.drawn().1.iter().all(Option::is_none));
        assert!(fill(&mut list, 20_000)[0].ends_with("limit=50"));
        assert_eq!(list.drawn().1[0].unwrap().title, "0");
    }

    #[test]
    fn another_question_keeps_the_rows_until_it_is_answered() {
        let mut list = loaded(500);
        list.scroll(200);
        list.restart();
        assert!(list.is_loading());
        assert!(list.drawn().1.iter().any(Option::is_some));
        fill(&mut list, 10);
        assert_eq!((list.rows(), list.top(), list.edition), (10, 0, 2));
        assert!(!list.is_loading());
    }

    #[test]
    fn a_page_that_fails_leaves_what_is_there_and_is_tried_again() {
        let mut list = loaded(5_000);
        list.scroll(200);
        let path = list.wanted(|path| path);
        list.settle(Err(ApiError::without_answer(ErrorKind::Network)));
        assert!(list.error.is_some() && list.drawn().1.iter().any(Option::is_some));
        list.again();
        assert_eq!((list.wanted(|path| path), list.attempt), (path, 1));
    }

    #[test]
    fn a_list_that_got_shorter_forgets_what_was_below() {
        let mut list = loaded(5_000);
        list.scroll(3_000);
        fill(&mut list, 5_000);
        list.scroll(0);
        list.refresh();
        list.settle(Ok(page(0, 30)));
        assert_eq!((list.rows(), list.wanted(|path| path)), (30, None));
    }

    #[test]
    fn a_refresh_reads_what_is_in_sight_and_moves_nothing() {
        let mut list = loaded(5_000);
        list.scroll(1_000);
        fill(&mut list, 5_000);
        let (rows, top) = (list.rows(), list.top());
        list.refresh();
        assert!(list.drawn().1.iter().all(Option::is_some));
        assert!(!list.is_loading(), "it is no new question");
        let read = fill(&mut list, 5_000);
        assert!(read.len() <= 3 && read[0].contains("cursor="), "{read:?}");
        assert_eq!((list.rows(), list.top(), list.edition), (rows, top, 1));
    }
}
