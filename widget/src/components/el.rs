//! Elements, written as selectors: `el("p.notice__text[dir=auto]")`.
//!
//! `html!` works every element out in place; as calls of a few functions the same
//! page is a tenth of the bundle smaller. What is built is the same virtual DOM.

use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::Event;
use yew::{
    AttrValue, Callback, Html,
    virtual_dom::{Key, Listener, ListenerKind, VTag, VText},
};

use crate::state::Action;

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

    /// Tells what a menu has been set to.
    pub fn on_change(self, tell: &Tell, action: fn(String) -> Action) -> Self {
        self.listen(ListenerKind::onchange, tell, News::Value(action))
    }

    /// Tells what stands in a field, with each key.
    pub fn on_input(self, tell: &Tell, action: fn(String) -> Action) -> Self {
        self.listen(ListenerKind::oninput, tell, News::Value(action))
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
    /// The value of the element where it happened.
    Value(fn(String) -> Action),
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
        match &self.news {
            News::Fixed(action) => self.tell.emit(action.clone()),
            News::Value(action) => {
                let value = event
                    .target()
                    .and_then(|target| Reflect::get(&target, &JsValue::from_str("value")).ok());
                if let Some(value) = value.and_then(|value| value.as_string()) {
                    self.tell.emit(action(value));
                }
            }
        }
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
