//! One file as rows of typed values: its header, then each record.

use oriel_store::NAME_CHARS;

use super::{
    decode::{Decoded, decode},
    field::{Field, Holds},
    mapping::{FileMapping, Mapping},
    reader::{Record, Records},
    report::{FileTally, Place, Report},
    value::{self, Value, check_text, shown},
};

/// Longest field that is read at all, in bytes. Beyond it, a file is broken
/// rather than generous.
const LONGEST_FIELD: usize = 1 << 20;

/// A row whose every mapped field made sense.
#[derive(Debug)]
pub struct Row {
    pub place: Place,
    pub holds: Holds,
    /// External id of the task or milestone that it is about.
    pub key: String,
    pub values: Vec<(Field, Value)>,
}

/// Where the mapped columns of one file are.
struct Header<'m> {
    holds: Holds,
    encoding: &'static str,
    width: usize,
    key: usize,
    key_name: &'m str,
    columns: Vec<(Field, usize, &'m str)>,
}

/// Reads one file. Rows go to `each`, the rest into the report, where the file
/// is the last one of [`Report::files`]. An error means that the file cannot
/// be used at all.
pub fn read(
    mapping: &Mapping,
    file: &FileMapping,
    name: &str,
    bytes: &[u8],
    report: &mut Report,
    mut each: impl FnMut(Row, &mut Report),
) -> Result<(), Vec<String>> {
    let at_file = |fault: String| vec![format!("{name}: {fault}")];
    let decoded = decode(bytes, file.encoding.0).map_err(|error| at_file(error.to_string()))?;
    let mut records = Records::new(&decoded.text, file.delimiter.0);
    let first = loop {
        match records.next() {
            None => {
                return Err(at_file(
                    "is empty: a header and rows are expected".to_owned(),
                ));
            }
            Some(Err(error)) => return Err(vec![format!("{name}, {error}")]),
            Some(Ok(record)) if is_blank(&decoded, &record) => {}
            Some(Ok(record)) => break record,
        }
    };
    let header = Header::new(file, &decoded, &first).map_err(|faults| {
        let line = first.line;
        faults
            .into_iter()
            .map(|fault| format!("{name}, line {line}: {fault}"))
            .collect::<Vec<_>>()
    })?;

    let index = report.files.len();
    report.files.push(FileTally {
        name: name.to_owned(),
        rows: 0,
        taken: 0,
    });
    if decoded.looks_like_utf8 {
        let place = place(index, &first);
        let label = file.encoding.0.name();
        report.warn(
            place,
            "",
            format!("the file is valid UTF-8, but is read as {label}: check `encoding`"),
        );
    }
    for record in records {
        let record = record.map_err(|error| vec![format!("{name}, {error}")])?;
        let place = place(index, &record);
        if is_blank(&decoded, &record) {
            report.warn(place, "", "the line is blank and was skipped".to_owned());
            continue;
        }
        report.files[index].rows += 1;
        match header.row(mapping, &decoded, &record, place) {
            Ok(row) => each(row, report),
            Err(refused) => report.reject(place, &refused.key, refused.reason),
        }
    }
    if report.files[index].rows == 0 {
        return Err(at_file("has a header and no rows".to_owned()));
    }
    Ok(())
}

/// A row that is not taken.
struct Refused {
    key: String,
    reason: String,
}

impl<'m> Header<'m> {
    fn new(
        file: &'m FileMapping,
        decoded: &Decoded,
        record: &Record<'_>,
    ) -> Result<Self, Vec<String>> {
        if let Some(fault) = broken(decoded, record, file.encoding.0.name()) {
            return Err(vec![fault]);
        }
        let titles: Vec<&str> = record.fields.iter().map(|field| field.trim()).collect();
        let mut faults = Vec::new();
        let mut find = |column: &'m str, role: &str| {
            let mut hits = titles
                .iter()
                .enumerate()
                .filter(|(_, title)| **title == column);
            match (hits.next(), hits.next()) {
                (Some((index, _)), None) => Some(index),
                (Some((first, _)), Some((second, _))) => {
                    faults.push(format!(
                        "column {} ({role}) stands twice, as field {} and field {}: rename one",
                        shown(column),
                        first + 1,
                        second + 1
                    ));
                    None
                }
                (None, _) => {
                    faults.push(missing(column, role, &titles, file.delimiter.0));
                    None
                }
            }
        };
        let key = find(&file.key, "key");
        let mut columns = Vec::new();
        for (field, column) in &file.columns {
            if let Some(index) = find(column, field.as_str()) {
                columns.push((*field, index, column.as_str()));
            }
        }
        match key {
            Some(key) if faults.is_empty() => Ok(Self {
                holds: file.holds,
                encoding: file.encoding.0.name(),
                width: titles.len(),
                key,
                key_name: &file.key,
                columns,
            }),
            _ => Err(faults),
        }
    }

    fn row(
        &self,
        mapping: &Mapping,
        decoded: &Decoded,
        record: &Record<'_>,
        place: Place,
    ) -> Result<Row, Refused> {
        let raw_key = record.fields.get(self.key).map_or("", |field| field.trim());
        let refused = |reason| Refused {
            key: raw_key.chars().take(100).collect(),
            reason,
        };
        if let Some(fault) = broken(decoded, record, self.encoding) {
            return Err(refused(fault));
        }
        if record.fields.len() != self.width {
            return Err(refused(format!(
                "has {} fields where the header has {}: look for a missing or unquoted delimiter",
                record.fields.len(),
                self.width
            )));
        }
        if raw_key.is_empty() || mapping.null.contains(raw_key) {
            return Err(refused(format!(
                "column {} (key) is empty",
                shown(self.key_name)
            )));
        }
        let mut faults = Vec::new();
        let in_column = |column: &str, fault| format!("column {}: {fault}", shown(column));
        if let Err(fault) = check_text(raw_key, NAME_CHARS) {
            faults.push(in_column(self.key_name, fault));
        }
        let mut values = Vec::with_capacity(self.columns.len());
        for &(field, index, column) in &self.columns {
            match value::parse(mapping, field, &record.fields[index]) {
                Ok(Some(value)) => values.push((field, value)),
                Ok(None) => {}
                Err(fault) => faults.push(in_column(column, fault)),
            }
        }
        if faults.is_empty() {
            Ok(Row {
                place,
                holds: self.holds,
                key: raw_key.to_owned(),
                values,
            })
        } else {
            Err(refused(faults.join("; ")))
        }
    }
}

fn place(file: usize, record: &Record<'_>) -> Place {
    Place {
        file,
        line: record.line,
        last_line: record.last_line,
    }
}

fn is_blank(decoded: &Decoded, record: &Record<'_>) -> bool {
    record.fields.len() == 1 && decoded.text[record.span.clone()].trim().is_empty()
}

/// What is wrong with a record whatever its columns mean.
fn broken(decoded: &Decoded, record: &Record<'_>, encoding: &str) -> Option<String> {
    let next = decoded
        .malformed
        .partition_point(|&offset| offset < record.span.start);
    if let Some(&offset) = decoded.malformed.get(next)
        && offset < record.span.end
    {
        let before = &decoded.text[record.span.start..offset];
        let start = before
            .char_indices()
            .rev()
            .nth(19)
            .map_or(0, |(index, _)| index);
        return Some(format!(
            "holds bytes that are not {encoding}, after {}: correct `encoding` in the mapping, or the file",
            shown(&before[start..])
        ));
    }
    if let Some(field) = record.stray_text_in {
        return Some(format!(
            "field {field} goes on after its closing quote: write a quote inside it twice"
        ));
    }
    let long = record
        .fields
        .iter()
        .position(|field| field.len() > LONGEST_FIELD)?;
    Some(format!(
        "field {} is {} bytes long, more than {LONGEST_FIELD}: look for a quote that is not closed",
        long + 1,
        record.fields[long].len()
    ))
}

fn missing(column: &str, role: &str, titles: &[&str], delimiter: u8) -> String {
    let alike = titles
        .iter()
        .find(|title| title.eq_ignore_ascii_case(column));
    let hint = match alike {
        Some(title) => format!("did you mean {}?", shown(title)),
        None if titles.len() == 1 => format!(
            "the header is one field, {}: check `delimiter` ({})",
            shown(titles[0]),
            shown(&char::from(delimiter).to_string())
        ),
        None => {
            let shown: Vec<_> = titles.iter().take(30).map(|title| shown(title)).collect();
            format!("the header has {}", shown.join(", "))
        }
    };
    format!("column {} ({role}) is missing: {hint}", shown(column))
}
