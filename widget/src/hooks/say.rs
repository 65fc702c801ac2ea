//! The one live region of the charts, outside of what is rendered: a word to those
//! who listen is no reason to render anything.

use gloo::timers::callback::Timeout;
use web_sys::Element;

const REGION: &str = "said";
/// A key that is held down tells where it stopped, not every value on the way.
const PAUSE_MS: u32 = 150;

/// Says `text` politely after a pause, unless what is returned is dropped before.
pub fn say(text: String) -> Option<Timeout> {
    let region = region()?;
    Some(Timeout::new(PAUSE_MS, move || {
        region.set_text_content(Some(&text));
    }))
}

fn region() -> Option<Element> {
    let document = web_sys::window()?.document()?;
    if let Some(region) = document.get_element_by_id(REGION) {
        return Some(region);
    }
    let region = document.create_element("p").ok()?;
    for (name, value) in [("id", REGION), ("role", "status"), ("class", "sr-only")] {
        region.set_attribute(name, value).ok()?;
    }
    document.body()?.append_child(&region).ok()?;
    Some(region)
}
