//! Owns comparing what limits a plain value: its type, its values and its bounds.

use serde_json::{Map, Value};

use super::schemas::Way;

/// More is narrower.
const LOWER: [&str; 5] = [
    "minimum",
    "exclusiveMinimum",
    "minLength",
    "minItems",
    "minProperties",
];
/// Less is narrower.
const UPPER: [&str; 5] = [
    "maximum",
    "exclusiveMaximum",
    "maxLength",
    "maxItems",
    "maxProperties",
];
/// What nobody can compare but by being the same.
const SAME: [&str; 13] = [
    "pattern",
    "format",
    "multipleOf",
    "contentEncoding",
    "contentMediaType",
    "not",
    "if",
    "prefixItems",
    "contains",
    "propertyNames",
    "patternProperties",
    "dependentRequired",
    "unevaluatedProperties",
];

/// Two schemas for one plain value, the second of which has to fit into the first.
pub struct Bounds<'a> {
    pub way: Way,
    pub wide: &'a Map<String, Value>,
    pub narrow: &'a Map<String, Value>,
}

impl Bounds<'_> {
    /// What is in the narrow schema and outside of the wide one. An open list has room
    /// for any value.
    pub fn outside(&self, open: bool) -> Vec<String> {
        let mut found = Vec::new();
        found.extend(self.types());
        if !open {
            found.extend(self.values());
        }
        found.extend(self.limits(&LOWER, |limit, other| other >= limit));
        found.extend(self.limits(&UPPER, |limit, other| other <= limit));
        for word in SAME {
            if self.wide.contains_key(word) && self.wide.get(word) != self.narrow.get(word) {
                found.push(self.change(word));
            }
        }
        let unique =
            |words: &Map<String, Value>| words.get("uniqueItems") == Some(&Value::from(true));
        if unique(self.wide) && !unique(self.narrow) {
            found.push(self.change("uniqueItems"));
        }
        found
    }

    fn types(&self) -> Option<String> {
        let wanted = self.wide.get("type")?.as_str()?;
        let given = self.narrow.get("type").and_then(Value::as_str);
        let fits = given == Some(wanted) || (wanted == "number" && given == Some("integer"));
        (!fits).then(|| self.change("type"))
    }

    fn values(&self) -> Option<String> {
        let allowed = listed(self.wide)?;
        let Some(given) = listed(self.narrow) else {
            return Some(match self.way {
                Way::Request => "takes only a list of values now".to_owned(),
                Way::Response => "is no longer one of a list of values".to_owned(),
            });
        };
        let more: Vec<_> = given
            .iter()
            .filter(|value| !allowed.contains(value))
            .map(ToString::to_string)
            .collect();
        (!more.is_empty()).then(|| match self.way {
            Way::Request => format!("the value {} is gone", more.join(", ")),
            Way::Response => format!("the value {} is new", more.join(", ")),
        })
    }

    fn limits(&self, words: &[&str], within: fn(f64, f64) -> bool) -> Vec<String> {
        let breaks = |word: &&&str| {
            let limit = self.wide.get(**word).and_then(Value::as_f64);
            let other = self.narrow.get(**word).and_then(Value::as_f64);
            limit.is_some_and(|limit| !other.is_some_and(|other| within(limit, other)))
        };
        words
            .iter()
            .filter(breaks)
            .map(|word| self.change(word))
            .collect()
    }

    fn change(&self, word: &str) -> String {
        let (was, is) = match self.way {
            Way::Request => (self.narrow, self.wide),
            Way::Response => (self.wide, self.narrow),
        };
        let shown = |words: &Map<String, Value>| match words.get(word) {
            Some(value) => value.to_string(),
            None => "not there".to_owned(),
        };
        format!("`{word}` was {} and is {}", shown(was), shown(is))
    }
}

/// The values of `enum` or `const`.
fn listed(words: &Map<String, Value>) -> Option<Vec<Value>> {
    match (words.get("enum"), words.get("const")) {
        (Some(Value::Array(values)), _) => Some(values.clone()),
        (_, Some(value)) => Some(vec![value.clone()]),
        _ => None,
    }
}
