//! NUL in a body: PostgreSQL has none in its texts, so that none is taken anywhere.

use oriel_contract::FieldError;
use serde_json::Value;

/// How JSON writes it; a plain one is no JSON.
const ESCAPE: &[u8] = b"\\u0000";

/// Where a JSON body holds a NUL.
pub fn faults(body: &[u8]) -> Vec<FieldError> {
    let mut found = Vec::new();
    // Hardly a body has what looks like one, and most need no second look.
    if body.windows(ESCAPE.len()).any(|part| part == ESCAPE)
        && let Ok(value) = serde_json::from_slice(body)
    {
        look_into(&value, String::new(), &mut found);
    }
    found
}

fn look_into(value: &Value, at: String, found: &mut Vec<FieldError>) {
    match value {
        Value::String(text) if text.contains('\0') => found.push(fault(at)),
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                look_into(item, format!("{at}/{place}"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                if name.contains('\0') {
                    found.push(fault(at.clone()));
                } else {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    look_into(member, format!("{at}/{name}"), found);
                }
            }
        }
        _ => {}
    }
}

fn fault(at: String) -> FieldError {
    FieldError {
        at,
        detail: "takes text without NUL".to_owned(),
    }
}
