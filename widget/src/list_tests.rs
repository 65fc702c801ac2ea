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
    let one: TaskPage = serde_json::from_str(include_str!("../tests/fixtures/tasks.json")).unwrap();
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
    assert_eq!(fill(&mut list, 100_000), ["/v1/embed/tasks?limit=50"]);
    assert_eq!(list.rows(), 250, "the page below is known, and leaves room");
    list.scroll(STRIDE);
    let read = fill(&mut list, 100_000);
    assert_eq!(read, ["/v1/embed/tasks?limit=200&cursor=1"]);
    assert_eq!(list.rows(), 450);
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
    let mut list = scrolled(500);
    list.scroll(200);
    list.restart();
    assert!(list.is_loading());
    assert!(list.drawn().1.iter().any(Option::is_some));
    fill(&mut list, 10);
    assert_eq!((list.rows(), list.top(), list.edition), (10, 0, 2));
    assert!(!list.is_loading());
}

/// A list whose viewer has begun to scroll: what is ahead of them is there.
fn scrolled(total: usize) -> TaskList {
    let mut list = loaded(total);
    assert_eq!(list.wanted(|path| path), None, "a first view is alone");
    list.scroll(STRIDE);
    fill(&mut list, total);
    list
}

#[test]
fn a_page_that_fails_leaves_what_is_there_and_is_tried_again() {
    let mut list = scrolled(5_000);
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
fn a_list_that_shrinks_under_a_viewer_deep_down_takes_them_to_its_end() {
    for left in [30, 2_000] {
        let mut list = loaded(5_000);
        for top in (0..=3_000).step_by(100) {
            list.scroll(top);
            fill(&mut list, 5_000);
        }
        assert_eq!(list.top(), 3_000);
        list.refresh();
        while let Some(place) = list.missing() {
            list.settle(Ok(page(place, left)));
            let (first, rows) = list.drawn();
            assert!(
                first + rows.len() <= list.rows(),
                "more rows than there are"
            );
        }
        assert_eq!(list.rows(), left);
        assert!(list.drawn().1.iter().all(Option::is_some));
    }
}

#[test]
fn a_quiet_read_that_fails_is_no_news_while_all_rows_are_there() {
    let mut list = scrolled(5_000);
    list.refresh();
    for _ in 0..2 {
        assert!(list.wanted(|path| path).is_some());
        list.settle(Err(ApiError::without_answer(ErrorKind::Network)));
        assert_eq!(list.error, None);
    }
    assert_eq!(
        list.wanted(|path| path),
        None,
        "it waits for the next change"
    );
    list.scroll(400);
    assert!(list.wanted(|path| path).unwrap().contains("cursor="));
    list.settle(Err(ApiError::without_answer(ErrorKind::Network)));
    assert!(list.error.is_some(), "rows are missing");
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

#[test]
fn nothing_of_a_session_that_was_revoked_is_kept() {
    let mut list = loaded(300);
    list.refresh();
    list.settle(Err(ApiError::without_answer(ErrorKind::SessionRevoked)));
    assert!(list.drawn().1.iter().all(Option::is_none));
    assert_eq!(list.total, 0);
    assert!(list.error.is_some());
    list.again();
    fill(&mut list, 300);
    assert!(list.error.is_none() && list.drawn().1[0].is_some());
}
