//! Reads a message in ICU `MessageFormat`, as far as English has need of it. The
//! build checks every language with a complete parser; this one serves `build.rs`
//! and the native tests, which have no browser to ask.

/// A piece of a message.
#[derive(Debug, PartialEq, Eq)]
pub enum Part<'a> {
    Text(&'a str),
    /// `{name}` or `{name, number}`.
    Value(&'a str),
    /// `#`: the number that the plural around it goes by.
    Count,
    /// `{name, plural, …}` or `{name, select, …}`: selectors and what they stand for.
    Cases(&'a str, Vec<(&'a str, Vec<Part<'a>>)>),
}

/// The pieces of `message`.
pub fn parts(message: &str) -> Vec<Part<'_>> {
    Reader(message).parts()
}

struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    fn parts(&mut self) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        loop {
            match self.until(&['{', '}', '#']) {
                "" => {}
                text => parts.push(Part::Text(text)),
            }
            match self.0.chars().next() {
                Some('#') => {
                    self.skip();
                    parts.push(Part::Count);
                }
                Some('{') => parts.push(self.argument()),
                _ => return parts,
            }
        }
    }

    fn argument(&mut self) -> Part<'a> {
        self.skip();
        let name = self.until(&['}', ',']).trim();
        let is_bare = self.0.starts_with('}');
        self.skip();
        if is_bare {
            return Part::Value(name);
        }
        self.until(&['}', ',']);
        let is_number = self.0.starts_with('}');
        self.skip();
        if is_number {
            return Part::Value(name);
        }
        let mut cases = Vec::new();
        loop {
            let selector = self.until(&['{', '}']).trim();
            let is_over = !self.0.starts_with('{');
            self.skip();
            if is_over {
                return Part::Cases(name, cases);
            }
            cases.push((selector, self.parts()));
            self.skip();
        }
    }

    fn until(&mut self, ends: &[char]) -> &'a str {
        let end = self.0.find(ends).unwrap_or(self.0.len());
        let (text, rest) = self.0.split_at(end);
        self.0 = rest;
        text
    }

    fn skip(&mut self) {
        self.0 = self.0.get(1..).unwrap_or_default();
    }
}
