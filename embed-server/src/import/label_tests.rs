//! Labels: one field of many, and many rows of one task.

use oriel_store::ImportBatch;

use super::{
    report::{Kind, Report},
    tests::import_files,
};

const MAP: &str = r#"
    null = ["NA"]
    dates = ["%F"]
    [files.tasks]
    name = "tasks.csv"
    key = "No"
    [files.tasks.columns]
    created_at = "Made"
    title = "Title"
    project = "Project"
    status = "Status"
    labels = "Tags"
"#;

/// Imports a task with a row for each of these fields.
fn import(map: &str, tags: &[&str]) -> (ImportBatch, Report) {
    let rows = tags
        .iter()
        .map(|tags| format!("7,2026-03-01,T,P,todo,\"{tags}\"\n"));
    let header = "No,Made,Title,Project,Status,Tags\n".to_owned();
    let text: String = std::iter::once(header).chain(rows).collect();
    import_files(map, &[("tasks", text.as_bytes())])
}

#[test]
fn a_field_of_labels_is_split_at_the_separator() {
    let semicolon = format!("label_separator = \";\"\n{MAP}");
    for (map, tags, expected) in [
        (MAP, " bug ,night shift,, bug", vec!["bug", "night shift"]),
        (MAP, "NA", vec![]),
        (MAP, "bug,NA", vec!["bug"]),
        (MAP, "", vec![]),
        (
            &semicolon,
            "bug, urgent;night",
            vec!["bug, urgent", "night"],
        ),
    ] {
        let (batch, report) = import(map, &[tags]);
        assert_eq!(batch.tasks[0].labels, expected, "{tags}");
        assert_eq!(report.findings.len(), 0, "{tags}");
    }
}

#[test]
fn labels_of_several_rows_are_gathered_without_a_warning() {
    let (batch, report) = import(MAP, &["road", "night,road", ""]);
    assert_eq!(batch.tasks[0].labels, ["night", "road"]);
    assert_eq!(report.findings.len(), 0);
}

#[test]
fn a_label_that_is_too_long_refuses_its_row() {
    let (batch, report) = import(MAP, &[&format!("bug,{}", "x".repeat(201))]);
    assert_eq!(batch.tasks, []);
    let said = report.excerpt(Kind::Rejected, 9);
    assert!(
        said.contains("label 201 characters are more than the 200"),
        "{said}"
    );
}
