//! What the widget says, in the viewer's language: `msg::OVERDUE`, with arguments
//! `msg::AS_OF.with([date])`.
//!
//! The texts are in `widget/messages/`, its README says how to add one. The boot
//! script holds those of the language in use and writes them; native tests have an
//! English stand-in.

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
mod english;
#[cfg(not(target_arch = "wasm32"))]
mod syntax;

use yew::AttrValue;

#[cfg(target_arch = "wasm32")]
pub use browser::{listen_to, written};
#[cfg(not(target_arch = "wasm32"))]
pub use english::written;

/// Every message by its name.
pub mod msg {
    use super::Message;

    include!(concat!(env!("OUT_DIR"), "/messages.rs"));
}

/// A message with `N` arguments: its place among all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message<const N: usize>(u16);

/// What stands in a message: a number is written as the viewer's locale has it.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    Number(f64),
    Text(String),
}

impl Message<0> {
    /// The message as it stands.
    pub fn text(self) -> String {
        say(self.0, &[])
    }
}

impl<const N: usize> Message<N> {
    /// The message with its arguments, in the order in which the English text
    /// first names them.
    pub fn with<A: Into<Argument>>(self, arguments: [A; N]) -> String {
        say(self.0, &arguments.map(Into::into))
    }
}

fn say(message: u16, arguments: &[Argument]) -> String {
    #[cfg(target_arch = "wasm32")]
    return browser::say(message, arguments);
    #[cfg(not(target_arch = "wasm32"))]
    english::say(msg::ENGLISH[usize::from(message)], arguments)
}

impl From<Message<0>> for AttrValue {
    fn from(message: Message<0>) -> Self {
        message.text().into()
    }
}

impl From<u64> for Argument {
    #[allow(clippy::cast_precision_loss)]
    fn from(number: u64) -> Self {
        Self::Number(number as f64)
    }
}

impl From<f64> for Argument {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// How a number or a time is written; the boot script knows what each means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A number with at most one decimal.
    Number,
    /// A share of 1 in whole per cent.
    Percent,
    /// `30 Jun 2014`, of a time in milliseconds UTC; the same for those below.
    Date,
    /// `30 Jun`.
    DayAndMonth,
    /// `Jun 2014`.
    MonthAndYear,
    /// `2014`.
    Year,
    /// `30 Jun 2014`, the day on which a moment is where the viewer is.
    DayOf,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_written_with_its_arguments() {
        assert_eq!(msg::OVERDUE.text(), "Overdue");
        assert_eq!(msg::TASK_COUNT.with([10_266_u64]), "10,266 tasks");
    }

    #[test]
    fn a_number_chooses_its_plural() {
        assert_eq!(msg::RANGE_WEEKS.with([1_u64]), "1 week");
        assert_eq!(msg::RANGE_WEEKS.with([1_200_u64]), "1,200 weeks");
    }
}
