//! Query parameters.

use std::{borrow::Cow, fmt::Display, str::FromStr};

use axum::http::Uri;
use oriel_contract::FieldError;
use serde::{
    Deserialize,
    de::{IntoDeserializer, value::Error as ValueError},
};
use url::form_urlencoded;

use crate::problem::Failure;

const DEFAULT_LIMIT: u32 = 50;
const LARGEST_LIMIT: u32 = 200;
const LONGEST_CURSOR: usize = 1024;

/// The parameters of one request. Each is taken by name; [`Parameters::finish`]
/// then refuses those that were wrong, came twice or were never asked for, all
/// at once.
pub struct Parameters<'a> {
    left: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    errors: Vec<FieldError>,
}

impl<'a> Parameters<'a> {
    /// The parameters of a request to `uri`.
    #[must_use]
    pub fn of(uri: &'a Uri) -> Self {
        let left = match uri.query() {
            Some(query) => form_urlencoded::parse(query.as_bytes()).collect(),
            None => Vec::new(),
        };
        Self {
            left,
            errors: Vec::new(),
        }
    }

    /// A value that `read` understands, or says what it should be.
    pub fn read<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let at = self.left.iter().position(|(key, _)| key == name)?;
        let (_, value) = self.left.remove(at);
        if self.left.iter().any(|(key, _)| key == name) {
            self.left.retain(|(key, _)| key != name);
            self.refuse(name, "may come only once");
            return None;
        }
        // U+FFFD stands for bytes that were not UTF-8, and PostgreSQL has no NUL.
        if value.contains(['\u{FFFD}', '\0']) {
            self.refuse(name, "takes text in UTF-8, without NUL");
            return None;
        }
        match read(&value) {
            Ok(value) => Some(value),
            Err(detail) => {
                self.refuse(name, detail);
                None
            }
        }
    }

    /// A value that parses.
    pub fn parsed<T>(&mut self, name: &str) -> Option<T>
    where
        T: FromStr<Err: Display>,
    {
        self.read(name, |text| {
            text.parse().map_err(|error: T::Err| error.to_string())
        })
    }

    /// A value that parses, and that the endpoint cannot do without.
    pub fn required<T>(&mut self, name: &str) -> Option<T>
    where
        T: FromStr<Err: Display>,
    {
        if self.left.iter().all(|(key, _)| key != name) {
            self.refuse(name, "is needed");
        }
        self.parsed(name)
    }

    /// One of the contract's fixed values, or `true` and `false`.
    pub fn choice<T: Choice>(&mut self, name: &str) -> Option<T> {
        self.read(name, T::choose)
    }

    /// `limit`, or its default.
    pub fn limit(&mut self) -> u32 {
        self.read("limit", |text| {
            text.parse()
                .ok()
                .filter(|limit: &u32| {
                    (1..=LARGEST_LIMIT).contains(limit) && limit.to_string() == text
                })
                .ok_or_else(|| format!("takes a whole number from 1 to {LARGEST_LIMIT}"))
        })
        .unwrap_or(DEFAULT_LIMIT)
    }

    /// `cursor`.
    pub fn cursor(&mut self) -> Option<String> {
        self.read("cursor", |text| {
            if (1..=LONGEST_CURSOR).contains(&text.chars().count()) {
                Ok(text.to_owned())
            } else {
                Err("takes a `next_cursor`".to_owned())
            }
        })
    }

    /// Refuses what is left over or was wrong.
    pub fn finish(mut self) -> Result<(), Failure> {
        for (name, _) in std::mem::take(&mut self.left) {
            self.refuse(&name, "is not a parameter of this endpoint");
        }
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(Failure::parameters(self.errors))
        }
    }

    /// Refuses a parameter, for what it says or beside another one.
    pub fn refuse(&mut self, name: &str, detail: impl Into<String>) {
        self.errors.push(FieldError {
            at: name.to_owned(),
            detail: detail.into(),
        });
    }
}

/// A type with a fixed set of spellings.
pub trait Choice: Sized {
    /// The value of that spelling, or which there are.
    fn choose(text: &str) -> Result<Self, String>;
}

impl Choice for bool {
    fn choose(text: &str) -> Result<Self, String> {
        text.parse()
            .map_err(|_| "takes `true` or `false`".to_owned())
    }
}

/// An enum whose spellings serde knows.
macro_rules! choices {
    ($($name:ty)*) => {$(
        impl Choice for $name {
            fn choose(text: &str) -> Result<Self, String> {
                Self::deserialize(IntoDeserializer::<ValueError>::into_deserializer(text))
                    .map_err(|error| error.to_string())
            }
        }
    )*};
}

choices! {
    oriel_contract::RangePreset
    oriel_contract::DateField
    oriel_contract::TaskSort
    oriel_contract::TaskStatus
    oriel_contract::TaskPriority
}

#[cfg(test)]
mod tests {
    use oriel_contract::{ProjectId, RangePreset};

    use super::*;

    #[test]
    fn each_wrong_parameter_is_named() {
        let uri = Uri::from_static("/x?limit=0&range=5w&project=p&project=q&q=%ff&zebra=1");
        let mut query = Parameters::of(&uri);
        assert_eq!(query.limit(), DEFAULT_LIMIT);
        assert_eq!(query.choice::<RangePreset>("range"), None);
        assert_eq!(query.parsed::<ProjectId>("project"), None);
        assert_eq!(query.read("q", |text| Ok(text.to_owned())), None);
        let named: Vec<_> = query.errors.iter().map(|error| error.at.as_str()).collect();
        assert_eq!(named, ["limit", "range", "project", "q"]);
        assert!(query.finish().is_err());
    }

    #[test]
    fn limits_are_canonical_numbers() {
        for (text, limit) in [
            ("1", Some(1)),
            ("200", Some(200)),
            ("201", None),
            ("+5", None),
            ("05", None),
            ("5.0", None),
            ("", None),
        ] {
            let uri: Uri = format!("/x?limit={text}")
                .replace('+', "%2B")
                .parse()
                .unwrap();
            let mut query = Parameters::of(&uri);
            assert_eq!(query.limit(), limit.unwrap_or(DEFAULT_LIMIT), "{text}");
            assert_eq!(query.finish().is_ok(), limit.is_some(), "{text}");
        }
    }
}
