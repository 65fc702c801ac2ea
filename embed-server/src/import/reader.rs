//! Text into records, after RFC 4180.
//!
//! The `csv` crate takes whatever comes: a quote that nobody closes swallows
//! the rest of the file as one field, and blank lines and multi-line fields
//! blur its line numbers. An import must name the line of everything that it
//! does not take, so it splits by itself.

use std::{borrow::Cow, ops::Range};

/// One record of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Record<'t> {
    /// The physical line that it starts on, from 1.
    pub line: u64,
    /// The physical line that it ends on.
    pub last_line: u64,
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
    pub fields: Vec<Cow<'t, str>>,
    /// The field, from 1, whose closing quote is followed by more text.
    pub stray_text_in: Option<usize>,
}

/// A quote was opened and never closed, so that no row after it can be told.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line}: the quote that opens field {field} is never closed: close it, or write it \
     twice inside a quoted field where it is part of the text"
)]
pub struct UnclosedQuote {
    /// The physical line of the quote.
    pub line: u64,
    /// The field that it opens, from 1.
    pub field: usize,
}

/// Iterates over the records of a text, its header included. A blank line is
/// a record of one empty field. Lines end with LF, CRLF or CR.
#[derive(Debug)]
pub struct Records<'t> {
    text: &'t str,
    delimiter: u8,
    at: usize,
    line: u64,
}

impl<'t> Records<'t> {
    pub fn new(text: &'t str, delimiter: u8) -> Self {
        Self {
            text,
            delimiter,
            at: 0,
            line: 1,
        }
    }

    fn record(&mut self) -> Result<Record<'t>, UnclosedQuote> {
        let (start, line) = (self.at, self.line);
        let mut fields = Vec::new();
        let mut stray_text_in = None;
        loop {
            let number = fields.len() + 1;
            if self.peek() == Some(b'"') {
                fields.push(self.quoted(number)?);
                if !self.plain().trim().is_empty() {
                    stray_text_in.get_or_insert(number);
                }
            } else {
                fields.push(Cow::Borrowed(self.plain()));
            }
            if self.peek() != Some(self.delimiter) {
                break;
            }
            self.at += 1;
        }
        let (end, last_line) = (self.at, self.line);
        if self.peek().is_some() {
            self.end_line();
        }
        Ok(Record {
            line,
            last_line,
            span: start..end,
            fields,
            stray_text_in,
        })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Text up to the next delimiter or end of line.
    fn plain(&mut self) -> &'t str {
        let rest = &self.text[self.at..];
        let delimiter = self.delimiter;
        let length = rest
            .bytes()
            .position(|byte| byte == delimiter || byte == b'\n' || byte == b'\r')
            .unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// A quoted field, from its opening to its closing quote.
    fn quoted(&mut self, field: usize) -> Result<Cow<'t, str>, UnclosedQuote> {
        let opened_on = self.line;
        self.at += 1;
        let mut value = Cow::Borrowed("");
        let mut run = self.at;
        loop {
            match self.peek() {
                None => {
                    return Err(UnclosedQuote {
                        line: opened_on,
                        field,
                    });
                }
                Some(b'\n' | b'\r') => self.end_line(),
                Some(b'"') => {
                    append(&mut value, &self.text[run..self.at]);
                    self.at += 1;
                    if self.peek() != Some(b'"') {
                        return Ok(value);
                    }
                    // A doubled quote stands for one: the second opens a new run.
                    run = self.at;
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
        }
    }

    /// Steps over one end of line.
    fn end_line(&mut self) {
        let crlf = self.text.as_bytes()[self.at..].starts_with(b"\r\n");
        self.at += if crlf { 2 } else { 1 };
        self.line += 1;
    }
}

/// Keeps a field borrowed as long as it is one piece of the text.
fn append<'t>(value: &mut Cow<'t, str>, piece: &'t str) {
    if value.is_empty() {
        *value = Cow::Borrowed(piece);
    } else {
        value.to_mut().push_str(piece);
    }
}

impl<'t> Iterator for Records<'t> {
    type Item = Result<Record<'t>, UnclosedQuote>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.text.len() {
            return None;
        }
        let record = self.record();
        if record.is_err() {
            self.at = self.text.len();
        }
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(u64, u64, Vec<String>)> {
        Records::new(text, b',')
            .map(|record| {
                let record = record.unwrap();
                let fields = record.fields.into_iter().map(Cow::into_owned).collect();
                (record.line, record.last_line, fields)
            })
            .collect()
    }

    fn row(line: u64, last_line: u64, fields: &[&str]) -> (u64, u64, Vec<String>) {
        let fields = fields.iter().map(|&field| field.to_owned()).collect();
        (line, last_line, fields)
    }

    #[test]
    fn plain_records_are_split_at_every_kind_of_line_end() {
        for text in ["a,b\n1,2\n", "a,b\r\n1,2", "a,b\r1,2\r"] {
            assert_eq!(
                split(text),
                [row(1, 1, &["a", "b"]), row(2, 2, &["1", "2"])]
            );
        }
    }

    #[test]
    fn a_quoted_field_keeps_delimiters_quotes_and_lines() {
        assert_eq!(
            split("\"a,b\",\"say \"\"hi\"\"\",\"1\r\n2\n3\",\"\"\"\",\"\"\nnext\n"),
            [
                row(1, 3, &["a,b", "say \"hi\"", "1\r\n2\n3", "\"", ""]),
                row(4, 4, &["next"])
            ]
        );
    }

    #[test]
    fn a_quote_inside_a_plain_field_is_a_character() {
        assert_eq!(split("5\" pipe,x\n"), [row(1, 1, &["5\" pipe", "x"])]);
    }

    #[test]
    fn empty_fields_and_blank_lines_are_kept() {
        assert_eq!(
            split(",\n\nx,\n"),
            [
                row(1, 1, &["", ""]),
                row(2, 2, &[""]),
                row(3, 3, &["x", ""])
            ]
        );
    }

    #[test]
    fn text_after_a_closing_quote_is_noticed_and_the_next_line_is_whole() {
        let records: Vec<_> = Records::new("x,\"a\"b,c\n1,2,3\n", b',')
            .map(Result::unwrap)
            .collect();
        assert_eq!(records[0].stray_text_in, Some(2));
        assert_eq!(records[1].stray_text_in, None);
        assert_eq!(records[1].fields, ["1", "2", "3"]);
    }

    #[test]
    fn a_quote_that_nobody_closes_names_its_line_and_ends_the_reading() {
        let mut records = Records::new("a,b\n1,\"two\n3,4\n", b',');
        assert!(records.next().unwrap().is_ok());
        assert_eq!(
            records.next().unwrap().unwrap_err(),
            UnclosedQuote { line: 2, field: 2 }
        );
        assert!(records.next().is_none());
    }

    #[test]
    fn the_span_covers_the_record_without_its_line_end() {
        let text = "a,b\r\n\"c\nd\",e\n";
        let spans: Vec<_> = Records::new(text, b',')
            .map(|record| &text[record.unwrap().span])
            .collect();
        assert_eq!(spans, ["a,b", "\"c\nd\",e"]);
    }
}
