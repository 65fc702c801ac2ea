//! How the log stands for one scope, and what a listener is due to hear of it.

use oriel_store::{LogView, Place};

/// All that is known of the log on behalf of one scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The newest entry.
    head: Place,
    /// What came after this entry is known.
    floor: u64,
    /// The newest change to what the scope may see.
    change: Option<Place>,
}

impl From<LogView> for Standing {
    fn from(view: LogView) -> Self {
        let LogView {
            head,
            floor,
            change,
        } = view;
        Self {
            head,
            floor,
            change,
        }
    }
}

impl Standing {
    /// Where to look on from.
    #[must_use]
    pub fn looked_through(&self) -> u64 {
        self.head.seq
    }

    /// What is known with a later view.
    #[must_use]
    pub fn followed_by(self, later: LogView) -> Self {
        if later.floor > self.head.seq {
            // Too much happened to look everything through.
            return Self::from(later);
        }
        Self {
            head: later.head,
            floor: self.floor,
            change: later.change.or(self.change),
        }
    }

    /// What a listener hears that was last told of `last`: one place for all that
    /// came after it. Whoever was told nothing yet, or of a place that says
    /// nothing here, hears where the log stands.
    #[must_use]
    pub fn due(&self, last: Option<u64>) -> Option<Place> {
        match last {
            Some(last) if (self.floor..=self.head.seq).contains(&last) => {
                self.change.filter(|change| change.seq > last)
            }
            _ => Some(self.head),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seq: u64) -> Place {
        Place {
            seq,
            revision: seq + 100,
        }
    }

    fn view(floor: u64, head: u64, change: Option<u64>) -> LogView {
        LogView {
            head: at(head),
            floor,
            change: change.map(at),
        }
    }

    #[test]
    fn a_new_listener_hears_where_the_log_stands() {
        let standing = Standing::from(view(0, 9, Some(4)));
        assert_eq!(standing.due(None), Some(at(9)));
        assert_eq!(Standing::from(view(0, 0, None)).due(None), Some(at(0)));
    }

    #[test]
    fn a_place_is_gone_on_from_with_the_newest_change_after_it() {
        let standing = Standing::from(view(0, 9, Some(4)));
        assert_eq!(standing.due(Some(3)), Some(at(4)));
        assert_eq!(standing.due(Some(4)), None);
        assert_eq!(standing.due(Some(9)), None);
        assert_eq!(Standing::from(view(0, 9, None)).due(Some(0)), None);
    }

    #[test]
    fn a_place_that_is_too_old_or_none_of_this_log_is_answered_with_the_latest() {
        let standing = Standing::from(view(5, 9, None));
        assert_eq!(standing.due(Some(4)), Some(at(9)));
        assert_eq!(standing.due(Some(5)), None);
        assert_eq!(standing.due(Some(10)), Some(at(9)));
        assert_eq!(standing.due(Some(u64::MAX)), Some(at(9)));
    }

    #[test]
    fn what_was_known_stays_known_unless_too_much_happened() {
        let standing = Standing::from(view(0, 9, Some(4)));
        let later = standing.followed_by(view(9, 12, None));
        assert_eq!(later.due(Some(3)), Some(at(4)));
        assert_eq!(later.looked_through(), 12);
        let later = later.followed_by(view(12, 14, Some(13)));
        assert_eq!(later.due(Some(9)), Some(at(13)));
        let far = later.followed_by(view(5_000, 6_000, None));
        assert_eq!(far.due(Some(13)), Some(at(6_000)));
    }
}
