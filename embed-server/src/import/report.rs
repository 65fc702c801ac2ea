//! What became of every row: counts, what was not taken, what was odd.

use std::{collections::BTreeMap, fmt::Write as _, io};

/// How a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The row is not in the import.
    Rejected,
    /// Everything is taken, and somebody should look.
    Warning,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Warning => "warning",
        }
    }
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Index into [`Report::files`].
    pub file: usize,
    /// The physical line that the row starts on.
    pub line: u64,
    /// The physical line that it ends on.
    pub last_line: u64,
}

/// One thing to tell about one row.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    pub kind: Kind,
    pub place: Place,
    /// The row's key, where it could be read.
    pub key: String,
    pub reason: String,
}

/// A file and its rows.
#[derive(Debug, PartialEq, Eq)]
pub struct FileTally {
    pub name: String,
    pub rows: u64,
    pub taken: u64,
}

/// Everything that an import has to say.
#[derive(Debug, Default)]
pub struct Report {
    pub files: Vec<FileTally>,
    pub findings: Vec<Finding>,
}

impl Report {
    /// Notes that a row is not taken. Each row is rejected at most once.
    pub fn reject(&mut self, place: Place, key: &str, reason: String) {
        self.add(Kind::Rejected, place, key, reason);
    }

    /// Notes that a row is taken but odd.
    pub fn warn(&mut self, place: Place, key: &str, reason: String) {
        self.add(Kind::Warning, place, key, reason);
    }

    fn add(&mut self, kind: Kind, place: Place, key: &str, reason: String) {
        self.findings.push(Finding {
            kind,
            place,
            key: key.to_owned(),
            reason,
        });
    }

    /// How many findings weigh so.
    pub fn count(&self, kind: Kind) -> usize {
        self.of(kind).count()
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(move |finding| finding.kind == kind)
    }

    /// Rejections before warnings, each in the order of the files.
    pub fn sort(&mut self) {
        self.findings
            .sort_by_key(|finding| (finding.kind, finding.place));
    }

    /// Where a place is, as a reader looks it up.
    pub fn locate(&self, place: Place) -> String {
        let name = &self.files[place.file].name;
        if place.line == place.last_line {
            format!("{name}, line {}", place.line)
        } else {
            format!("{name}, lines {} to {}", place.line, place.last_line)
        }
    }

    /// Rows per file, as aligned lines.
    pub fn tallies(&self) -> String {
        let width = self
            .files
            .iter()
            .map(|file| file.name.chars().count())
            .max();
        let width = width.unwrap_or_default();
        let mut text = String::new();
        for file in &self.files {
            let _ = writeln!(
                text,
                "{:width$}  {:>9} rows read  {:>9} taken  {:>9} not taken",
                file.name,
                grouped(file.rows),
                grouped(file.taken),
                grouped(file.rows - file.taken),
            );
        }
        text
    }

    /// The first few findings of a kind, and how many more there are.
    pub fn excerpt(&self, kind: Kind, most: usize) -> String {
        let mut text = String::new();
        for finding in self.of(kind).take(most) {
            let _ = writeln!(text, "  {}: {}", self.locate(finding.place), finding.reason);
        }
        let more = self.count(kind).saturating_sub(most);
        if more > 0 {
            let _ = writeln!(text, "  … and {} more", grouped(more as u64));
        }
        text
    }

    /// Every finding, as CSV with a header.
    pub fn write_csv(&self, to: impl io::Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(to);
        csv.write_record(["kind", "file", "line", "last_line", "key", "reason"])?;
        for finding in &self.findings {
            csv.write_record([
                finding.kind.as_str(),
                &self.files[finding.place.file].name,
                &finding.place.line.to_string(),
                &finding.place.last_line.to_string(),
                &finding.key,
                &finding.reason,
            ])?;
        }
        csv.flush()
    }

    /// Fills in how many rows of each file were taken.
    pub fn count_taken(&mut self) {
        let mut rejected = BTreeMap::<usize, u64>::new();
        for finding in self.of(Kind::Rejected) {
            *rejected.entry(finding.place.file).or_default() += 1;
        }
        for (index, file) in self.files.iter_mut().enumerate() {
            file.taken = file.rows - rejected.get(&index).copied().unwrap_or_default();
        }
    }
}

/// A count with a comma at each thousand.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(line: u64, last_line: u64) -> Place {
        Place {
            file: 0,
            line,
            last_line,
        }
    }

    fn report() -> Report {
        let mut report = Report {
            files: vec![FileTally {
                name: "tasks.csv".to_owned(),
                rows: 12_300,
                taken: 0,
            }],
            findings: Vec::new(),
        };
        report.warn(place(9, 9), "T9", "odd".to_owned());
        report.reject(place(4, 5), "T2", "says \"no\", twice".to_owned());
        report.reject(place(2, 2), "T1", "bad".to_owned());
        report.sort();
        report.count_taken();
        report
    }

    #[test]
    fn rows_read_are_rows_taken_and_rows_not_taken() {
        assert_eq!(
            report().tallies(),
            "tasks.csv     12,300 rows read     12,298 taken          2 not taken\n"
        );
    }

    #[test]
    fn findings_stand_in_the_order_of_the_file_and_name_their_lines() {
        let report = report();
        assert_eq!(
            report.excerpt(Kind::Rejected, 9),
            "  tasks.csv, line 2: bad\n  tasks.csv, lines 4 to 5: says \"no\", twice\n"
        );
        assert_eq!(
            report.excerpt(Kind::Rejected, 1),
            "  tasks.csv, line 2: bad\n  … and 1 more\n"
        );
    }

    #[test]
    fn the_csv_holds_every_finding() {
        let mut csv = Vec::new();
        report().write_csv(&mut csv).unwrap();
        assert_eq!(
            String::from_utf8(csv).unwrap(),
            "kind,file,line,last_line,key,reason\n\
             rejected,tasks.csv,2,2,T1,bad\n\
             rejected,tasks.csv,4,5,T2,\"says \"\"no\"\", twice\"\n\
             warning,tasks.csv,9,9,T9,odd\n"
        );
    }

    #[test]
    fn thousands_are_grouped() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }
}
