//! Talks with the host page: what it wants shown, and where the viewer goes.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use yew::prelude::*;

use crate::{
    bridge::{Session, map, message},
    components::el::Tell,
    state::{Action, State},
    view::View,
};

/// Heeds the host page, and tells it the view and the filters when they change.
#[hook]
pub fn use_host(session: &Session, state: &State, tell: &Tell) {
    use_effect_with((), {
        let (session, tell) = (session.clone(), tell.clone());
        move |()| {
            let heard = Closure::<dyn Fn(JsValue)>::new(move |message: JsValue| {
                if let Some(action) = wish(&message) {
                    tell.emit(action);
                }
            });
            session.on_host(&heard);
            move || drop(heard)
        }
    });
    use_news(state.view.to_text(), {
        let session = session.clone();
        move |view| session.tell(&message("navigate", "view", &view.into()))
    });
    use_news(state.view.place.clone(), {
        let session = session.clone();
        move |_| session.arrive()
    });
    use_news(state.kept(), {
        let session = session.clone();
        move |kept| {
            let kept = map(kept.iter().map(|(name, value)| (*name, &**value)));
            session.tell(&message("filter", "filters", &kept));
        }
    });
}

/// What the host page has wanted before the widget was there.
pub fn wishes(session: &Session) -> Vec<Action> {
    session
        .wishes()
        .iter()
        .filter_map(|message| wish(&message))
        .collect()
}

/// Tells a value whenever it is another one than before.
#[hook]
fn use_news<T: PartialEq + 'static>(value: T, tell: impl FnOnce(&T) + 'static) {
    let is_first = use_mut_ref(|| true);
    use_effect_with(value, move |value| {
        if !is_first.replace(false) {
            tell(value);
        }
    });
}

/// What a message of the host page asks for.
fn wish(message: &JsValue) -> Option<Action> {
    match &*text(message, "type")? {
        "show" => {
            let view = text(message, "view").and_then(|view| View::parse(&view));
            Some(Action::Show(view, filters(message)))
        }
        // Nothing else is shown, but perhaps in another locale or time zone.
        "settings" => Some(Action::Show(None, None)),
        "touch" => Some(Action::Touch),
        "refresh" => Some(Action::Refresh),
        "live" => {
            let revision = field(message, "revision")?.as_f64();
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let revision = revision.map(|revision| revision as u64);
            Some(Action::Heard(field(message, "up")?.is_truthy(), revision))
        }
        "export_csv" => Some(Action::Export),
        _ => None,
    }
}

fn filters(message: &JsValue) -> Option<Vec<(String, String)>> {
    let filters: Object = field(message, "filters")?.dyn_into().ok()?;
    let entries = Object::entries(&filters);
    let pair = |entry: JsValue| {
        let entry: Array = entry.unchecked_into();
        Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
    };
    Some(entries.iter().filter_map(pair).collect())
}

fn field(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok()
}

fn text(of: &JsValue, name: &str) -> Option<String> {
    field(of, name)?.as_string()
}
