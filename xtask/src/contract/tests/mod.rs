#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use jiff::civil::{Date, date};

use super::breaking as broken;
use super::document::Document;

mod additions;
mod breaking;
mod leaving;

const TODAY: Date = date(2026, 1, 15);

const RELEASED: &str = include_str!("sample.yaml");

fn parsed(text: &str) -> Document {
    Document::parse(text).unwrap()
}

/// The sample with one text in place of another.
fn edited(from: &str, to: &str) -> String {
    assert_eq!(RELEASED.matches(from).count(), 1, "{from}");
    RELEASED.replace(from, to)
}

fn breaks(old: &str, new: &str) -> Vec<String> {
    broken::breaks(&parsed(old), &parsed(new), TODAY)
}
