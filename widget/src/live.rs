//! What was heard of changes, held against what is on the screen.

/// The newest that was heard.
#[derive(Debug, Clone, Copy, Default)]
pub struct Live {
    /// Whether changes are heard of; `None` before the first try.
    pub is_up: Option<bool>,
    /// The revision that the newest change made.
    revision: u64,
}

impl Live {
    /// Takes in what was heard, and tells whether it is news to a screen that shows
    /// `shown`. Every sign of life asks again, so that a read which failed is made
    /// up for. Without numbers the screen has no revision, and a change counts once.
    pub fn hear(&mut self, is_up: bool, revision: Option<u64>, shown: Option<u64>) -> bool {
        let before = self.revision;
        self.revision = before.max(revision.unwrap_or(0));
        self.is_up = Some(is_up);
        is_up && self.revision > shown.unwrap_or(before)
    }

    /// Whether there was a change after what is shown.
    pub fn is_ahead_of(&self, shown: Option<u64>) -> bool {
        shown.is_some_and(|shown| self.revision > shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_after_what_is_shown_is_news_until_it_is_shown() {
        let mut live = Live::default();
        assert!(!live.hear(true, Some(7), Some(7)));
        assert!(live.hear(true, Some(8), Some(7)));
        assert!(live.hear(true, None, Some(7)), "the read may have failed");
        assert!(live.is_ahead_of(Some(7)));
        assert!(!live.hear(true, None, Some(8)));
        assert!(!live.is_ahead_of(Some(8)));
    }

    #[test]
    fn without_numbers_each_change_counts_once() {
        let mut live = Live::default();
        assert!(live.hear(true, Some(7), None));
        assert!(!live.hear(true, None, None));
        assert!(!live.hear(true, Some(7), None));
        assert!(live.hear(true, Some(8), None));
        assert!(!live.is_ahead_of(None));
    }

    #[test]
    fn a_line_that_is_down_brings_no_news() {
        let mut live = Live::default();
        live.hear(true, Some(8), Some(8));
        assert!(!live.hear(false, None, Some(7)));
        assert_eq!(live.is_up, Some(false));
    }
}
