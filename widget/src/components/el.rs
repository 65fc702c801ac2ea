//! Elements, written as selectors: `el("p.notice__text[dir=auto]")`.
//!
//! `html!` works every element out in place; as calls of a few functions the same
//! page is a tenth of the bundle smaller. What is built is the same virtual DOM.

use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement};
use yew::{
    AttrValue, Callback, Html, NodeRef,
    virtual_dom::{Key, Listener, ListenerKind, VTag, VText},
};

use crate::{list::STRIDE, state::Action};

/// Who hears of what the viewer does.
pub type Tell = Callback<Action>;

/// An element that is being put together.
pub struct El(Box<VTag>);

/// A new element: a tag, then `.` and its classes with spaces between them, then
/// attributes in brackets, as far as there are any.
pub fn el(selector: &'static str) -> El {
    let (head, attributes) = selector.split_once('[').unwrap_or((selector, ""));
    let (tag, classes) = head.split_once('.').unwrap_or((head, ""));
    let mut el = El(Box::new(VTag::new(tag)));
    if !classes.is_empty() {
        el.0.add_attribute("class", classes);
    }
    for attribute in attributes.split_terminator(']') {
        let attribute = attribute.trim_start_matches('[');
        let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        el.0.add_attribute(name, value);
    }
    el
}

impl El {
    /// Sets an attribute.
    pub fn set(self, name: &'static str, value: impl Into<AttrValue>) -> Self {
        self.set_attribute(name, value.into())
    }

    fn set_attribute(mut self, name: &'static str, value: AttrValue) -> Self {
        self.0.add_attribute(name, value);
        self
    }

    /// Sets a property: what a field shows, for one, since the attribute of that
    /// name holds only until the viewer has changed it.
    pub fn property(mut self, name: &'static str, value: JsValue) -> Self {
        self.0.add_property(name, value);
        self
    }

    /// Tells the style sheet how many rows it has: through CSSOM, since the frame
    /// allows no style attribute.
    pub fn rows(self, rows: usize) -> Self {
        let rows = "--rows:".to_owned() + &rows.to_string();
        self.property("style", rows.into())
    }

    /// Tells it from its siblings, so that it stays the same node, and keeps the
    /// focus, when they come and go. Siblings have a key all or none.
    pub fn key(mut self, key: &str) -> Self {
        self.0.key = Some(Key::from(key));
        self
    }

    /// Adds text.
    pub fn text(self, text: impl Into<AttrValue>) -> Self {
        self.add(Html::VText(VText::new(text.into())))
    }

    /// Adds a child.
    pub fn add(self, child: impl Into<Html>) -> Self {
        self.add_node(child.into())
    }

    fn add_node(mut self, child: Html) -> Self {
        self.0.add_child(child);
        self
    }

    /// Adds children.
    pub fn all(mut self, children: impl IntoIterator<Item = El>) -> Self {
        for child in children {
            self.0.add_child(child.into());
        }
        self
    }

    /// Tells `action` when clicked.
    pub fn on_click(self, tell: &Tell, action: Action) -> Self {
        self.listen(ListenerKind::onclick, tell, News::Fixed(action))
    }

    /// Tells `action` when clicked, and `shifted` when the Shift key is held.
    pub fn on_click_or_shift(self, tell: &Tell, action: Action, shifted: Action) -> Self {
        self.listen(ListenerKind::onclick, tell, News::Shift(action, shifted))
    }

    /// Tells `action` when a dialog has been closed, unless it is open again by now:
    /// browsers say so a turn later.
    pub fn on_close(self, tell: &Tell, action: Action) -> Self {
        self.listen(ListenerKind::onclose, tell, News::Toggled(false, action))
    }

    /// Tells `action` when a `<details>` has been opened.
    pub fn on_open(self, tell: &Tell, action: Action) -> Self {
        self.listen(ListenerKind::ontoggle, tell, News::Toggled(true, action))
    }

    /// Tells which row of a table is the first in sight in this scroll area, when it
    /// is another than `top` by a stride.
    pub fn on_rows(self, tell: &Tell, top: usize, action: fn(usize) -> Action) -> Self {
        self.listen(ListenerKind::onscroll, tell, News::Rows(top, action))
    }

    /// Tells what a menu has been set to.
    pub fn on_change(self, tell: &Tell, action: fn(String) -> Action) -> Self {
        self.listen(ListenerKind::onchange, tell, News::Value(action))
    }

    /// Tells what stands in a field, with each key.
    pub fn on_input(self, tell: &Tell, action: fn(String) -> Action) -> Self {
        self.listen(ListenerKind::oninput, tell, News::Value(action))
    }

    /// Has `callback` hear of every event of this kind.
    pub fn on(mut self, kind: ListenerKind, callback: &Callback<Event>) -> Self {
        let callback = callback.clone();
        self.0.add_listener(Rc::new(Hearer { kind, callback }));
        self
    }

    /// Lets `node` refer to it.
    pub fn refer(mut self, node: &NodeRef) -> Self {
        self.0.node_ref = node.clone();
        self
    }

    fn listen(mut self, kind: ListenerKind, tell: &Tell, news: News) -> Self {
        let tell = tell.clone();
        self.0.add_listener(Rc::new(Reporter { kind, tell, news }));
        self
    }
}

impl From<El> for Html {
    fn from(el: El) -> Self {
        (*el.0).into()
    }
}

/// What an event is news of.
enum News {
    Fixed(Action),
    /// One thing, or another with the Shift key.
    Shift(Action, Action),
    /// Only where the element is open, or is not.
    Toggled(bool, Action),
    /// The value of the element where it happened.
    Value(fn(String) -> Action),
    /// The first row in sight, unless it is still about the one that was told.
    Rows(usize, fn(usize) -> Action),
}

impl News {
    fn of(&self, event: &Event) -> Option<Action> {
        let target: JsValue = event.target()?.into();
        match self {
            Self::Fixed(action) => Some(action.clone()),
            Self::Shift(action, shifted) => {
                let is_held = property(event, "shiftKey")?.is_truthy();
                Some(if is_held { shifted } else { action }.clone())
            }
            Self::Toggled(wanted, action) => {
                let is_open = property(&target, "open")?.is_truthy();
                (is_open == *wanted).then(|| action.clone())
            }
            Self::Value(action) => Some(action(property(&target, "value")?.as_string()?)),
            Self::Rows(told, action) => {
                let top = first_row(&target)? / STRIDE * STRIDE;
                (top != *told).then(|| action(top))
            }
        }
    }
}

fn property(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &JsValue::from_str(name)).ok()
}

/// The first row in sight in a scroll area: the rows of its table are all as high as
/// each other.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn first_row(area: &JsValue) -> Option<usize> {
    let area: &Element = area.dyn_ref()?;
    // The first is the room of those that are not there.
    let row = area.query_selector("tbody tr + tr").ok()??;
    let height = row.dyn_ref::<HtmlElement>()?.offset_height();
    Some((area.scroll_top() / height.max(1)).max(0) as usize)
}

struct Reporter {
    kind: ListenerKind,
    tell: Tell,
    news: News,
}

impl Listener for Reporter {
    fn kind(&self) -> ListenerKind {
        self.kind.clone()
    }

    fn handle(&self, event: Event) {
        if let Some(action) = self.news.of(&event) {
            self.tell.emit(action);
        }
    }

    fn passive(&self) -> bool {
        false
    }
}

struct Hearer {
    kind: ListenerKind,
    callback: Callback<Event>,
}

impl Listener for Hearer {
    fn kind(&self) -> ListenerKind {
        self.kind.clone()
    }

    fn handle(&self, event: Event) {
        self.callback.emit(event);
    }

    fn passive(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(selector: &'static str) -> Vec<(String, String)> {
        let el = el(selector).0;
        let attributes = el.attributes.iter();
        attributes
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn a_selector_names_tag_classes_and_attributes() {
        assert_eq!(el("th.a b[scope=col][hidden]").0.tag(), "th");
        assert_eq!(
            attributes("th.a b[scope=col][hidden]"),
            [
                pair("class", "a b"),
                pair("scope", "col"),
                pair("hidden", "")
            ]
        );
        assert_eq!(attributes("p"), []);
        assert_eq!(attributes("td[dir=auto]"), [pair("dir", "auto")]);
    }
}
