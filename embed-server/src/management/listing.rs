//! Parameters that the lists of the management API share.

use oriel_contract::{FieldError, ProblemCode};
use oriel_store::{ListOrder, ListQuery, OrderField};

use crate::{
    embed::filter::search,
    problem::Failure,
    request::{parameters::Parameters, path::PathPart},
};

/// Longest external id, name or address, in characters.
const LONGEST: usize = 200;

/// Which page of things that have names and external ids.
pub fn named(parameters: &mut Parameters<'_>) -> ListQuery {
    ListQuery {
        external_id: external_id_filter(parameters),
        ..listed(parameters, "name")
    }
}

/// Which page of things; `name` is what the contract calls their names.
pub fn listed(parameters: &mut Parameters<'_>, name: &str) -> ListQuery {
    ListQuery {
        q: search(parameters),
        external_id: None,
        email: None,
        order: order(parameters, name),
        limit: parameters.limit(),
        cursor: parameters.cursor(),
    }
}

fn order(parameters: &mut Parameters<'_>, name: &str) -> ListOrder {
    let read = |text: &str| {
        let (field, descends) = match text.strip_prefix('-') {
            Some(field) => (field, true),
            None => (text, false),
        };
        let field = match field {
            "created_at" => OrderField::CreatedAt,
            field if field == name => OrderField::Name,
            _ => return Err(format!("takes created_at, -created_at, {name} or -{name}")),
        };
        Ok(ListOrder { field, descends })
    };
    parameters.read("sort", read).unwrap_or_default()
}

/// `external_id`, as a filter.
pub fn external_id_filter(parameters: &mut Parameters<'_>) -> Option<String> {
    parameters.read("external_id", |text| usable(text).map(str::to_owned))
}

/// `email`, as a filter.
pub fn email(parameters: &mut Parameters<'_>) -> Option<String> {
    parameters.read("email", |text| {
        usable(text)
            .ok()
            .filter(|text| text.contains('@'))
            .map(str::to_owned)
            .ok_or_else(|| "takes an e-mail address".to_owned())
    })
}

/// The external id that a path names.
pub fn external_id(part: &PathPart) -> Result<String, Failure> {
    let text = part
        .text()
        .ok_or_else(|| Failure::new(ProblemCode::NotFound))?;
    usable(text).map(str::to_owned).map_err(|detail| {
        Failure::parameters(vec![FieldError {
            at: "external_id".to_owned(),
            detail,
        }])
    })
}

fn usable(text: &str) -> Result<&str, String> {
    if (1..=LONGEST).contains(&text.chars().count()) && !text.contains('\0') {
        Ok(text)
    } else {
        Err(format!("takes 1 to {LONGEST} characters, and no NUL"))
    }
}
