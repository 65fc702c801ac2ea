//! The size of an element.

use js_sys::Array;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, ResizeObserver, ResizeObserverEntry};
use yew::prelude::*;

use crate::charts::scene::Size;

/// The content box of the element behind `node`; `None` before it is laid out.
#[hook]
pub fn use_size(node: &NodeRef) -> Option<Size> {
    let size = use_state_eq(|| None);
    let (setter, size_now) = (size.setter(), size.setter());
    let node = node.clone();
    use_effect_with((), move |()| {
        let changed = Closure::<dyn Fn(Array)>::new(move |entries: Array| {
            let entry: ResizeObserverEntry = entries.get(0).unchecked_into();
            let content = entry.content_rect();
            setter.set(Some(Size {
                width: content.width(),
                height: content.height(),
            }));
        });
        let observer = ResizeObserver::new(changed.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, node.cast::<Element>()) {
            // At once, for the observer waits until all has been laid out once.
            let place = element.get_bounding_client_rect();
            size_now.set(Some(Size {
                width: place.width(),
                height: place.height(),
            }));
            observer.observe(&element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(changed);
        }
    });
    *size
}
