//! Texts that must fit.

use super::scene::Measure;

/// The longest beginning of `text` that fits `room` with an ellipsis, or all of it.
pub fn ellipsised(text: &str, room: f64, measure: Measure<'_>) -> String {
    if measure(text) <= room {
        return text.to_owned();
    }
    let ends: Vec<usize> = text.char_indices().map(|(index, _)| index).collect();
    // Widths grow with the text, so half of what is left can be ruled out each time.
    let fitting = ends.partition_point(|end| {
        let cut = shortened(text, *end);
        measure(&cut) <= room
    });
    match fitting {
        0 => String::new(),
        _ => shortened(text, ends[fitting - 1]),
    }
}

fn shortened(text: &str, end: usize) -> String {
    text[..end].trim_end().to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::{super::scene::tests::seven, *};

    #[test]
    fn a_text_that_fits_stays_whole() {
        assert_eq!(ellipsised("Ada", 21.0, &seven), "Ada");
    }

    #[test]
    fn a_long_text_ends_in_an_ellipsis_and_fits() {
        let text = ellipsised("Wolfeschlegelsteinhausenbergerdorff", 70.0, &seven);
        assert_eq!(text, "Wolfeschl…");
        assert!(seven(&text) <= 70.0);
    }

    #[test]
    fn letters_of_many_bytes_are_never_split() {
        for room in 0..100 {
            let text = ellipsised("مريم 👩‍💻 Ångström", f64::from(room), &seven);
            assert!(seven(&text) <= f64::from(room));
        }
    }
}
