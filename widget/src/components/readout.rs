//! What is told of the value under the pointer or the cursor: a mark on the chart
//! and a small table beside it. Those who cannot see it are told by [`say`].
//!
//! [`say`]: crate::hooks::say

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::el::{El, el};
use crate::{
    charts::{
        Twin,
        explore::{Spot, beside},
        scene::Size,
    },
    format,
    messages::msg,
    words,
};

/// The value of `series` at `point`, with the others of that point.
pub fn readout(twin: &Twin, point: usize, series: Option<usize>) -> El {
    let row = twin.rows.get(point).into_iter().flatten();
    let names = twin.head.iter().zip(row).enumerate();
    el("div.readout[aria-hidden=true]").all(names.map(|(column, (name, value))| {
        if column == 0 {
            return el("b[dir=auto]").text(value.clone());
        }
        el("div")
            .set("data-current", words::truth(series == Some(column - 1)))
            .add(el("span").text(*name))
            .add(el("span").text(value.clone()))
    }))
}

/// The same in words: of a point with several series only the one that is meant.
pub fn spoken(twin: &Twin, point: usize, series: Option<usize>) -> String {
    let row = twin.rows.get(point).into_iter().flatten();
    let names = twin.head.iter().zip(row).enumerate();
    let told = names
        .filter(|(column, _)| *column == 0 || series.is_none_or(|series| series == column - 1));
    let parts = told.map(|(column, (name, value))| {
        if column == 0 {
            value.clone()
        } else {
            msg::VALUE_OF.with([name.text(), value.clone()])
        }
    });
    format::listed(parts.collect())
}

/// Puts the mark on `spot` and the readout beside it, as they have been laid out:
/// the last two of what stands in `place`.
pub fn put(spot: Spot, place: &HtmlElement, plot: Size) {
    let note = place.last_element_child();
    let mark = note.as_ref().and_then(Element::previous_element_sibling);
    let (Some(mark), Some(note)) = (mark, note) else {
        return;
    };
    let [mark, note] = [mark, note].map(Element::unchecked_into::<HtmlElement>);
    let size = Size {
        width: f64::from(note.offset_width()),
        height: f64::from(note.offset_height()),
    };
    let (left, top) = beside(spot, size, plot);
    set(&note, [("left", left), ("top", top)]);
    set(&mark, [("left", spot.x), ("top", spot.y)]);
    set(&mark, [("width", spot.width), ("height", spot.height)]);
}

fn set(element: &HtmlElement, lengths: [(&str, f64); 2]) {
    for (name, length) in lengths {
        // Whole pixels: to write a fraction takes more code than it is worth.
        #[allow(clippy::cast_possible_truncation)]
        let length = (length.round() as i32).to_string() + "px";
        let _ = element.style().set_property(name, &length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::{Chart, tests::dashboard};

    #[test]
    fn a_point_is_told_with_all_its_values() {
        let twin = Chart::BurnUp.twin(&dashboard());
        let told = spoken(&twin, 0, None);
        assert_eq!(told, "31 Aug 2025, Scope: 180, Completed: 60");
    }

    #[test]
    fn of_a_stack_only_the_series_under_the_cursor_is_told() {
        let twin = Chart::StatusOverTime.twin(&dashboard());
        assert_eq!(spoken(&twin, 0, Some(1)), "31 Aug 2025, In progress: 25");
    }

    #[test]
    fn a_point_that_is_not_there_is_told_as_nothing() {
        assert_eq!(spoken(&Twin::default(), 3, None), "");
    }
}
