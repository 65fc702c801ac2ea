//! Owns reading a contract: its operations, and what a `$ref` stands for.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

const METHODS: [&str; 8] = [
    "delete", "get", "head", "options", "patch", "post", "put", "trace",
];

/// Longer chains of references lead in a circle.
const HOPS: usize = 16;

/// A contract, parsed.
#[derive(Debug)]
pub struct Document(Value);

/// An operation with what its path says for all of its operations.
#[derive(Debug)]
pub struct Operation<'a> {
    pub says: &'a Value,
    of_path: &'a Value,
}

impl Document {
    pub fn read(file: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(&text).with_context(|| format!("{} is no contract", file.display()))
    }

    pub fn parse(text: &str) -> Result<Self> {
        Ok(Self(serde_norway::from_str(text)?))
    }

    pub fn root(&self) -> &Value {
        &self.0
    }

    pub fn version(&self) -> Result<&str> {
        let version = self.0["info"]["version"].as_str();
        version.context("the contract says no info.version")
    }

    /// Every operation by `METHOD /path`.
    pub fn operations(&self) -> BTreeMap<String, Operation<'_>> {
        let mut all = BTreeMap::new();
        for (path, of_path) in self.0["paths"].as_object().into_iter().flatten() {
            for method in METHODS {
                if let Some(says) = of_path.get(method) {
                    let name = format!("{} {path}", method.to_uppercase());
                    all.insert(name, Operation { says, of_path });
                }
            }
        }
        all
    }

    /// What a value stands for. Words beside a `$ref` go before those of its target.
    pub fn resolve(&self, value: &Value) -> Value {
        let mut value = value.clone();
        for _ in 0..HOPS {
            let Some(reference) = value["$ref"].as_str() else {
                break;
            };
            let target = self.0.pointer(reference.trim_start_matches('#'));
            let target = target.and_then(Value::as_object);
            let mut words = target.cloned().unwrap_or_default();
            if let Value::Object(beside) = value {
                words.extend(beside.into_iter().filter(|(word, _)| word != "$ref"));
            }
            value = Value::Object(words);
        }
        value
    }

    /// Each parameter by where it stands and its name.
    pub fn parameters(&self, operation: &Operation<'_>) -> BTreeMap<String, Value> {
        let of_path = operation.of_path["parameters"].as_array();
        let own = operation.says["parameters"].as_array();
        let all = of_path.into_iter().chain(own).flatten();
        all.map(|parameter| self.resolve(parameter))
            .map(|parameter| (parameter_key(&parameter), parameter))
            .collect()
    }

    /// The alternatives that let a caller in; one that asks for nothing where there is
    /// no need of any.
    pub fn security(&self, operation: &Operation<'_>) -> Vec<Map<String, Value>> {
        let own = operation.says.get("security");
        let listed = own.or_else(|| self.0.get("security"));
        let listed = listed.and_then(Value::as_array).into_iter().flatten();
        let listed: Vec<_> = listed.filter_map(Value::as_object).cloned().collect();
        if listed.is_empty() {
            return vec![Map::new()];
        }
        listed
    }
}

/// Names of headers know no case.
fn parameter_key(parameter: &Value) -> String {
    let place = parameter["in"].as_str().unwrap_or_default();
    let name = parameter["name"].as_str().unwrap_or_default();
    if place == "header" {
        return format!("{place} {}", name.to_lowercase());
    }
    format!("{place} {name}")
}
