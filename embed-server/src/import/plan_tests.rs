//! Plans: milestones in a file of their own, and what tasks wait for.

use std::collections::BTreeSet;

use oriel_store::ImportBatch;

use super::{
    fold::Fold,
    mapping::Mapping,
    report::{Kind, Report},
    table,
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
    depends_on = "After"
    [files.milestones]
    name = "milestones.csv"
    holds = "milestones"
    key = "Mark"
    [files.milestones.columns]
    name = "Name"
    project = "Project"
    project_name = "Project name"
    due_on = "Due"
    reached_on = "Reached"
"#;

/// A file with a task for each number, and what it waits for.
fn tasks(rows: &[(&str, &str)]) -> String {
    let rows = rows
        .iter()
        .map(|(number, after)| format!("{number},2026-03-01,T,P,todo,\"{after}\"\n"));
    let header = "No,Made,Title,Project,Status,After\n".to_owned();
    std::iter::once(header).chain(rows).collect()
}

fn import_tasks(map: &str, rows: &[(&str, &str)]) -> (ImportBatch, Report) {
    import_files(map, &[("tasks", tasks(rows).as_bytes())])
}

fn import_milestones(rows: &str) -> (ImportBatch, Report) {
    let milestones = format!("Mark,Name,Project,Project name,Due,Reached\n{rows}");
    let tasks = tasks(&[("1", "")]);
    let files = [
        ("milestones", milestones.as_bytes()),
        ("tasks", tasks.as_bytes()),
    ];
    import_files(MAP, &files)
}

/// What each task of the batch waits for.
fn waits_for(batch: &ImportBatch) -> Vec<String> {
    let tasks = batch.tasks.iter();
    tasks
        .map(|task| format!("{} < {}", task.external_id, task.depends_on.join(" ")))
        .collect()
}

#[test]
fn a_field_of_dependencies_is_split_at_the_separator() {
    let semicolon = format!("dependency_separator = \";\"\n{MAP}");
    for (map, after, expected) in [
        (MAP, " 2,3 ,, 2", "1 < 2 3"),
        (MAP, "NA", "1 < "),
        (MAP, "", "1 < "),
        (&semicolon, "2; 3", "1 < 2 3"),
    ] {
        let (batch, report) = import_tasks(map, &[("1", after), ("2", ""), ("3", "1")]);
        assert_eq!(waits_for(&batch), [expected, "2 < ", "3 < 1"], "{after}");
        assert_eq!(report.findings.len(), 0, "{after}");
    }
}

#[test]
fn dependencies_of_several_rows_are_gathered_without_a_warning() {
    let (batch, report) = import_tasks(MAP, &[("1", "2"), ("2", ""), ("1", "3"), ("3", "")]);
    assert_eq!(waits_for(&batch), ["1 < 2 3", "2 < ", "3 < "]);
    assert_eq!(report.findings.len(), 0);
}

#[test]
fn a_task_that_waits_for_itself_or_for_nothing_that_is_there_is_refused() {
    let many: Vec<String> = (100..151).map(|n| n.to_string()).collect();
    let many = many.join(",");
    for (after, expected) in [
        (
            "1",
            "task \"1\" depends on itself: take \"1\" out of its own dependencies",
        ),
        (
            "2,9",
            "task \"1\" depends on \"9\", which is not in these files and was not imported \
             before: correct it, or import that task too",
        ),
        (
            &many,
            "task \"1\" depends on 51 tasks, more than the 50 that are kept",
        ),
    ] {
        let (batch, report) = import_tasks(MAP, &[("1", after), ("2", "")]);
        assert_eq!(waits_for(&batch), ["2 < "]);
        let said = report.excerpt(Kind::Rejected, 9);
        let expected = format!("  tasks.csv, line 2: {expected}");
        assert!(said.starts_with(&expected), "{said}");
    }
}

#[test]
fn a_task_that_waits_for_one_that_is_not_taken_is_taken_without_that() {
    let bad = [("1", "2,3"), ("2", "2"), ("3", ""), ("4", "5"), ("5", "x")];
    let mut text = tasks(&bad);
    text = text.replace("5,2026-03-01", "5,yesterday");
    let (batch, report) = import_files(MAP, &[("tasks", text.as_bytes())]);
    assert_eq!(waits_for(&batch), ["1 < 3", "3 < ", "4 < "]);
    let said = report.excerpt(Kind::Warning, 9);
    for (line, task, on) in [(2, 1, 2), (5, 4, 5)] {
        let expected = format!(
            "tasks.csv, line {line}: task \"{task}\" depends on \"{on}\", which was not taken: \
             the dependency is left out until both are imported"
        );
        assert!(said.contains(&expected), "{said}");
    }
}

#[test]
fn a_task_may_wait_for_one_that_was_imported_before() {
    let mapping = Mapping::parse(MAP).unwrap();
    let file = &mapping.files["tasks"];
    let stored = BTreeSet::from(["9".to_owned()]);
    for (stored, warnings) in [(Some(&stored), 0), (None, 1)] {
        let mut report = Report::default();
        let mut fold = Fold::new(&mapping);
        let bytes = tasks(&[("1", "9")]);
        let each = |row, report: &mut Report| fold.add(row, report);
        table::read(
            &mapping,
            file,
            &file.name,
            bytes.as_bytes(),
            &mut report,
            each,
        )
        .unwrap();
        let batch = fold.finish(&["tasks"], stored, &mut report);
        assert_eq!(waits_for(&batch), ["1 < 9"]);
        assert_eq!(report.count(Kind::Rejected), 0);
        let said = report.excerpt(Kind::Warning, 9);
        assert_eq!(report.count(Kind::Warning), warnings, "{said}");
        assert_eq!(said.contains("it has to be imported before"), warnings == 1);
    }
}

#[test]
fn milestones_bring_the_project_that_they_are_of() {
    let (batch, report) =
        import_milestones("M2,Beta,Q,Quay,2026-05-01,\nM1,Alpha,P,,2026-04-01,2026-04-03\n");
    assert_eq!(report.findings.len(), 0);
    let told = batch.milestones.iter().map(|each| {
        let reached = each.reached_on.map(|day| day.to_string());
        (
            each.external_id.as_str(),
            each.name.as_str(),
            each.project.as_str(),
            each.due_on.to_string(),
            reached.unwrap_or_default(),
        )
    });
    let text = str::to_owned;
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            ("M1", "Alpha", "P", text("2026-04-01"), text("2026-04-03")),
            ("M2", "Beta", "Q", text("2026-05-01"), String::new()),
        ]
    );
    let projects = batch.projects.iter().map(|each| each.name.as_str());
    assert_eq!(projects.collect::<Vec<_>>(), ["P", "Quay"]);
}

#[test]
fn each_bad_milestone_is_named_with_its_line() {
    let (batch, report) = import_milestones(
        "M1,Alpha,P,,2026-04-01,\n\
         M1,Alpha again,P,,2026-04-02,\n\
         M2,,P,,2026-04-01,\n\
         M3,Gamma,NA,,2026-04-01,\n\
         M4,Delta,P,,,\n\
         M5,Epsilon,P,,soon,\n\
         ,Zeta,P,,2026-04-01,\n",
    );
    assert_eq!(batch.milestones.len(), 1);
    assert_eq!(batch.milestones[0].name, "Alpha");
    let said = report.excerpt(Kind::Rejected, 9);
    for expected in [
        "line 3: milestone \"M1\" is in milestones.csv, line 2 already: keep one of the two",
        "line 4: name is empty: a milestone needs one",
        "line 5: project is empty: a milestone needs one",
        "line 6: due_on is empty: a milestone needs one",
        "line 7: column \"Due\": \"soon\" is not a date like",
        "line 8: column \"Mark\" (key) is empty",
    ] {
        assert!(said.contains(expected), "{expected}\n---\n{said}");
    }
    assert_eq!(report.count(Kind::Rejected), 6);
}

#[test]
fn a_mapping_tells_tasks_and_milestones_apart() {
    for (from, to, expected) in [
        (
            "holds = \"milestones\"",
            "holds = \"stones\"",
            "unknown variant `stones`",
        ),
        (
            "reached_on = \"Reached\"",
            "status = \"Reached\"",
            "`files.milestones.columns.status` is of tasks: a file of milestones takes `name`",
        ),
        (
            "status = \"Status\"",
            "status = \"Status\"\nname = \"Name\"",
            "`files.tasks.columns.name` is of milestones: put it into a file with `holds",
        ),
        (
            "due_on = \"Due\"",
            "",
            "`files.milestones.columns` has no `due_on`: a milestone needs one",
        ),
        (
            "holds = \"milestones\"",
            "",
            "`project` is in `files.milestones.columns` and in `files.tasks.columns`: keep one",
        ),
    ] {
        let faults = Mapping::parse(&MAP.replacen(from, to, 1)).unwrap_err();
        let faults = faults.join("\n");
        assert!(faults.contains(expected), "{expected}\n---\n{faults}");
    }
}
