//! Owns the question whether a schema takes all that another one takes.

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::alternatives::alternatives;
use super::bounds::Bounds;
use super::document::Document;
use super::marks;

/// Which way values go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Way {
    /// The new contract has to take what the old one took.
    Request,
    /// The old contract has to know what the new one gives.
    Response,
}

/// Two contracts whose schemas are compared.
#[derive(Debug)]
pub struct Schemas<'a> {
    pub old: &'a Document,
    pub new: &'a Document,
    pub today: Date,
    pub way: Way,
    /// References that are being looked into: schemas may contain themselves.
    inside: Vec<(String, String)>,
}

impl<'a> Schemas<'a> {
    pub fn going(way: Way, old: &'a Document, new: &'a Document, today: Date) -> Self {
        Self {
            old,
            new,
            today,
            way,
            inside: Vec::new(),
        }
    }

    /// What breaks where the new schema stands in the place of the old one.
    pub fn breaks(&mut self, at: &str, old: &Value, new: &Value) -> Vec<String> {
        match self.way {
            Way::Request => self.outside(at, new, old),
            Way::Response => self.outside(at, old, new),
        }
    }

    fn documents(&self) -> (&'a Document, &'a Document) {
        match self.way {
            Way::Request => (self.new, self.old),
            Way::Response => (self.old, self.new),
        }
    }

    /// What the narrow schema takes and the wide one does not. Each of its alternatives
    /// has to fit into one of the wide one's; the one that it fits best is told of.
    fn outside(&mut self, at: &str, wide: &Value, narrow: &Value) -> Vec<String> {
        let references = (reference(wide), reference(narrow));
        if self.inside.contains(&references) {
            return Vec::new();
        }
        let named = !references.0.is_empty() && !references.1.is_empty();
        if named {
            self.inside.push(references);
        }
        let (of_wide, of_narrow) = self.documents();
        let wide = alternatives(of_wide, wide);
        let mut found = Vec::new();
        for narrow in alternatives(of_narrow, narrow) {
            let fits = wide.iter().map(|wide| self.misfits(at, wide, &narrow));
            found.extend(fits.min_by_key(Vec::len).unwrap_or_default());
        }
        if named {
            self.inside.pop();
        }
        found
    }

    fn misfits(
        &mut self,
        at: &str,
        wide: &Map<String, Value>,
        narrow: &Map<String, Value>,
    ) -> Vec<String> {
        let open = self.way == Way::Response && marks::is_open(wide);
        let bounds = Bounds {
            way: self.way,
            wide,
            narrow,
        };
        let outside = bounds.outside(open).into_iter();
        let mut found: Vec<_> = outside.map(|what| format!("{at}: {what}")).collect();
        if let Some(wide) = wide.get("items") {
            let anything = Value::Bool(true);
            let narrow = narrow.get("items").unwrap_or(&anything);
            found.extend(self.outside(&format!("{at}/items"), wide, narrow));
        }
        found.extend(self.default(at, wide, narrow));
        found.extend(self.properties(at, wide, narrow));
        found.extend(self.required(at, wide, narrow));
        found.extend(self.others(at, wide, narrow));
        found
    }

    /// Who leaves a value out means the default that was written down.
    fn default(
        &self,
        at: &str,
        wide: &Map<String, Value>,
        narrow: &Map<String, Value>,
    ) -> Option<String> {
        let was = narrow.get("default").filter(|_| self.way == Way::Request)?;
        let is = wide.get("default");
        (is != Some(was)).then(|| format!("{at}: the default is no longer {was}"))
    }

    fn properties(
        &mut self,
        at: &str,
        wide: &Map<String, Value>,
        narrow: &Map<String, Value>,
    ) -> Vec<String> {
        let (here, there) = (members(wide), members(narrow));
        let mut found = Vec::new();
        for (name, schema) in &there {
            if let Some(wide) = here.get(name) {
                found.extend(self.outside(&format!("{at}/{name}"), wide, schema));
            }
        }
        let (was, is) = match self.way {
            Way::Request => (there, here),
            Way::Response => (here, there),
        };
        for (name, schema) in was {
            if !is.contains_key(&name) && !self.may_go(&schema) {
                found.push(format!("{at}/{name}: is gone"));
            }
        }
        found
    }

    fn may_go(&self, schema: &Value) -> bool {
        marks::has_set(&self.old.resolve(schema), self.today)
    }

    fn required(
        &self,
        at: &str,
        wide: &Map<String, Value>,
        narrow: &Map<String, Value>,
    ) -> Vec<String> {
        let there = names(narrow);
        let members = members(wide);
        let what = match self.way {
            Way::Request => "is required now",
            Way::Response => "may be missing now",
        };
        let stays = |name: &&String| {
            let schema = members.get(*name).filter(|_| self.way == Way::Response);
            !schema.is_some_and(|schema| self.may_go(schema))
        };
        let missing = names(wide).into_iter().filter(|name| !there.contains(name));
        missing
            .filter(|name| stays(&name))
            .map(|name| format!("{at}/{name}: {what}"))
            .collect()
    }

    /// Properties that are not named. Answers may get more of them, see
    /// docs/versioning.md, as long as they do not stop being of one kind.
    fn others(
        &mut self,
        at: &str,
        wide: &Map<String, Value>,
        narrow: &Map<String, Value>,
    ) -> Vec<String> {
        let anything = Value::Bool(true);
        let here = wide.get("additionalProperties").unwrap_or(&anything);
        let there = narrow.get("additionalProperties").unwrap_or(&anything);
        match (here, there) {
            (Value::Bool(false), there) if *there != Value::Bool(false) => match self.way {
                Way::Request => vec![format!("{at}: properties without a name are refused now")],
                Way::Response => Vec::new(),
            },
            (here @ Value::Object(_), there) if *there != Value::Bool(false) => {
                self.outside(&format!("{at}/*"), here, there)
            }
            _ => Vec::new(),
        }
    }
}

fn reference(schema: &Value) -> String {
    schema["$ref"].as_str().unwrap_or_default().to_owned()
}

fn members(words: &Map<String, Value>) -> Map<String, Value> {
    let members = words.get("properties").and_then(Value::as_object);
    members.cloned().unwrap_or_default()
}

fn names(words: &Map<String, Value>) -> Vec<String> {
    let names = words.get("required").and_then(Value::as_array);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}
