//! Owns what may not change between two contracts; docs/versioning.md says it in words.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::document::{Document, Operation};
use super::marks;
use super::schemas::{Schemas, Way};

/// What holds for clients of the old contract and not in the new one. What had its
/// sunset by today may be gone.
pub fn breaks(old: &Document, new: &Document, today: Date) -> Vec<String> {
    let there = new.operations();
    let mut found = schemes(old, new);
    for (name, was) in old.operations() {
        let Some(is) = there.get(&name) else {
            if !marks::has_set(was.says, today) {
                found.push(format!("{name}: is gone"));
            }
            continue;
        };
        let pair = Pair {
            old,
            new,
            today,
            name: &name,
            was: &was,
            is,
        };
        found.extend(pair.breaks());
    }
    found
}

/// How callers show who they are.
fn schemes(old: &Document, new: &Document) -> Vec<String> {
    const OF: &str = "/components/securitySchemes";
    let named = |document: &Document| {
        let named = document.root().pointer(OF).and_then(Value::as_object);
        named.cloned().unwrap_or_default()
    };
    let there = named(new);
    let differs = |(name, was): (String, Value)| {
        let is = there.get(&name).unwrap_or(&Value::Null);
        let words = ["type", "scheme", "in", "name", "openIdConnectUrl"];
        let other = words.iter().any(|word| is[*word] != was[*word]);
        other.then(|| format!("the security scheme {name} is gone or another"))
    };
    named(old).into_iter().filter_map(differs).collect()
}

/// One operation in both contracts.
struct Pair<'a> {
    old: &'a Document,
    new: &'a Document,
    today: Date,
    name: &'a str,
    was: &'a Operation<'a>,
    is: &'a Operation<'a>,
}

impl Pair<'_> {
    fn breaks(&self) -> Vec<String> {
        let mut found = Vec::new();
        found.extend(self.identity());
        found.extend(self.sunset());
        found.extend(self.security());
        found.extend(self.parameters());
        found.extend(self.request_body());
        found.extend(self.responses());
        found
    }

    /// Generated clients name their methods by it.
    fn identity(&self) -> Option<String> {
        let was = self.was.says["operationId"].as_str()?;
        let renamed = self.is.says["operationId"] != was;
        renamed.then(|| format!("{}: is no longer called {was}", self.name))
    }

    /// A sunset that was told may be put off, and not brought forward.
    fn sunset(&self) -> Option<String> {
        let was = marks::sunset(self.was.says)?;
        let sooner = marks::sunset(self.is.says).is_some_and(|is| is < was);
        sooner.then(|| format!("{}: its sunset was told to be {was}", self.name))
    }

    /// Whoever was let in has to be let in still: of each old alternative one of the new
    /// ones may ask for as much and no more.
    fn security(&self) -> Vec<String> {
        let new = self.new.security(self.is);
        let shut_out = |was: &Map<String, Value>| !new.iter().any(|is| asks_no_more(is, was));
        let old = self.old.security(self.was).into_iter();
        old.filter(shut_out)
            .map(|was| format!("{}: {} is no longer enough", self.name, Value::Object(was)))
            .collect()
    }

    fn parameters(&self) -> Vec<String> {
        let old = self.old.parameters(self.was);
        let new = self.new.parameters(self.is);
        let mut found = Vec::new();
        for (key, was) in &old {
            let at = format!("{} {key}", self.name);
            match new.get(key) {
                Some(is) => found.extend(self.parameter(&at, was, is)),
                None if marks::has_set(was, self.today) => {}
                None => found.push(format!("{at}: is gone")),
            }
        }
        for (key, is) in new {
            if is["required"] == true && !old.contains_key(&key) {
                found.push(format!("{} {key}: is new and required", self.name));
            }
        }
        found
    }

    fn parameter(&self, at: &str, was: &Value, is: &Value) -> Vec<String> {
        let mut found = Vec::new();
        if is["required"] == true && was["required"] != true {
            found.push(format!("{at}: is required now"));
        }
        for word in ["style", "explode", "allowReserved", "content"] {
            if was[word] != is[word] {
                found.push(format!("{at}: its `{word}` is another"));
            }
        }
        found.extend(self.schema(Way::Request, at, was, is));
        found
    }

    fn schema(&self, way: Way, at: &str, was: &Value, is: &Value) -> Vec<String> {
        let anything = Value::Bool(true);
        let of = |value: &Value| value.get("schema").unwrap_or(&anything).clone();
        let mut schemas = Schemas::going(way, self.old, self.new, self.today);
        schemas.breaks(at, &of(was), &of(is))
    }

    fn request_body(&self) -> Vec<String> {
        let was = self.old.resolve(&self.was.says["requestBody"]);
        let is = self.new.resolve(&self.is.says["requestBody"]);
        let at = format!("{} body", self.name);
        let mut found = Vec::new();
        if is["required"] == true && was["required"] != true {
            found.push(format!("{at}: is required now"));
        }
        found.extend(self.media_types(Way::Request, &at, &was, &is));
        found
    }

    fn media_types(&self, way: Way, at: &str, was: &Value, is: &Value) -> Vec<String> {
        let mut found = Vec::new();
        for (kind, was) in was["content"].as_object().into_iter().flatten() {
            let at = format!("{at} {kind}");
            match is["content"].get(kind) {
                Some(is) => found.extend(self.schema(way, &at, was, is)),
                None => found.push(format!("{at}: is gone")),
            }
        }
        found
    }

    fn responses(&self) -> Vec<String> {
        let (old, new) = (listed(self.was), listed(self.is));
        let mut found = Vec::new();
        for (status, was) in &old {
            let at = format!("{} {status}", self.name);
            let range = format!("{}XX", &status[..1]);
            let is = [status, range.as_str(), "default"]
                .into_iter()
                .find_map(|key| new.get(key));
            let Some(is) = is else {
                found.push(format!("{at}: is gone"));
                continue;
            };
            let (was, is) = (self.old.resolve(was), self.new.resolve(is));
            found.extend(self.media_types(Way::Response, &at, &was, &is));
            found.extend(self.headers(&at, &was, &is));
        }
        // A client goes by the class of an error that it does not know; another success
        // it would take for the one that it knows.
        let successes = new.keys().filter(|status| status.starts_with('2'));
        let unheard = successes.filter(|status| !old.contains_key(**status));
        found.extend(unheard.map(|status| format!("{} {status}: is a new success", self.name)));
        found
    }

    fn headers(&self, at: &str, was: &Value, is: &Value) -> Vec<String> {
        let there = by_name(&is["headers"]);
        let mut found = Vec::new();
        for (name, was) in by_name(&was["headers"]) {
            let at = format!("{at} header {name}");
            let Some(is) = there.get(&name) else {
                found.push(format!("{at}: is gone"));
                continue;
            };
            let (was, is) = (self.old.resolve(&was), self.new.resolve(is));
            if was["required"] == true && is["required"] != true {
                found.push(format!("{at}: may be missing now"));
            }
            found.extend(self.schema(Way::Response, &at, &was, &is));
        }
        found
    }
}

fn asks_no_more(is: &Map<String, Value>, was: &Map<String, Value>) -> bool {
    is.iter().all(|(scheme, scopes)| {
        let had = was.get(scheme).and_then(Value::as_array);
        let mut scopes = scopes.as_array().into_iter().flatten();
        had.is_some_and(|had| scopes.all(|scope| had.contains(scope)))
    })
}

fn listed<'a>(operation: &Operation<'a>) -> BTreeMap<&'a str, &'a Value> {
    let all = operation.says["responses"].as_object();
    all.into_iter()
        .flatten()
        .map(|(status, says)| (status.as_str(), says))
        .collect()
}

fn by_name(headers: &Value) -> BTreeMap<String, Value> {
    let all = headers.as_object().into_iter().flatten();
    all.map(|(name, says)| (name.to_lowercase(), says.clone()))
        .collect()
}
