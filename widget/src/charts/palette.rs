//! Which colour an [`Ink`] is: the stylesheet says so, in custom properties, so
//! that canvas and text follow one theme.

use plotters_backend::BackendColor;

use super::scene::Ink;

impl Ink {
    /// The custom property that holds its colour.
    pub const fn property(self) -> &'static str {
        match self {
            Self::Text => "--text",
            Self::Muted => "--text-muted",
            Self::Grid => "--chart-grid",
            Self::Axis => "--chart-axis",
            Self::Accent => "--chart-accent",
            Self::AccentSoft => "--chart-accent-soft",
            Self::Scope => "--chart-scope",
            Self::Overdue => "--chart-overdue",
            Self::Todo => "--status-todo",
            Self::InProgress => "--status-in-progress",
            Self::Blocked => "--status-blocked",
            Self::Done => "--status-done",
            Self::Cancelled => "--status-cancelled",
        }
    }
}

/// The colour that `#rrggbb` stands for; black for anything else.
pub fn hex(text: &str) -> BackendColor {
    let digits = text.trim().trim_start_matches('#');
    let value = u32::from_str_radix(digits, 16).unwrap_or(0);
    let [_, red, green, blue] = value.to_be_bytes();
    BackendColor {
        alpha: 1.0,
        rgb: (red, green, blue),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hex_colour_is_read() {
        assert_eq!(hex(" #3b82f6").rgb, (0x3b, 0x82, 0xf6));
        assert_eq!(hex("tomato").rgb, (0, 0, 0));
    }

    #[test]
    fn the_stylesheet_defines_every_ink_in_light_and_dark() {
        let sheet = include_str!("../../styles/tokens.css");
        for ink in [
            Ink::Text,
            Ink::Muted,
            Ink::Grid,
            Ink::Axis,
            Ink::Accent,
            Ink::AccentSoft,
            Ink::Scope,
            Ink::Overdue,
            Ink::Todo,
            Ink::InProgress,
            Ink::Blocked,
            Ink::Done,
            Ink::Cancelled,
        ] {
            let definition = ink.property().to_owned() + ": #";
            assert_eq!(sheet.matches(&definition).count(), 2, "{definition}");
        }
    }
}
