//! Bodies held to the contract's own schemas, so that each bad member is named, and what
//! the contract says of a length or a pattern is said there alone.

use std::{
    collections::HashMap,
    sync::{LazyLock, OnceLock},
};

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind as Kind};
use oriel_contract::FieldError;
use serde_json::{Value, json};

use crate::contract::CONTRACT;

/// Bad members that are named at once.
const MOST: usize = 100;

/// A body that the contract has a schema for.
pub trait Schema {
    /// Its name among the contract's components.
    const NAME: &'static str;
    /// Longest body in bytes, where it may be longer than others.
    const LONGEST: Option<usize> = None;
}

macro_rules! schemas {
    ($($name:ident = $schema:literal $(($longest:expr))?;)*) => {
        $(impl Schema for oriel_contract::$name {
            const NAME: &'static str = $schema;
            $(const LONGEST: Option<usize> = Some($longest);)?
        })*

        const NAMES: &[&str] = &[$($schema,)*];
    };
}

schemas! {
    ApprovalRequest = "ApprovalRequest";
    EmbedPatch = "EmbedPatch";
    MintRequest = "MintRequest";
    NewEmbedRequest = "NewEmbed";
    NewProject = "NewProject";
    NewTask = "NewTask";
    NewUser = "NewUser";
    ProjectPatch = "ProjectPatch";
    PutProject = "PutProject";
    PutTask = "PutTask";
    PutUser = "PutUser";
    RevocationRequest = "RevocationRequest";
    TaskBulk = "TaskBulk" (4 * 1024 * 1024);
    TaskBulkItem = "TaskBulkItem";
    TaskPatch = "TaskPatch";
    TenantKeyRequest = "TenantKeyRequest";
    UserPatch = "UserPatch";
}

/// Each is built when it is first asked for.
static VALIDATORS: LazyLock<HashMap<&str, OnceLock<Option<Validator>>>> =
    LazyLock::new(|| NAMES.iter().map(|name| (*name, OnceLock::new())).collect());

fn validator(name: &str) -> Option<&Validator> {
    VALIDATORS.get(name)?.get_or_init(|| build(name)).as_ref()
}

fn build(name: &str) -> Option<Validator> {
    let schema = json!({
        "components": CONTRACT["components"],
        "$ref": format!("#/components/schemas/{name}"),
    });
    let mut options = jsonschema::options();
    options = options.should_validate_formats(true);
    options.build(&schema).ok()
}

/// What is wrong with a body, each bad member by its JSON pointer (RFC 6901).
#[must_use]
pub fn faults(name: &str, body: &Value) -> Vec<FieldError> {
    // Before anything looks at each of them: a fault is much larger than what is at fault.
    let items = &CONTRACT["components"]["schemas"][name]["properties"]["items"];
    if let (Some(limit), Some(items)) = (items["maxItems"].as_u64(), body["items"].as_array())
        && items.len() as u64 > limit
    {
        return vec![FieldError {
            at: "/items".to_owned(),
            detail: wanted(&Kind::MaxItems { limit }),
        }];
    }
    let Some(validator) = validator(name) else {
        // What nothing can be held to is not let in.
        return vec![FieldError {
            at: String::new(),
            detail: "cannot be checked: the contract has no such schema".to_owned(),
        }];
    };
    let mut faults = Vec::new();
    for error in validator.iter_errors(body) {
        describe(&error, &mut faults);
    }
    faults.sort_by(|a, b| a.at.cmp(&b.at));
    faults.dedup_by(|a, b| a.at == b.at);
    faults.truncate(MOST);
    faults
}

/// Says what a member should be, and never what it is: a body may hold a secret.
fn describe(error: &ValidationError<'_>, faults: &mut Vec<FieldError>) {
    let at = error.instance_path().as_str();
    let mut push = |at: String, detail: String| faults.push(FieldError { at, detail });
    match error.kind() {
        Kind::AdditionalProperties { unexpected } => {
            for name in unexpected {
                push(member(at, name), "is not a member that there is".to_owned());
            }
        }
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            push(member(at, name), "is needed".to_owned());
        }
        Kind::OneOfNotValid { context } | Kind::AnyOf { context } => {
            branch(at, error.instance(), context, faults);
        }
        kind => push(at.to_owned(), wanted(kind)),
    }
}

/// Of several schemas that a value could fit, says what is wrong by the one that it is
/// nearest to.
fn branch(
    at: &str,
    value: &Value,
    context: &[Vec<ValidationError<'static>>],
    faults: &mut Vec<FieldError>,
) {
    let is_hopeless = |error: &ValidationError<'_>| {
        matches!(error.kind(), Kind::Constant { .. })
            || (matches!(error.kind(), Kind::Type { .. }) && error.instance_path().as_str() == at)
    };
    let fitting = context
        .iter()
        .find(|errors| !value.is_null() && !errors.iter().any(is_hopeless));
    match fitting {
        Some(errors) => errors.iter().for_each(|error| describe(error, faults)),
        None => faults.push(FieldError {
            at: at.to_owned(),
            detail: "is none of what the contract takes here".to_owned(),
        }),
    }
}

fn wanted(kind: &Kind) -> String {
    match kind {
        Kind::Type {
            kind: jsonschema::error::TypeKind::Single(kind),
        } => format!("takes a JSON {kind}"),
        Kind::MinLength { limit: 1 } => "may not be empty".to_owned(),
        Kind::MinLength { limit } => format!("takes {limit} characters at least"),
        Kind::MaxLength { limit } => format!("takes {limit} characters at most"),
        Kind::MinItems { limit: 1 } => "takes one item at least".to_owned(),
        Kind::MinItems { limit } => format!("takes {limit} items at least"),
        Kind::MaxItems { limit } => format!("takes {limit} items at most"),
        Kind::Minimum { limit } => format!("takes {limit} or more"),
        Kind::Maximum { limit } => format!("takes {limit} or less"),
        Kind::Enum { options } => format!("takes one of {options}"),
        Kind::Constant { expected_value } => format!("takes {expected_value}"),
        Kind::Format { format } => format!("takes a {format} (RFC 3339)"),
        Kind::Pattern { pattern } => format!("takes text like /{pattern}/"),
        _ => "is not what the contract takes here".to_owned(),
    }
}

fn member(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_is_in_the_contract() {
        for name in NAMES {
            assert!(validator(name).is_some(), "{name}");
            assert!(
                CONTRACT["components"]["schemas"][name].is_object(),
                "{name}"
            );
        }
    }

    #[test]
    fn a_body_without_a_schema_is_not_let_in() {
        assert_eq!(faults("NoSuchSchema", &json!({})).len(), 1);
    }

    /// PostgreSQL has no NUL in its texts, and a body must not get as far as that.
    #[test]
    fn no_text_of_a_body_takes_nul() {
        let mut loose = Vec::new();
        for name in NAMES {
            let schema = &CONTRACT["components"]["schemas"][name];
            look_for_loose_text(schema, name, &mut loose);
        }
        assert_eq!(loose, [""; 0], "give them a pattern without NUL");
    }

    fn look_for_loose_text(schema: &Value, at: &str, loose: &mut Vec<String>) {
        if let Some(reference) = schema["$ref"].as_str() {
            let target = CONTRACT.pointer(reference.trim_start_matches('#'));
            return look_for_loose_text(target.unwrap_or(&Value::Null), reference, loose);
        }
        let is_text = schema["type"] == "string"
            || schema["type"]
                .as_array()
                .is_some_and(|all| all.contains(&json!("string")));
        let bounds = ["pattern", "enum", "const", "format"];
        let takes_nul = || {
            let options = jsonschema::options().should_validate_formats(true);
            options
                .build(schema)
                .is_ok_and(|built| built.is_valid(&json!("a\0b")))
        };
        if is_text && (bounds.iter().all(|word| schema[word].is_null()) || takes_nul()) {
            loose.push(at.to_owned());
        }
        let inner = schema.as_object().into_iter().flatten();
        for (word, inner) in inner.filter(|(word, _)| *word != "examples") {
            let at = format!("{at}/{word}");
            match inner {
                Value::Array(all) => all
                    .iter()
                    .for_each(|one| look_for_loose_text(one, &at, loose)),
                inner => look_for_loose_text(inner, &at, loose),
            }
        }
    }

    #[test]
    fn each_bad_member_is_named_once_by_its_pointer() {
        let body = json!({
            "title": "",
            "project": "prj_1",
            "assignee": 7,
            "labels": ["fine", ""],
            "due_on": "tomorrow",
            "status": "open",
            "a/b": true,
        });
        let at: Vec<String> = faults("NewTask", &body)
            .into_iter()
            .map(|fault| fault.at)
            .collect();
        assert_eq!(
            at,
            [
                "/assignee",
                "/a~1b",
                "/due_on",
                "/labels/1",
                "/project",
                "/status",
                "/title"
            ]
        );
    }

    #[test]
    fn what_is_missing_is_named_and_no_value_is_repeated() {
        let found = faults("NewTask", &json!({ "title": "\0s3cret" }));
        let text = format!("{found:?}");
        assert!(
            text.contains("/project") && text.contains("is needed"),
            "{text}"
        );
        assert!(!text.contains("s3cret"), "{text}");
    }

    #[test]
    fn an_item_is_held_to_the_schema_of_its_action() {
        let item = json!({ "action": "update", "id": "tsk_1", "task": { "title": 5 } });
        let at: Vec<String> = faults("TaskBulkItem", &item)
            .into_iter()
            .map(|fault| fault.at)
            .collect();
        assert_eq!(at, ["/id", "/task/title"]);
    }
}
