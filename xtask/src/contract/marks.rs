//! Owns the marks of a contract: what is deprecated, since when and until when, and
//! which lists of values may grow.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Map, Value};

use super::document::Document;

const SINCE: &str = "x-deprecated-at";
const SUNSET: &str = "x-sunset";
const LINK: &str = "x-deprecation-link";
const OPEN: &str = "x-open-enum";

/// Whoever builds on the contract has this long to move.
const NOTICE_MONTHS: i32 = 6;

/// Whether answers may have more values than the list has today.
pub fn is_open(schema: &Map<String, Value>) -> bool {
    schema.get(OPEN) == Some(&Value::Bool(true))
}

/// Whether what is marked so may be gone by now.
pub fn has_set(marked: &Value, today: Date) -> bool {
    marked["deprecated"] == true && sunset(marked).is_some_and(|sunset| sunset <= today)
}

pub fn sunset(marked: &Value) -> Option<Date> {
    date(&marked[SUNSET])
}

fn date(value: &Value) -> Option<Date> {
    value.as_str()?.parse().ok()
}

/// What is wrong with the marks of a contract, each with where it stands.
pub fn faults(contract: &Document) -> Vec<String> {
    let mut found = Vec::new();
    look_through(contract.root(), "", &mut found);
    for (name, operation) in contract.operations() {
        let says = operation.says;
        if says["deprecated"] == true && !leads_somewhere(&says[LINK]) {
            found.push(format!("{name}: `{LINK}` names no https address"));
        }
    }
    found
}

fn leads_somewhere(link: &Value) -> bool {
    let plain = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'>')
    };
    link.as_str()
        .is_some_and(|text| text.starts_with("https://") && plain(text))
}

fn look_through(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(words) => {
            // A property may be called `deprecated`; then it is a schema, and no mark.
            if [SINCE, SUNSET, LINK]
                .iter()
                .any(|mark| words.contains_key(*mark))
                || words.get("deprecated").is_some_and(Value::is_boolean)
            {
                found.extend(fault(value).map(|fault| format!("{at}: {fault}")));
            }
            for (word, inner) in words {
                let word = word.replace('~', "~0").replace('/', "~1");
                look_through(inner, &format!("{at}/{word}"), found);
            }
        }
        Value::Array(all) => {
            for (place, inner) in all.iter().enumerate() {
                look_through(inner, &format!("{at}/{place}"), found);
            }
        }
        _ => {}
    }
}

fn fault(marked: &Value) -> Option<String> {
    if marked["deprecated"] != true {
        return Some("has a mark of deprecation and not `deprecated: true`".to_owned());
    }
    let Some(since) = date(&marked[SINCE]) else {
        return Some(format!("`{SINCE}` is no date"));
    };
    let Some(sunset) = sunset(marked) else {
        return Some(format!("`{SUNSET}` is no date"));
    };
    let soonest = since.checked_add(NOTICE_MONTHS.months()).ok()?;
    (sunset < soonest).then(|| {
        format!("`{SUNSET}` is before {soonest}, which leaves less than {NOTICE_MONTHS} months")
    })
}
