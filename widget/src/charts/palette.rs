//! Which colour an [`Ink`] is: the stylesheet says so, in registered custom
//! properties, so that canvas and text follow one theme and the host's own colours.
//!
//! The colours themselves stand in `styles/tokens.css`. The tests here hold them
//! against what a viewer with weak sight or a colour deficiency needs.

use plotters_backend::BackendColor;

use super::scene::Ink;

impl Ink {
    /// The custom property that holds its colour.
    pub const fn property(self) -> &'static str {
        match self {
            Self::Surface => "--surface",
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

/// The colour that the browser gives as `rgb(r, g, b)`: that is how it computes
/// each property that the stylesheet registers. What is missing is black.
pub fn rgb(text: &str) -> BackendColor {
    let mut channels = text
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok());
    let mut next = || channels.next().unwrap_or(0);
    BackendColor {
        alpha: 1.0,
        rgb: (next(), next(), next()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Rgb = [f64; 3];

    const SHEET: &str = include_str!("../../styles/tokens.css");
    const INKS: [Ink; 14] = [
        Ink::Surface,
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
    ];
    /// Inks that stand beside each other in one chart.
    const TOGETHER: [&[Ink]; 3] = [
        &[
            Ink::Todo,
            Ink::InProgress,
            Ink::Blocked,
            Ink::Done,
            Ink::Cancelled,
        ],
        &[Ink::Scope, Ink::Accent],
        &[Ink::Overdue, Ink::Accent],
    ];

    /// What viewers with no, with red, with green and with blue deficiency see of
    /// linear RGB: Machado, Oliveira and Fernandes, "A Physiologically-based Model
    /// for Simulation of Color Vision Deficiency" (2009), table 1, severity 1.0.
    const EYES: [(&str, [Rgb; 3]); 4] = [
        (
            "no deficiency",
            [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        ),
        (
            "protanopia",
            [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
        ),
        (
            "deuteranopia",
            [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
        ),
        (
            "tritanopia",
            [
                [1.255_528, -0.076_749, -0.178_779],
                [-0.078_411, 0.930_809, 0.147_602],
                [0.004_733, 0.691_367, 0.303_900],
            ],
        ),
    ];
    /// The least distance in `OKLab`. 0.02 is what a practised eye just notices.
    const APART: f64 = 0.08;

    /// The light and the dark colour of a property, in linear RGB.
    fn colours(property: &str) -> [Rgb; 2] {
        let definition = property.to_owned() + ": light-dark(";
        let (_, rest) = SHEET.split_once(&definition).expect(property);
        let (values, _) = rest.split_once(')').expect(property);
        let (light, dark) = values.split_once(", ").expect(property);
        [linear(light), linear(dark)]
    }

    /// sRGB to linear light (IEC 61966-2-1).
    fn linear(hex: &str) -> Rgb {
        let value = u32::from_str_radix(hex.trim_start_matches('#'), 16).expect(hex);
        let [_, rgb @ ..] = value.to_be_bytes();
        rgb.map(|channel| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.040_45 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    fn times(matrix: &[Rgb; 3], [x, y, z]: Rgb) -> Rgb {
        matrix.map(|[a, b, c]| a * x + b * y + c * z)
    }

    /// Contrast as WCAG 2.2 has it.
    fn contrast(one: Rgb, other: Rgb) -> f64 {
        let [a, b] = [one, other].map(|[r, g, b]| 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
        a.max(b) / a.min(b)
    }

    /// Björn Ottosson's `OKLab`, <https://bottosson.github.io/posts/oklab/>.
    fn oklab(linear: Rgb) -> Rgb {
        let cones = times(
            &[
                [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
                [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
                [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
            ],
            linear,
        );
        times(
            &[
                [0.210_454_255_3, 0.793_617_785, -0.004_072_046_8],
                [1.977_998_495_1, -2.428_592_205, 0.450_593_709_9],
                [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766],
            ],
            cones.map(f64::cbrt),
        )
    }

    fn distance(one: Rgb, other: Rgb) -> f64 {
        let squares = one.iter().zip(other).map(|(a, b)| (a - b).powi(2));
        squares.sum::<f64>().sqrt()
    }

    #[test]
    fn a_computed_colour_is_read() {
        assert_eq!(rgb("rgb(59, 130, 246)").rgb, (59, 130, 246));
        assert_eq!(rgb("").rgb, (0, 0, 0));
    }

    #[test]
    fn the_stylesheet_registers_every_ink_in_light_and_dark() {
        for ink in INKS {
            let property = ink.property();
            let registered = "@property ".to_owned() + property + " { syntax: \"<color>\"";
            assert!(SHEET.contains(&registered), "{property}");
            let [light, dark] = colours(property);
            assert!(distance(light, dark) > 0.0, "{property}");
        }
    }

    #[test]
    fn inks_that_carry_data_have_three_to_one_against_the_surface() {
        let surface = colours(Ink::Surface.property());
        for ink in TOGETHER.concat() {
            for (colour, surface) in colours(ink.property()).into_iter().zip(surface) {
                let contrast = contrast(colour, surface);
                assert!(contrast >= 3.0, "{ink:?}: {contrast:.2}");
            }
        }
    }

    #[test]
    fn text_has_four_and_a_half_to_one_against_every_ground() {
        for ground in [
            "--page",
            "--surface",
            "--surface-sunken",
            "--surface-raised",
        ] {
            for text in [
                "--text",
                "--text-muted",
                "--accent",
                "--good",
                "--warn",
                "--bad",
            ] {
                for (colour, ground) in colours(text).into_iter().zip(colours(ground)) {
                    let contrast = contrast(colour, ground);
                    assert!(contrast >= 4.5, "{text}: {contrast:.2}");
                }
            }
        }
    }

    #[test]
    fn colour_blind_viewers_tell_inks_of_one_chart_apart() {
        for inks in TOGETHER {
            for (index, one) in inks.iter().enumerate() {
                for other in &inks[index + 1..] {
                    assert_apart(*one, *other);
                }
            }
        }
    }

    fn assert_apart(one: Ink, other: Ink) {
        let pairs = colours(one.property())
            .into_iter()
            .zip(colours(other.property()));
        for (a, b) in pairs {
            for (eye, matrix) in &EYES {
                let [a, b] = [a, b].map(|c| oklab(times(matrix, c).map(|c| c.clamp(0.0, 1.0))));
                let distance = distance(a, b);
                assert!(
                    distance >= APART,
                    "{one:?}, {other:?}, {eye}: {distance:.3}"
                );
            }
        }
    }
}
