//! Days, and ranges of them that have a name.

use jiff::civil::Date;
use oriel_contract::{civil_from_days, days_from_civil};

/// A range of days that is told from the day that the dashboard calls today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    Past7,
    Past30,
    Past90,
    ThisMonth,
    Next7,
    Next30,
}

impl Preset {
    /// Every preset, in the order of the menu.
    pub const ALL: [Self; 6] = [
        Self::Past7,
        Self::Past30,
        Self::Past90,
        Self::ThisMonth,
        Self::Next7,
        Self::Next30,
    ];

    /// Its first and last day; today counts as one of them.
    pub fn days(self, today: Date) -> (Option<Date>, Option<Date>) {
        let shifted = |days| civil_from_days(days_from_civil(today) + days);
        match self {
            Self::Past7 => (shifted(-6), Some(today)),
            Self::Past30 => (shifted(-29), Some(today)),
            Self::Past90 => (shifted(-89), Some(today)),
            Self::ThisMonth => {
                let first = i64::from(today.day()) - 1;
                let last = i64::from(today.days_in_month()) - i64::from(today.day());
                (shifted(-first), shifted(last))
            }
            Self::Next7 => (Some(today), shifted(6)),
            Self::Next30 => (Some(today), shifted(29)),
        }
    }
}

/// `2014-06-30`, as the contract and date fields have it. By hand: jiff's own
/// formatting is kilobytes.
pub fn text(date: Date) -> String {
    let two = |number: i8| {
        let text = number.to_string();
        if number < 10 {
            "0".to_owned() + &text
        } else {
            text
        }
    };
    let year = date.year().to_string();
    let zeros = "0".repeat(4_usize.saturating_sub(year.len()));
    [
        &*zeros,
        &year,
        "-",
        &two(date.month()),
        "-",
        &two(date.day()),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn spelt(preset: Preset, today: Date) -> String {
        let (from, to) = preset.days(today);
        from.map(text).unwrap_or_default() + " " + &to.map(text).unwrap_or_default()
    }

    #[test]
    fn ranges_count_today() {
        let today = date(2026, 6, 30);
        assert_eq!(spelt(Preset::Past7, today), "2026-06-24 2026-06-30");
        assert_eq!(spelt(Preset::Past90, today), "2026-04-02 2026-06-30");
        assert_eq!(spelt(Preset::Next7, today), "2026-06-30 2026-07-06");
    }

    #[test]
    fn a_month_is_whole() {
        let leap = date(2024, 2, 10);
        assert_eq!(spelt(Preset::ThisMonth, leap), "2024-02-01 2024-02-29");
    }

    #[test]
    fn days_are_written_as_the_contract_reads_them() {
        for day in [date(2014, 1, 2), date(999, 12, 31)] {
            assert_eq!(text(day), day.to_string());
        }
    }
}
