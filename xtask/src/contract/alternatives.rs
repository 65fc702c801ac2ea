//! Owns taking a schema apart into plain ones, one of which an instance is of.

use serde_json::{Map, Value, json};

use super::document::Document;

/// Nested deeper, a schema is one that contains itself.
const DEPTH: usize = 8;

/// Keywords that say something about instances of one type only.
const OF_TYPE: [(&str, &[&str]); 4] = [
    (
        "string",
        &[
            "minLength",
            "maxLength",
            "pattern",
            "format",
            "contentEncoding",
            "contentMediaType",
        ],
    ),
    (
        "number",
        &[
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "format",
        ],
    ),
    (
        "array",
        &[
            "items",
            "prefixItems",
            "contains",
            "minItems",
            "maxItems",
            "uniqueItems",
        ],
    ),
    (
        "object",
        &[
            "properties",
            "patternProperties",
            "propertyNames",
            "additionalProperties",
            "unevaluatedProperties",
            "required",
            "minProperties",
            "maxProperties",
        ],
    ),
];

/// The schemas without `$ref`, `allOf`, `oneOf`, `anyOf` and lists of types that a
/// schema is one of. `oneOf` is taken as `anyOf`: that alternatives exclude each other
/// is a matter of each contract, not of two.
pub fn alternatives(document: &Document, schema: &Value) -> Vec<Map<String, Value>> {
    let mut plain = Vec::new();
    take_apart(document, schema, &Map::new(), DEPTH, &mut plain);
    plain
}

fn take_apart(
    document: &Document,
    schema: &Value,
    around: &Map<String, Value>,
    depth: usize,
    plain: &mut Vec<Map<String, Value>>,
) {
    let Value::Object(mut words) = document.resolve(schema) else {
        return plain.push(around.clone());
    };
    let parts = words.remove("allOf");
    for part in parts.iter().filter_map(Value::as_array).flatten() {
        if let Value::Object(part) = document.resolve(part) {
            join(&mut words, part);
        }
    }
    let union = words.remove("oneOf").or_else(|| words.remove("anyOf"));
    join(&mut words, around.clone());
    match union.as_ref().and_then(Value::as_array) {
        Some(members) if depth > 0 => {
            for member in members {
                take_apart(document, member, &words, depth - 1, plain);
            }
        }
        _ => plain.extend(by_type(words)),
    }
}

/// Adds what another schema says of the same instance.
fn join(words: &mut Map<String, Value>, more: Map<String, Value>) {
    for (word, value) in more {
        match (words.get_mut(&word), value) {
            (Some(Value::Object(here)), Value::Object(there)) if word == "properties" => {
                here.extend(there);
            }
            (Some(Value::Array(here)), Value::Array(there)) if word == "required" => {
                here.extend(there);
            }
            (_, value) => {
                words.insert(word, value);
            }
        }
    }
}

fn by_type(words: Map<String, Value>) -> Vec<Map<String, Value>> {
    let types: Vec<String> = match words.get("type") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(several)) => {
            let names = several.iter().filter_map(Value::as_str);
            names.map(str::to_owned).collect()
        }
        _ => return vec![words],
    };
    let of_one = |name: &String| {
        let mut words = words.clone();
        words.insert("type".to_owned(), json!(name));
        words.retain(|word, _| concerns(name, word));
        words
    };
    types.iter().map(of_one).collect()
}

fn concerns(name: &str, word: &str) -> bool {
    let name = if name == "integer" { "number" } else { name };
    let mut owners = OF_TYPE
        .iter()
        .filter(|(_, words)| words.contains(&word))
        .peekable();
    owners.peek().is_none() || owners.any(|(owner, _)| *owner == name)
}
