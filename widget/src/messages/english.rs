//! An English stand-in for the browser, for native tests.

use jiff::{Timestamp, tz::TimeZone};

use super::{
    Argument, Style,
    syntax::{Part, parts},
};

/// `text` with its arguments, in the order in which it first names them.
pub fn say(text: &str, arguments: &[Argument]) -> String {
    let mut writer = Writer {
        arguments,
        names: Vec::new(),
        text: String::new(),
    };
    writer.write(&parts(text), None);
    writer.text
}

struct Writer<'a> {
    arguments: &'a [Argument],
    /// The names that have been met.
    names: Vec<&'a str>,
    text: String,
}

impl<'a> Writer<'a> {
    /// Writes `parts`; `#` is `count`.
    fn write(&mut self, parts: &[Part<'a>], count: Option<&'a Argument>) {
        for part in parts {
            match part {
                Part::Text(text) => self.text += text,
                Part::Count => self.text += &count.map(plain).unwrap_or_default(),
                Part::Value(name) => {
                    let value = plain(self.value(name));
                    self.text += &value;
                }
                Part::Cases(name, cases) => {
                    let value = self.value(name);
                    for (_, parts) in cases {
                        self.meet(parts);
                    }
                    let is = |wanted: &str| cases.iter().find(|(each, _)| *each == wanted);
                    let chosen = selectors(value).iter().find_map(|each| is(each));
                    if let Some((_, parts)) = chosen.or_else(|| is("other")) {
                        let count = match value {
                            Argument::Number(_) => Some(value),
                            Argument::Text(_) => count,
                        };
                        self.write(parts, count);
                    }
                }
            }
        }
    }

    fn value(&mut self, name: &'a str) -> &'a Argument {
        let place = self.names.iter().position(|each| *each == name);
        let place = place.unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        });
        &self.arguments[place]
    }

    /// Notes the names of `parts`, whether they are written or not.
    fn meet(&mut self, parts: &[Part<'a>]) {
        for part in parts {
            match part {
                Part::Text(_) | Part::Count => {}
                Part::Value(name) => {
                    self.value(name);
                }
                Part::Cases(name, cases) => {
                    self.value(name);
                    for (_, parts) in cases {
                        self.meet(parts);
                    }
                }
            }
        }
    }
}

/// What a value may be called among cases, most exact first.
fn selectors(value: &Argument) -> Vec<String> {
    match value {
        Argument::Text(text) => vec![text.clone()],
        #[allow(clippy::float_cmp)]
        Argument::Number(number) if *number == 1.0 => vec!["=1".to_owned(), "one".to_owned()],
        Argument::Number(number) => vec!["=".to_owned() + &number.to_string()],
    }
}

fn plain(value: &Argument) -> String {
    match value {
        Argument::Number(number) => written(Style::Number, *number),
        Argument::Text(text) => text.clone(),
    }
}

/// `value` as British English has it, in UTC.
#[allow(clippy::cast_possible_truncation)]
pub fn written(style: Style, value: f64) -> String {
    let pattern = match style {
        Style::Number => return number(value),
        Style::Percent => return number((value * 100.0).round()) + "%",
        Style::Date | Style::DayOf => "%-d %b %Y",
        Style::DayAndMonth => "%-d %b",
        Style::MonthAndYear => "%b %Y",
        Style::Year => "%Y",
    };
    let time = Timestamp::from_millisecond(value as i64).unwrap_or_default();
    let time = time.to_zoned(TimeZone::UTC);
    time.strftime(pattern).to_string()
}

/// Grouped, with one decimal unless that is 0.
#[allow(clippy::cast_possible_truncation)]
fn number(value: f64) -> String {
    let tenths = (value.abs() * 10.0).round() as i64;
    let digits = (tenths / 10).to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if tenths % 10 != 0 {
        text = text + "." + &(tenths % 10).to_string();
    }
    if value < 0.0 {
        "-".to_owned() + &text
    } else {
        text
    }
}
