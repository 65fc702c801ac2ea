//! `oriel import` as an operator runs it: real program, real database.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::{
    path::Path,
    process::{Command, Output},
};

use jiff::Timestamp;
use oriel_contract::{TaskPage, TenantId};
use oriel_store::{Context, OPERATOR, Store, TaskQuery, TenantScope};
use rand::SeedableRng;
use rand_chacha::ChaCha20Rng;
use tempfile::TempDir;

const MAP: &str = r#"
dates = ["%Y-%m-%d"]
null = ["NA"]

[names]
project = "Project {value}"

[files.tasks]
name = "tasks.csv"
key = "No"
columns = { title = "Title", project = "Project", status = "Status", assignee = "Who" }

[files.dates]
name = "dates.csv"
key = "No"
columns = { created_at = "Made", completed_at = "Ended", due_on = "Due" }
"#;
const TASKS: &str =
    "No,Title,Project,Status,Who\n1,One,A,todo,7\n2,Zwö,A,done,NA\n3,Three,B,blocked,7\n";
const DATES: &str =
    "No,Made,Ended,Due\n1,2026-01-02,,2026-02-01\n2,2026-01-03,2026-01-09,\n3,2026-01-04,,\n";

/// A folder with a database, a tenant, and files to import.
struct Place {
    folder: TempDir,
    store: Store,
    tenant: TenantId,
}

impl Place {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::connect(&database(folder.path())).await.unwrap();
        store.migrate().await.unwrap();
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let cx = &mut Context {
            now: Timestamp::UNIX_EPOCH,
            rng: &mut rng,
            actor: OPERATOR,
        };
        let tenant = store.create_tenant(cx, "Tenant").await.unwrap().id;
        let place = Self {
            folder,
            store,
            tenant,
        };
        place.put("map.toml", MAP);
        place.put("tasks.csv", TASKS);
        place.put("dates.csv", DATES);
        place
    }

    fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.folder.path().join(name), content).unwrap();
    }

    fn report(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("oriel-import-report.csv")).unwrap()
    }

    /// Runs `oriel import` in the folder.
    fn import(&self, arguments: &[&str]) -> Ran {
        self.import_into(self.tenant.as_str(), arguments)
    }

    fn import_into(&self, tenant: &str, arguments: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_oriel"))
            .current_dir(self.folder.path())
            .env("ORIEL_DATABASE_URL", database(self.folder.path()))
            .env("ORIEL_PUBLIC_URL", "http://localhost:8080")
            .args(["import", "--map", "map.toml", "--tenant", tenant])
            .args(arguments)
            .output()
            .unwrap();
        Ran::from(&output)
    }

    async fn tasks(&self) -> TaskPage {
        let scope = TenantScope::whole(self.tenant.clone());
        let query = TaskQuery {
            limit: 200,
            ..TaskQuery::default()
        };
        let today = "2026-03-01".parse().unwrap();
        self.store.within(scope).tasks(today, &query).await.unwrap()
    }
}

fn database(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("oriel.db").display())
}

/// What a run left behind.
struct Ran {
    code: Option<i32>,
    /// Both streams.
    text: String,
}

impl Ran {
    fn from(output: &Output) -> Self {
        let streams = [output.stdout.as_slice(), &output.stderr].concat();
        Self {
            code: output.status.code(),
            text: String::from_utf8(streams).unwrap(),
        }
    }

    fn expect(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, Some(code), "{}", self.text);
        for part in parts {
            assert!(
                self.text.contains(part),
                "expected {part}\n---\n{}",
                self.text
            );
        }
    }
}

const BOTH: [&str; 2] = ["tasks.csv", "dates.csv"];

#[tokio::test]
async fn good_files_are_imported_and_a_second_time_change_nothing() {
    let place = Place::new().await;
    place.import(&BOTH).expect(
        0,
        &[
            "tasks.csv          3 rows read          3 taken          0 not taken",
            "3 tasks made, 0 updated, 0 unchanged in 2 projects, with 1 people",
        ],
    );
    place
        .import(&BOTH)
        .expect(0, &["0 tasks made, 0 updated, 3 unchanged"]);
    place.put("tasks.csv", TASKS.replace("Three", "Drei"));
    place
        .import(&BOTH)
        .expect(0, &["0 tasks made, 1 updated, 2 unchanged"]);

    let page = place.tasks().await;
    let mut titles: Vec<_> = page.items.iter().map(|task| task.title.as_str()).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["Drei", "One", "Zwö"]);
    assert_eq!(page.items.iter().filter(|task| task.overdue).count(), 1);
    assert!(!place.folder.path().join("oriel-import-report.csv").exists());
}

#[tokio::test]
async fn bad_rows_are_named_and_the_rest_is_imported() {
    let place = Place::new().await;
    place.put(
        "tasks.csv",
        format!("{TASKS}4,Four,B,waiting,\n5,\"Fi\nve\",B,todo,,\n"),
    );
    place.put(
        "dates.csv",
        format!("{DATES}4,2026-02-30,,\n6,2026-01-01,,\n"),
    );
    place.import(&BOTH).expect(
        3,
        &[
            "tasks.csv          5 rows read          3 taken          2 not taken",
            "dates.csv          5 rows read          3 taken          2 not taken",
            "3 tasks made",
            "tasks.csv, line 5: column \"Status\": status \"waiting\" is not in the mapping",
            "tasks.csv, lines 6 to 7: has 6 fields where the header has 5",
            "dates.csv, line 5: column \"Made\": \"2026-02-30\" is not a date like 2004-11-02",
            "dates.csv, line 6: tasks.csv has no row with No = \"6\"",
            "oriel-import-report.csv",
        ],
    );
    assert_eq!(place.tasks().await.total, 3);
    assert_eq!(place.report().lines().count(), 5);
}

#[tokio::test]
async fn strict_and_dry_runs_write_nothing() {
    let place = Place::new().await;
    place
        .import(&["--dry-run", "tasks.csv", "dates.csv"])
        .expect(0, &["3 tasks found in 2 projects", "nothing was written"]);
    place.put("tasks.csv", format!("{TASKS}4,Four,B,waiting,\n"));
    place
        .import(&["--strict", "tasks.csv", "dates.csv"])
        .expect(1, &["tasks.csv, line 5", "nothing was written: --strict"]);
    place
        .import(&["--dry-run", "tasks.csv", "dates.csv"])
        .expect(3, &["tasks.csv, line 5"]);
    assert_eq!(place.tasks().await.total, 0);
}

#[tokio::test]
async fn plans_are_imported_and_what_cannot_be_is_named() {
    let place = Place::new().await;
    let map = MAP.replace("assignee = \"Who\"", "depends_on = \"Who\"");
    let milestones = "[files.milestones]\nname = \"milestones.csv\"\nholds = \"milestones\"\n\
        key = \"ID\"\ncolumns = { name = \"Name\", project = \"Project\", due_on = \"Due\" }\n";
    place.put("map.toml", format!("{map}\n{milestones}"));
    place.put(
        "milestones.csv",
        "ID,Name,Project,Due\nM1,Ready,A,2026-04-01\nM2,,A,2026-04-01\n",
    );
    let task = |number: u32, after: &str| format!("{number},T,A,todo,\"{after}\"\n");
    let file = |rows: [String; 3]| format!("No,Title,Project,Status,Who\n{}", rows.concat());
    place.put("tasks.csv", file([task(1, ""), task(2, "1"), task(3, "9")]));
    let all = ["tasks.csv", "dates.csv", "milestones.csv"];
    place.import(&all).expect(
        3,
        &[
            "2 tasks made, 0 updated, 0 unchanged in 1 projects, with 0 people and 1 milestones",
            "milestones.csv, line 3: name is empty: a milestone needs one",
            "tasks.csv, line 4: task \"3\" depends on \"9\", which is not in these files",
        ],
    );
    // A task that is stored may be waited for without coming again; a dry run,
    // which does not look, says that it cannot know.
    place.put("tasks.csv", file([task(4, "1"), task(5, ""), task(6, "6")]));
    place.put(
        "dates.csv",
        "No,Made,Ended,Due\n4,2026-01-02,,\n5,2026-01-02,,\n6,2026-01-02,,\n",
    );
    let dry = [&["--dry-run"], &all[..]].concat();
    place.import(&dry).expect(
        3,
        &["task \"4\" depends on \"1\", which is not in these files: it has to"],
    );
    place.import(&all).expect(
        3,
        &[
            "2 tasks made",
            "tasks.csv, line 4: task \"6\" depends on itself: take \"6\" out",
        ],
    );
    assert_eq!(place.tasks().await.total, 4);
}

#[tokio::test]
async fn an_unusable_file_is_named_and_nothing_is_written() {
    let place = Place::new().await;
    let huge = format!(
        "No,Title,Project,Status,Who\n1,\"{}\",A,todo,\n",
        "x".repeat(3 << 20)
    );
    for (content, expected) in [
        (&b""[..], "tasks.csv: is empty"),
        (
            b"No,Title,Project,Status,Who\n",
            "tasks.csv: has a header and no rows",
        ),
        (
            b"No,Title,Project,Who\n1,One,A,7\n",
            "tasks.csv, line 1: column \"Status\" (status) is missing",
        ),
        (
            b"No,Title,Title,Project,Status,Who\n",
            "tasks.csv, line 1: column \"Title\" (title) stands twice",
        ),
        (
            b"No;Title;Project;Status;Who\n1;One;A;todo;7\n",
            "check `delimiter`",
        ),
        (
            b"\xff\xfeN\0o\0",
            "set `encoding = \"utf-16le\"` for this file",
        ),
        (
            b"No,Title,Project,Status,Who\n1,One,A,todo,7\n2,\"Two,A,todo,7\n",
            "tasks.csv, line 3: the quote that opens field 2 is never closed",
        ),
        (huge.as_bytes(), "field 2 is 3145728 bytes long"),
    ] {
        place.put("tasks.csv", content);
        place
            .import(&BOTH)
            .expect(1, &[expected, "nothing was written"]);
    }
    assert_eq!(place.tasks().await.total, 0);
}

#[tokio::test]
async fn a_wrong_encoding_refuses_its_rows_and_says_so() {
    let place = Place::new().await;
    let latin: Vec<u8> = TASKS
        .chars()
        .map(|char| u8::try_from(char).unwrap())
        .collect();
    place.put("tasks.csv", &latin);
    place.import(&BOTH).expect(
        3,
        &[
            "tasks.csv, line 3: holds bytes that are not UTF-8, after \"2,Zw\"",
            "task \"2\" is not whole without the row in tasks.csv, line 3",
            "2 tasks made",
        ],
    );
    place.put(
        "map.toml",
        MAP.replace(
            "name = \"tasks.csv\"",
            "name = \"tasks.csv\"\nencoding = \"latin1\"",
        ),
    );
    place
        .import(&BOTH)
        .expect(0, &["1 tasks made, 0 updated, 2 unchanged"]);
    place.put("tasks.csv", TASKS);
    place.import(&BOTH).expect(
        0,
        &["tasks.csv, line 1: the file is valid UTF-8, but is read as windows-1252"],
    );
}

#[tokio::test]
async fn wrong_arguments_are_named_and_nothing_is_written() {
    let place = Place::new().await;
    let other = "tnt_01jd8x0c6tfwasq9m2yjz0v4kb";
    place
        .import(&["tasks.csv"])
        .expect(1, &["`files.dates` (dates.csv) is missing"]);
    place
        .import(&["tasks.csv", "dates.csv", "tasks.csv"])
        .expect(1, &["are both `files.tasks`"]);
    place
        .import(&["tasks=dates.csv", "dates.csv"])
        .expect(1, &["is given as `files.dates` and as `files.tasks`"]);
    place
        .import(&["x/tasks.csv", "dates.csv"])
        .expect(1, &["x/tasks.csv: cannot be read"]);
    place
        .import(&["other.csv", "dates.csv"])
        .expect(1, &["other.csv: the mapping has no file of this name"]);
    place
        .import(&["--report", "no/such/folder.csv", "tasks.csv", "dates.csv"])
        .expect(1, &["the report no/such/folder.csv cannot be"]);
    place.import(&[]).expect(2, &["FILE"]);
    place
        .import_into(other, &BOTH)
        .expect(1, &["there is no tenant"]);
    place.import_into("prj_1", &BOTH).expect(2, &["tnt_"]);
    assert_eq!(place.tasks().await.total, 0);
}

#[tokio::test]
async fn an_unusable_mapping_names_the_key() {
    let place = Place::new().await;
    for (from, to, expected) in [
        ("title = ", "titel = ", "unknown variant `titel`"),
        ("null = ", "nulls = ", "unknown field `nulls`"),
        ("dates = [\"%Y-%m-%d\"]", "", "missing field `dates`"),
        ("%Y-%m-%d", "%H", "does not give a whole date"),
        (
            "[files.dates]",
            "[files.dates",
            "TOML parse error at line 13",
        ),
    ] {
        place.put("map.toml", MAP.replacen(from, to, 1));
        place
            .import(&BOTH)
            .expect(1, &["the mapping map.toml cannot be used", expected]);
    }
    assert_eq!(place.tasks().await.total, 0);
}
