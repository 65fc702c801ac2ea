//! Texts of a row as the store takes them: how long they may be, and whose.

use oriel_store::ImportBatch;

use super::{
    report::{Kind, Report},
    tests::import_files,
};

const PEOPLE: &str = r#"
    dates = ["%d-%b-%y"]
    [names]
    person = "Person {value}"
    [files.tasks]
    name = "tasks.csv"
    key = "No"
    [files.tasks.columns]
    created_at = "Made"
    title = "Title"
    project = "Project"
    project_name = "Project name"
    status = "Status"
    assignee = "Who"
    assignee_name = "Who name"
    assignee_email = "Who email"
    contributor = "Worker"
    contributor_name = "Worker name"
"#;

/// Imports one task that has every text, with some of them set to another.
fn import_people(set: &[(&str, &str)]) -> (ImportBatch, Report) {
    let mut row = [
        ("No", "7"),
        ("Made", "02-Nov-04"),
        ("Title", "T"),
        ("Project", "P"),
        ("Project name", "Pier"),
        ("Status", "todo"),
        ("Who", "ada"),
        ("Who name", "Ada"),
        ("Who email", "ada@example.test"),
        ("Worker", "bob"),
        ("Worker name", "Bob"),
    ];
    for (column, text) in set {
        row.iter_mut().find(|cell| cell.0 == *column).unwrap().1 = text;
    }
    let (titles, texts): (Vec<_>, Vec<_>) = row.into_iter().unzip();
    let bytes = format!("{}\n{}\n", titles.join(","), texts.join(","));
    import_files(PEOPLE, &[("tasks", bytes.as_bytes())])
}

#[test]
fn a_text_longer_than_the_store_takes_refuses_its_row() {
    for (column, longest) in [
        ("No", 200),
        ("Title", 500),
        ("Project", 200),
        ("Project name", 200),
        ("Who", 200),
        ("Who name", 200),
        ("Who email", 200),
        ("Worker", 200),
        ("Worker name", 200),
    ] {
        let (batch, report) = import_people(&[(column, &"ü".repeat(longest))]);
        assert_eq!(batch.tasks.len(), 1, "{column}");
        assert_eq!(report.count(Kind::Rejected), 0, "{column}");
        let (batch, report) = import_people(&[(column, &"ü".repeat(longest + 1))]);
        assert!(batch.tasks.is_empty(), "{column}");
        let rejected = report.excerpt(Kind::Rejected, 9);
        let expected = format!(
            "tasks.csv, line 2: column \"{column}\": {} characters are more than the {longest}",
            longest + 1
        );
        assert!(rejected.contains(&expected), "{rejected}");
    }
}

#[test]
fn a_name_that_is_made_up_and_too_long_refuses_its_rows() {
    for (id, name) in [("Who", "Who name"), ("Worker", "Worker name")] {
        let (batch, _) = import_people(&[(id, &"x".repeat(193)), (name, "")]);
        assert_eq!(batch.tasks.len(), 1, "{id}");
        assert_eq!(
            batch.users.iter().filter(|user| !user.has_own_name).count(),
            1
        );
        let (batch, report) = import_people(&[(id, &"x".repeat(194)), (name, "")]);
        assert!(batch.tasks.is_empty() && batch.users.is_empty(), "{id}");
        let rejected = report.excerpt(Kind::Rejected, 9);
        for expected in [
            "tasks.csv, line 2: person \"xxx",
            "`names.person` makes",
            "201 characters",
        ] {
            assert!(rejected.contains(expected), "{rejected}");
        }
    }
}

#[test]
fn a_name_or_an_address_of_nobody_is_reported() {
    let (batch, report) = import_people(&[("Who", ""), ("Worker", "")]);
    assert!(batch.users.is_empty());
    let warnings = report.excerpt(Kind::Warning, 9);
    for expected in [
        "tasks.csv, line 2: assignee_name \"Ada\" is of nobody",
        "tasks.csv, line 2: assignee_email \"ada@example.test\" is of nobody",
        "tasks.csv, line 2: contributor_name \"Bob\" is of nobody",
    ] {
        assert!(warnings.contains(expected), "{warnings}");
    }
}
