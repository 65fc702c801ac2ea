//! The order of the list: up to three columns, each one way or the other.

/// A column that tasks can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKey {
    Title,
    Status,
    Priority,
    DueOn,
    CreatedAt,
    CompletedAt,
    UpdatedAt,
}

impl SortKey {
    /// Every column, in the order of the menu.
    pub const ALL: [Self; 7] = [
        Self::Title,
        Self::Status,
        Self::Priority,
        Self::DueOn,
        Self::CreatedAt,
        Self::CompletedAt,
        Self::UpdatedAt,
    ];

    /// The column as the contract spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Status => "status",
            Self::Priority => "priority",
            Self::DueOn => "due_on",
            Self::CreatedAt => "created_at",
            Self::CompletedAt => "completed_at",
            Self::UpdatedAt => "updated_at",
        }
    }

    /// Whether one expects the greatest first: the newest of what has happened.
    const fn starts_descending(self) -> bool {
        matches!(self, Self::CreatedAt | Self::CompletedAt | Self::UpdatedAt)
    }
}

/// The most columns that the contract takes.
const MOST_KEYS: usize = 3;

/// Columns, the most important first. Nothing is the server's own order, the last
/// updated first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sort {
    /// Each with whether it is turned round.
    keys: Vec<(SortKey, bool)>,
}

impl Sort {
    /// Reads an order; columns that are none are left out.
    pub fn parse(text: &str) -> Self {
        let mut sort = Self::default();
        for part in text.split(',') {
            let (name, descending) = match part.strip_prefix('-') {
                Some(name) => (name, true),
                None => (part, false),
            };
            let key = SortKey::ALL.into_iter().find(|key| key.as_str() == name);
            if let Some(key) = key {
                sort.set(key, Some(descending));
            }
        }
        sort
    }

    /// The order as the contract spells it; empty for the server's own.
    pub fn to_text(&self) -> String {
        let parts = self.keys.iter().map(|(key, descending)| {
            let sign = if *descending { "-" } else { "" };
            sign.to_owned() + key.as_str()
        });
        parts.collect::<Vec<_>>().join(",")
    }

    /// Takes over a click on the heading of `key`: orders by that column the way one
    /// expects it first, then the other way round; together with the columns before
    /// it, or by it alone.
    pub fn by(&mut self, key: SortKey, together: bool) {
        let descending = match self.place(key) {
            Some(place) => !self.keys[place].1,
            None => key.starts_descending(),
        };
        if !together {
            self.keys.retain(|(other, _)| *other == key);
        }
        self.set(key, Some(descending));
    }

    /// Orders by `key` one way, the other way or (`None`) not at all; the other
    /// columns stay. Beyond the most that there may be, the last one gives way.
    pub fn set(&mut self, key: SortKey, descending: Option<bool>) {
        match (self.place(key), descending) {
            (Some(place), Some(descending)) => self.keys[place].1 = descending,
            (Some(place), None) => drop(self.keys.remove(place)),
            (None, Some(descending)) => {
                self.keys.truncate(MOST_KEYS - 1);
                self.keys.push((key, descending));
            }
            (None, None) => {}
        }
    }

    /// Which place `key` has, from 0, and whether it is turned round.
    pub fn standing(&self, key: SortKey) -> Option<(usize, bool)> {
        let place = self.place(key)?;
        Some((place, self.keys[place].1))
    }

    /// How many columns there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    fn place(&self, key: SortKey) -> Option<usize> {
        self.keys.iter().position(|(other, _)| *other == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(clicks: &[(SortKey, bool)]) -> String {
        let mut sort = Sort::default();
        for (key, together) in clicks {
            sort.by(*key, *together);
        }
        sort.to_text()
    }

    #[test]
    fn a_second_click_turns_the_order_round() {
        assert_eq!(after(&[(SortKey::DueOn, false)]), "due_on");
        assert_eq!(after(&[(SortKey::DueOn, false); 2]), "-due_on");
        assert_eq!(after(&[(SortKey::UpdatedAt, false)]), "-updated_at");
    }

    #[test]
    fn clicks_together_add_columns_and_one_alone_leaves_one() {
        let three = [
            (SortKey::Priority, false),
            (SortKey::DueOn, true),
            (SortKey::Title, true),
        ];
        assert_eq!(after(&three), "priority,due_on,title");
        let fourth = [&three[..], &[(SortKey::Status, true)]].concat();
        assert_eq!(after(&fourth), "priority,due_on,status");
        let alone = [&three[..], &[(SortKey::DueOn, false)]].concat();
        assert_eq!(after(&alone), "-due_on");
    }

    #[test]
    fn orders_come_back_as_they_were_written() {
        for text in ["", "title", "-priority,due_on", "status,-title,-created_at"] {
            assert_eq!(Sort::parse(text).to_text(), text);
        }
        assert_eq!(Sort::parse("colour,-due_on,due_on").to_text(), "due_on");
    }

    #[test]
    fn a_column_can_be_left_out_again() {
        let mut sort = Sort::parse("priority,due_on");
        sort.set(SortKey::Priority, None);
        assert_eq!(sort.standing(SortKey::DueOn), Some((0, false)));
        assert_eq!((sort.standing(SortKey::Priority), sort.len()), (None, 1));
    }
}
