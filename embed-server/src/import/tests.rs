//! The pipeline from bytes to batch.

use std::collections::BTreeSet;

use oriel_contract::{TaskPriority, TaskStatus};
use oriel_store::{ImportBatch, ImportTask};

use super::{
    fold::Fold,
    mapping::Mapping,
    report::{Kind, Report},
    table,
};

const MAP: &str = r#"
    null = ["NA"]
    dates = ["%d-%b-%y"]
    source = "test"
    [names]
    person = "Person {value}"
    [statuses]
    OPEN = "in_progress"
    NEW = "todo"
    CLOSED = "done"
    DROPPED = "cancelled"
    [priorities]
    "1" = "urgent"
    [files.dates]
    name = "dates.csv"
    key = "No"
    columns = { created_at = "Made", started_at = "Begun", completed_at = "Ended" }
    [files.tasks]
    name = "tasks.csv"
    encoding = "windows-1252"
    key = "No"
    [files.tasks.columns]
    title = "Title"
    project = "Project"
    status = "Status"
    priority = "Priority"
    assignee = "Who"
    contributor = "Worker"
    contributor_hours = "Hours"
"#;

const DATES: &str = "No,Made,Begun,Ended\n";
const TASKS: &str = "No,Title,Project,Status,Priority,Who,Worker,Hours\n";

/// Imports files by what a mapping calls them, in their order.
pub fn import_files(map: &str, files: &[(&str, &[u8])]) -> (ImportBatch, Report) {
    let mapping = Mapping::parse(map).unwrap();
    let mut report = Report::default();
    let mut fold = Fold::new(&mapping);
    for (role, bytes) in files {
        let file = &mapping.files[*role];
        let each = |row, report: &mut Report| fold.add(row, report);
        table::read(&mapping, file, &file.name, bytes, &mut report, each).unwrap();
    }
    let roles: Vec<&str> = files.iter().map(|(role, _)| *role).collect();
    let batch = fold.finish(&roles, Some(&BTreeSet::new()), &mut report);
    (batch, report)
}

/// Imports the rows of both files, each under its header.
fn import(dates: &str, tasks: &[u8]) -> (ImportBatch, Report) {
    let tasks = [TASKS.as_bytes(), tasks].concat();
    let files = [
        ("dates", format!("{DATES}{dates}").into_bytes()),
        ("tasks", tasks),
    ];
    let files = files.each_ref().map(|(role, bytes)| (*role, &bytes[..]));
    let (batch, mut report) = import_files(MAP, &files);
    report.sort();
    report.count_taken();
    (batch, report)
}

fn only(batch: ImportBatch) -> ImportTask {
    assert_eq!(batch.tasks.len(), 1);
    batch.tasks.into_iter().next().unwrap()
}

fn history(task: &ImportTask) -> Vec<(&'static str, String)> {
    let spelled = task.history.iter();
    spelled
        .map(|change| (change.status.as_str(), change.at.strftime("%F").to_string()))
        .collect()
}

#[test]
fn several_rows_on_both_sides_fold_into_one_task() {
    let (batch, report) = import(
        "7,02-Nov-04,03-Nov-04,05-Nov-04\n7,02-Nov-04,03-Nov-04,05-Nov-04\n",
        b"7,Caf\xe9,P1,CLOSED,1,4,4,1.5\n7,Caf\xe9,P1,CLOSED,1,4,9,2\n7,Caf\xe9,P1,CLOSED,1,4,4,0.5\n",
    );
    let names: Vec<_> = batch.users.iter().map(|user| user.name.as_str()).collect();
    assert_eq!(names, ["Person 4", "Person 9"]);
    assert_eq!(batch.projects[0].name, "P1");
    let task = only(batch);
    assert_eq!(
        (task.title.as_str(), task.priority),
        ("Café", TaskPriority::Urgent)
    );
    assert_eq!(task.assignee.as_deref(), Some("4"));
    let hours: Vec<_> = task
        .contributors
        .iter()
        .map(|c| (c.user.as_str(), c.hours))
        .collect();
    assert_eq!(hours, [("4", Some(2.0)), ("9", Some(2.0))]);
    assert_eq!(report.count(Kind::Rejected), 0);
    assert!(
        report
            .excerpt(Kind::Warning, 9)
            .contains("line 4: contributor \"4\" of task \"7\" stands twice")
    );
    assert_eq!(report.files[1].taken, 3);
}

#[test]
fn the_first_of_two_values_is_kept_and_the_second_reported() {
    let (batch, report) = import(
        "7,02-Nov-04,NA,\n",
        b"7,One,P1,OPEN,,,,\n7,Two,P1,OPEN,1,,,\n",
    );
    let task = only(batch);
    assert_eq!(
        (task.title.as_str(), task.priority),
        ("One", TaskPriority::Urgent)
    );
    assert_eq!(
        report.excerpt(Kind::Warning, 9),
        "  tasks.csv, line 3: title of task \"7\" is \"Two\" here and \"One\" on line 2: \
         the first is kept\n"
    );
}

#[test]
fn history_holds_what_the_dates_prove() {
    for (dates, status, expected) in [
        (
            "01-Jan-04,02-Jan-04,05-Jan-04",
            "CLOSED",
            &["todo 01", "in_progress 02", "done 05"][..],
        ),
        ("01-Jan-04,,05-Jan-04", "CLOSED", &["todo 01", "done 05"]),
        (
            "03-Jan-04,02-Jan-04,05-Jan-04",
            "CLOSED",
            &["in_progress 02", "done 05"],
        ),
        (
            "01-Jan-04,07-Jan-04,05-Jan-04",
            "CLOSED",
            &["todo 01", "done 05"],
        ),
        (
            "01-Jan-04,02-Jan-04,",
            "DROPPED",
            &["todo 01", "in_progress 02"],
        ),
        (
            "01-Jan-04,02-Jan-04,05-Jan-04",
            "OPEN",
            &["todo 01", "in_progress 02"],
        ),
        ("01-Jan-04,02-Jan-04,", "NEW", &["todo 01"]),
    ] {
        let row = format!("7,T,P1,{status},,,,\n");
        let (batch, _) = import(&format!("7,{dates}\n"), row.as_bytes());
        let found: Vec<_> = history(&only(batch))
            .into_iter()
            .map(|(status, day)| format!("{status} {}", &day[8..]))
            .collect();
        assert_eq!(found, expected, "{dates} {status}");
    }
}

#[test]
fn odd_dates_are_kept_with_a_warning() {
    let (batch, report) = import("7,01-Jan-04,07-Jan-04,05-Jan-04\n", b"7,T,P1,CLOSED,,,,\n");
    let task = only(batch);
    assert!(task.completed_at < task.started_at);
    assert_eq!(task.status, TaskStatus::Done);
    let warnings = report.excerpt(Kind::Warning, 9);
    assert!(
        warnings.contains("dates.csv, line 2: task \"7\" was completed"),
        "{warnings}"
    );
}

#[test]
fn each_bad_row_is_named_with_its_true_line() {
    let (batch, report) = import(
        "1,01-Jan-04,,\n2,01-Jan-04,,\n3,01-Jan-04,,\n4,01-Jan-04,,\n5,32-Jan-04,,\n6,,,\n8,01-Jan-04,,\n",
        b"1,\"two\nlines\",P1,OPEN,,,,\n\
          2,T,P1,WAITING,9,,,\n\
          3,T,P1,OPEN,,,\n\
          ,T,P1,OPEN,,,,\n\
          4,\"T\"x,P1,OPEN,,,,\n\
          5,T,P1,OPEN,,,,\n\
          6,T,P1,OPEN,,,,\n\
          7,T,P1,OPEN,,,,-1\n\
          9,T,P1,OPEN,,,,\n",
    );
    assert_eq!(batch.tasks.len(), 1);
    let rejected = report.excerpt(Kind::Rejected, 99);
    for expected in [
        "tasks.csv, line 4: column \"Status\": status \"WAITING\" is not in the mapping: add it to [statuses]; column \"Priority\": priority \"9\"",
        "tasks.csv, line 5: has 7 fields where the header has 8",
        "tasks.csv, line 6: column \"No\" (key) is empty",
        "tasks.csv, line 7: field 2 goes on after its closing quote",
        "dates.csv, line 6: column \"Made\": \"32-Jan-04\" is not a date like 02-Nov-04",
        "tasks.csv, line 8: task \"5\" is not whole without the row in dates.csv, line 6",
        "tasks.csv, line 9: created_at is empty (column \"Made\" of dates.csv)",
        "dates.csv, line 7: created_at is empty",
        "tasks.csv, line 10: column \"Hours\": \"-1\" is not a number of hours",
        "tasks.csv, line 11: dates.csv has no row with No = \"9\", which created_at comes from",
        "dates.csv, line 8: tasks.csv has no row with No = \"8\", which title comes from",
        "dates.csv, line 3: task \"2\" is not whole without the row in tasks.csv, line 4",
    ] {
        assert!(rejected.contains(expected), "{expected}\n---\n{rejected}");
    }
    for file in &report.files {
        assert_eq!(file.taken, 1, "{}", file.name);
    }
    assert_eq!(report.count(Kind::Rejected), 6 + 8);
}

#[test]
fn a_file_that_cannot_be_used_says_why() {
    let mapping = Mapping::parse(MAP).unwrap();
    for (bytes, expected) in [
        (&b""[..], "dates.csv: is empty"),
        (b"\xef\xbb\xbf", "dates.csv: is empty"),
        (b"\n\n", "dates.csv: is empty"),
        (
            b"No,Made,Begun,Ended\r\n",
            "dates.csv: has a header and no rows",
        ),
        (
            b"No,made,Begun,Ended\n1,,,\n",
            "dates.csv, line 1: column \"Made\" (created_at) is missing: did you mean \"made\"?",
        ),
        (b"No;Made;Begun;Ended\n", "check `delimiter` (\",\")"),
        (
            b"No,Made,Made,Begun,Ended\n",
            "column \"Made\" (created_at) stands twice, as field 2 and field 3",
        ),
        (
            b"No,Made,Begun,Ended\n1,\"x,\n2,y\n",
            "dates.csv, line 2: the quote that opens field 2 is never closed",
        ),
        (
            b"No,M\xe4de,Begun,Ended\n1,,,\n",
            "holds bytes that are not UTF-8, after \"No,M\"",
        ),
        (
            b"\xff\xfeN\0o\0",
            "starts with the byte order mark of UTF-16LE",
        ),
    ] {
        let file = &mapping.files["dates"];
        let mut report = Report::default();
        let read = table::read(&mapping, file, &file.name, bytes, &mut report, |_, _| ());
        let faults = read.unwrap_err().join("\n");
        assert!(faults.contains(expected), "{expected}\n---\n{faults}");
    }
}

#[test]
fn a_byte_order_mark_and_any_line_end_are_fine() {
    let mapping = Mapping::parse(MAP).unwrap();
    for bytes in [
        &b"\xef\xbb\xbfNo,Made,Begun,Ended\r\n1,01-Jan-04,,\r\n"[..],
        b"\"No\",Made,Begun,Ended\r1,01-Jan-04,,",
        b"\n No , Made,Begun,Ended\n 1 , 01-Jan-04 ,NA,\n",
    ] {
        let file = &mapping.files["dates"];
        let mut report = Report::default();
        let mut rows = Vec::new();
        table::read(&mapping, file, &file.name, bytes, &mut report, |row, _| {
            rows.push(row);
        })
        .unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].key.as_str(), rows[0].values.len()), ("1", 1));
    }
}

#[test]
fn malformed_bytes_refuse_their_row_alone() {
    let mapping = Mapping::parse(MAP).unwrap();
    let file = &mapping.files["dates"];
    let mut report = Report::default();
    let mut keys = Vec::new();
    let bytes = b"No,Made,Begun,Ended\n1,01-Jan-04,,\n2,\xff,,\n3,01-Jan-04,,\n";
    table::read(&mapping, file, &file.name, bytes, &mut report, |row, _| {
        keys.push(row.key);
    })
    .unwrap();
    assert_eq!(keys, ["1", "3"]);
    assert!(
        report
            .excerpt(Kind::Rejected, 9)
            .contains("dates.csv, line 3: holds bytes")
    );
}
