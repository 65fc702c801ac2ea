//! Holds exchanges to `contract/openapi.yaml`.

use std::sync::LazyLock;

use hyper::{HeaderMap, Method, Uri};
use serde_json::{Value, json};

use crate::harness::Answer;

/// What the edge may answer anywhere: limits of size and time.
const ANYWHERE: [u16; 5] = [405, 408, 413, 414, 431];

static CONTRACT: LazyLock<Value> = LazyLock::new(|| {
    serde_norway::from_str(include_str!("../../../contract/openapi.yaml")).unwrap()
});

/// Every operation: method in lower case, path template, what it says.
pub fn operations() -> Vec<(String, String, Value)> {
    let paths = CONTRACT["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().unwrap().clone();
        let path = path.clone();
        methods
            .into_iter()
            .map(move |(method, says)| (method, path.clone(), says))
    };
    paths.iter().flat_map(of_path).collect()
}

/// Fails where the exchange is not as the contract says.
pub fn check(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8], answer: &Answer) {
    let what = format!("{method} {uri} -> {}", answer.status);
    assert!(
        !answer.headers.contains_key("set-cookie"),
        "{what}: sets a cookie"
    );
    assert!(
        !answer.header("x-request-id").is_empty(),
        "{what}: has no request id"
    );
    let status = answer.status.as_u16();
    let wanted = if method == Method::HEAD {
        "get".to_owned()
    } else {
        method.as_str().to_lowercase()
    };
    let operation = operations()
        .into_iter()
        .find(|(each, path, _)| *each == wanted && is_of(path, uri.path()));
    let Some((_, _, operation)) = operation else {
        assert!(
            matches!(status, 404 | 405) || ANYWHERE.contains(&status),
            "{what}: is not in the contract"
        );
        check_problem(&what, answer);
        return;
    };
    if answer.status.is_success() {
        check_request(&what, &operation, uri, headers, body);
    }
    check_rates(&what, &operation, answer);
    let documented = &operation["responses"][status.to_string()];
    if documented.is_null() {
        assert!(
            ANYWHERE.contains(&status),
            "{what}: is not documented: {:?}",
            answer.body
        );
        check_problem(&what, answer);
        return;
    }
    if method != Method::HEAD {
        let content_type = answer.header("content-type");
        let content = &resolve(documented)["content"];
        check_body(&what, content, content_type, || answer.plain());
    }
    if answer.header("content-type") == "application/problem+json" {
        check_problem(&what, answer);
    }
}

/// Whoever holds a good token is told of its limits, whatever the answer.
fn check_rates(what: &str, operation: &Value, answer: &Answer) {
    let has_no_token = operation["security"].as_array().is_none_or(|all| {
        all.iter()
            .all(|one| one["access_token"].is_null() && one["embed_token"].is_null())
    });
    let status = answer.status.as_u16();
    // The gate's own refusals, and what comes before and around it.
    let is_of_the_gate = status == 401
        || answer.header("content-type") == "application/problem+json"
            && answer.code() == "tenant_suspended";
    if has_no_token || is_of_the_gate || status == 503 || ANYWHERE.contains(&status) {
        return;
    }
    for name in ["ratelimit-policy", "ratelimit"] {
        assert!(!answer.header(name).is_empty(), "{what}: has no {name}");
    }
}

fn check_problem(what: &str, answer: &Answer) {
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json",
        "{what}"
    );
    let problem = answer.json();
    validate(
        what,
        &json!({ "$ref": "#/components/schemas/Problem" }),
        &problem,
    );
    assert_eq!(problem["status"], answer.status.as_u16(), "{what}");
    assert_eq!(
        problem["request_id"],
        answer.header("x-request-id"),
        "{what}"
    );
}

/// A request that was answered must have been one of the contract's.
fn check_request(what: &str, operation: &Value, uri: &Uri, headers: &HeaderMap, body: &[u8]) {
    let declared: Vec<Value> = operation["parameters"]
        .as_array()
        .map(|all| all.iter().map(|each| resolve(each).clone()).collect())
        .unwrap_or_default();
    for pair in uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
    {
        let name = pair.split('=').next().unwrap();
        let is_static = what.contains("/v1/loader.js") || what.contains("/v1/frame/");
        let known = declared
            .iter()
            .any(|each| each["in"] == "query" && each["name"] == name);
        assert!(known || is_static, "{what}: took `{name}`");
    }
    let content = &operation["requestBody"]["content"];
    if let Some(value) = headers
        .get("content-type")
        .filter(|_| content["application/json"].is_object())
    {
        check_body(what, content, value.to_str().unwrap(), || body.to_vec());
    }
}

fn check_body(what: &str, content: &Value, content_type: &str, body: impl Fn() -> Vec<u8>) {
    let Some(content) = content.as_object() else {
        assert!(body().is_empty(), "{what}: has a body");
        return;
    };
    let essence = content_type.split(';').next().unwrap().to_lowercase();
    let media = content
        .get(&essence)
        .or_else(|| content.get("*/*"))
        .unwrap_or_else(|| panic!("{what}: is of the type `{content_type}`"));
    if essence.ends_with("json") {
        validate(
            what,
            &media["schema"],
            &serde_json::from_slice(&body()).unwrap(),
        );
    }
}

fn validate(what: &str, schema: &Value, value: &Value) {
    let schema = json!({ "components": CONTRACT["components"], "allOf": [schema] });
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    let errors: Vec<_> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{what}: {errors:?}\n{value}");
}

pub fn resolve(value: &Value) -> &Value {
    match value["$ref"].as_str() {
        Some(reference) => CONTRACT.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// Whether a path is one of a template's.
fn is_of(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    let fits = |(t, p): (&&str, &&str)| t == p || (t.starts_with('{') && !p.is_empty());
    // A fixed path goes before a template that it would fit as well.
    template.len() == path.len() && template.iter().zip(&path).all(fits)
}
