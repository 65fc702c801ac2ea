use super::*;
use crate::error::ErrorKind;

const QUESTION: &str = "/v1/embed/tasks?status=todo";

fn page(tasks: usize, next_cursor: Option<&str>) -> Rc<TaskPage> {
    let fixture: TaskPage =
        serde_json::from_str(include_str!("../tests/fixtures/tasks.json")).unwrap();
    Rc::new(TaskPage {
        items: vec![fixture.items[0].clone(); tasks],
        next_cursor: next_cursor.map(ToOwned::to_owned),
        total: 90,
    })
}

fn after(feed: Feed<TaskPage>, news: News<TaskPage>) -> Feed<TaskPage> {
    (*Rc::new(feed).reduce(news)).clone()
}

/// What is on its way has arrived.
fn arrived(feed: Feed<TaskPage>, answer: Answer<TaskPage>) -> Feed<TaskPage> {
    let path = path(&feed);
    after(feed, News::Arrived(path, answer))
}

fn path(feed: &Feed<TaskPage>) -> String {
    feed.read().map(|read| read.path).unwrap_or_default()
}

fn asked(question: &str, asked: u32) -> News<TaskPage> {
    News::Asked(question.to_owned(), asked)
}

fn failure() -> ApiError {
    ApiError::without_answer(ErrorKind::Network)
}

fn first() -> Feed<TaskPage> {
    let feed = Feed::new(QUESTION.to_owned(), 0);
    assert_eq!(path(&feed), "/v1/embed/tasks?status=todo&limit=20");
    arrived(feed, Ok(page(20, Some("x="))))
}

#[test]
fn more_reads_the_next_page_and_adds_it() {
    let feed = first();
    assert!(feed.read().is_none() && feed.can_grow());
    let feed = after(feed, News::More);
    assert!(feed.is_growing());
    assert!(path(&feed).ends_with("&limit=20&cursor=x%3D"));
    let feed = arrived(feed, Ok(page(7, None)));
    assert_eq!(feed.value.as_ref().unwrap().items.len(), 27);
    assert!(!feed.has_more() && !feed.is_growing());
}

#[test]
fn a_second_click_while_more_is_on_its_way_changes_nothing() {
    let feed = after(after(first(), News::More), News::More);
    let feed = arrived(feed, Ok(page(20, Some("y"))));
    assert_eq!(feed.value.as_ref().unwrap().items.len(), 40);
    assert!(feed.read().is_none());
}

#[test]
fn a_change_reads_all_that_is_shown_once_more() {
    let feed = arrived(after(first(), News::More), Ok(page(15, Some("y"))));
    let feed = after(feed, asked(QUESTION, 1));
    assert!(path(&feed).ends_with("&limit=40") && !feed.is_stale());
    let feed = arrived(feed, Ok(page(36, None)));
    assert_eq!(feed.value.as_ref().unwrap().items.len(), 36);
}

#[test]
fn a_change_while_more_is_on_its_way_brings_both() {
    let feed = after(after(first(), News::More), asked(QUESTION, 1));
    assert!(path(&feed).ends_with("&limit=40") && feed.is_growing());
}

#[test]
fn another_question_starts_again_and_keeps_what_is_there_meanwhile() {
    let feed = after(after(first(), News::More), asked("/v1/embed/tasks?q=a", 0));
    assert_eq!(path(&feed), "/v1/embed/tasks?q=a&limit=20");
    assert!(feed.is_stale() && feed.value.is_some());
    let old = after(
        feed,
        News::Arrived(QUESTION.to_owned() + "&limit=20", Ok(page(1, None))),
    );
    assert!(old.is_stale(), "an old answer is dropped");
}

#[test]
fn a_failure_is_told_and_tried_again() {
    let feed = arrived(Feed::new(QUESTION.to_owned(), 0), Err(failure()));
    assert!(feed.error.is_some() && feed.read().is_none());
    let feed = after(feed, News::Retry);
    assert_eq!(feed.read().map(|read| read.attempt), Some(1));
    let more = arrived(after(first(), News::More), Err(failure()));
    assert!(more.error.is_some() && more.value.is_some());
    assert!(path(&after(more, News::Retry)).ends_with("cursor=x%3D"));
}

#[test]
fn what_answers_another_question_than_the_one_that_failed_is_not_shown() {
    let feed = after(first(), asked("/v1/embed/tasks?q=a", 0));
    assert!(feed.shown().is_some());
    let feed = arrived(feed, Err(failure()));
    assert!(feed.shown().is_none() && feed.error.is_some());
}

#[test]
fn a_refresh_that_fails_is_no_news() {
    let feed = arrived(after(first(), asked(QUESTION, 1)), Err(failure()));
    assert!(feed.error.is_none() && feed.read().is_none() && feed.value.is_some());
}

#[test]
fn nothing_of_a_session_that_was_revoked_is_shown() {
    let feed = after(first(), asked("/q?", 2));
    let feed = arrived(
        feed,
        Err(ApiError::without_answer(ErrorKind::SessionRevoked)),
    );
    assert!(feed.shown().is_none());
    assert!(feed.error.is_some());
}

#[test]
fn it_ends_where_it_would_be_too_long() {
    let feed = arrived(
        Feed::new(QUESTION.to_owned(), 0),
        Ok(page(TaskPage::MOST, Some("z"))),
    );
    assert!(feed.has_more() && !feed.can_grow());
    assert!(after(feed, News::More).read().is_none());
}
