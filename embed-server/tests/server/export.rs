//! The CSV file, held against the list that it stands for.

use std::collections::BTreeSet;

use axum::body::Body;
use http_body_util::BodyExt;
use hyper::{Response, client::conn::http1, service::Service};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use jiff::SignedDuration;
use oriel::router::router;
use oriel_contract::{TaskPriority, TaskStatus};
use oriel_store::{ImportBatch, ImportTask, Revoked};
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::{
    harness::{Answer, Server, get, with_token},
    raw,
    sample::{import, task},
};

const PATH: &str = "/v1/embed/tasks/export";

/// What the file says: its names, and its rows.
fn read(answer: &Answer) -> (Vec<String>, Vec<Vec<String>>) {
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    let text = std::str::from_utf8(&answer.body).unwrap();
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    assert!(
        text.ends_with("\"\r\n"),
        "rows end as RFC 4180 says, fields are in quotes"
    );
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let texts = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let names = texts(reader.headers().unwrap());
    let rows = reader.records().map(|row| texts(&row.unwrap())).collect();
    (names, rows)
}

async fn exported(server: &Server, query: &str, token: &str) -> Vec<Vec<String>> {
    let path = if query.is_empty() {
        PATH.to_owned()
    } else {
        format!("{PATH}?{query}")
    };
    read(&server.get_with(&path, token).await).1
}

/// Every task of the list, page by page.
async fn listed(server: &Server, query: &str, token: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/v1/embed/tasks?limit=200&{query}{cursor}");
        let page = server
            .get_with(path.trim_end_matches('&'), token)
            .await
            .json();
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

/// A task of the JSON list as a row of these columns.
fn row(task: &Value, names: &[String]) -> Vec<String> {
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(all) => all
            .iter()
            .map(|each| each["name"].as_str().unwrap())
            .collect::<Vec<_>>()
            .join(", "),
        Value::Number(number) => number.as_f64().unwrap().to_string(),
        other => other.to_string(),
    };
    let field = |name: &String| {
        let pointer = format!("/{}", name.replace('.', "/"));
        text(task.pointer(&pointer).unwrap_or(&Value::Null))
    };
    names.iter().map(field).collect()
}

pub async fn add(server: &mut Server, tasks: Vec<ImportTask>) {
    let (store, tenant) = (server.store.clone(), server.ours.tenant.clone());
    let batch = ImportBatch {
        tasks,
        source: "test".to_owned(),
        ..ImportBatch::default()
    };
    import(&store, &mut server.context(), &tenant, batch).await;
    server.clock.advance_ms(250);
}

/// A thousand tasks of all kinds, with titles that a CSV file could stumble on.
pub fn thousand() -> Vec<ImportTask> {
    let all = (10..1_010).map(|n: u32| {
        let status = TaskStatus::ALL[n as usize % 5];
        ImportTask {
            title: format!("Task \"{}\", größer;\nと {n}", n * 7 % 1_000),
            status,
            priority: TaskPriority::ALL[n as usize % 3],
            completed_at: (status == TaskStatus::Done)
                .then(|| "2025-06-05T08:00:00.5Z".parse().unwrap()),
            estimate_hours: n.is_multiple_of(3).then(|| f64::from(n) / 4.0),
            ..task(n)
        }
    });
    all.collect()
}

#[tokio::test]
async fn the_file_is_the_list() {
    let mut server = Server::start().await;
    add(&mut server, thousand()).await;
    let token = server.embed_token().await;
    for query in [
        "",
        "sort=title",
        "sort=-due_on&status=todo,blocked",
        "sort=priority,-title&assignee=none&q=task",
        "overdue=true",
        "q=nothing-like-it",
    ] {
        let path = format!("{PATH}?{query}");
        let answer = server.get_with(path.trim_end_matches('?'), &token).await;
        assert_eq!(
            answer.header("content-disposition"),
            "attachment; filename=\"tasks-2025-06-11.csv\""
        );
        let (names, rows) = read(&answer);
        let tasks = listed(&server, query, &token).await;
        let wanted: Vec<_> = tasks.iter().map(|task| row(task, &names)).collect();
        assert_eq!(rows.len(), wanted.len(), "{query}");
        for (row, wanted) in rows.iter().zip(&wanted) {
            assert_eq!(row, wanted, "{query}");
        }
        let id = names.iter().position(|name| name == "id").unwrap();
        assert!(rows.iter().all(|row| !row[id].is_empty()));
    }
    assert_eq!(exported(&server, "", &token).await.len(), 1_006);
}

#[tokio::test]
async fn every_field_of_a_task_has_its_column() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    let (names, _) = read(&server.get_with(PATH, &token).await);
    let tasks = server.get_with("/v1/embed/tasks", &token).await.json();
    let fields = tasks["items"][0].as_object().unwrap();
    let of_column = |name: &String| name.split('.').next().unwrap().to_owned();
    let columns: BTreeSet<String> = names.iter().map(of_column).collect();
    assert_eq!(columns, fields.keys().cloned().collect());
}

#[tokio::test]
async fn no_cell_is_a_formula() {
    let mut server = Server::start().await;
    let hostile = [
        "=HYPERLINK(\"https://evil.example\",\"x\")",
        "+1",
        "-1+1",
        "@SUM(A1)",
        "＝1",
    ];
    let tasks = hostile.iter().zip(7..).map(|(title, n)| ImportTask {
        title: (*title).to_owned(),
        external_id: format!("=cmd|{n}"),
        ..task(n)
    });
    add(&mut server, tasks.collect()).await;
    let token = server.embed_token().await;
    let rows = exported(&server, "sort=created_at", &token).await;
    for title in hostile {
        let guarded = format!("'{title}");
        let row = rows.iter().find(|row| row[2] == guarded);
        assert!(
            row.is_some_and(|row| row[1].starts_with("'=cmd|")),
            "{title}"
        );
    }
    let mut cells = rows.iter().flatten();
    assert!(!cells.any(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝'])));
}

#[tokio::test]
async fn the_file_holds_what_its_token_may_see_and_no_more() {
    let server = Server::start().await;
    let whole = server.embed_token().await;
    let projects = server.get_with("/v1/embed/projects", &whole).await.json();
    let (alpha, beta) = (&projects["items"][0]["id"], &projects["items"][1]["id"]);
    let of = async |more: Value| server.mint(&server.ours, more).await.token;
    let narrow = of(json!({ "projects": [alpha] })).await;
    let locked = of(json!({ "locked": { "status": ["done"] } })).await;
    let theirs = server.mint(&server.other, json!({})).await.token;

    let rows = exported(&server, "", &narrow).await;
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row[3] == alpha.as_str().unwrap()));
    let beyond = format!("project={}", beta.as_str().unwrap());
    assert!(exported(&server, &beyond, &narrow).await.is_empty());
    let rows = exported(&server, "", &locked).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0][5], "done");
    assert!(exported(&server, "status=todo", &locked).await.is_empty());
    let ids = |rows: &[Vec<String>]| -> BTreeSet<String> {
        rows.iter().map(|row| row[0].clone()).collect()
    };
    let theirs = ids(&exported(&server, "", &theirs).await);
    assert_eq!(theirs.len(), 6);
    let ours = ids(&exported(&server, "", &server.embed_token().await).await);
    assert!(theirs.is_disjoint(&ours));
}

#[tokio::test]
async fn what_an_export_does_not_take_is_refused() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    for (query, at) in [
        ("limit=5", "limit"),
        ("cursor=x", "cursor"),
        ("status=x", "status"),
    ] {
        let answer = server.get_with(&format!("{PATH}?{query}"), &token).await;
        assert_eq!(
            (answer.status.as_u16(), answer.errors_at()),
            (400, vec![at.to_owned()])
        );
    }
    let numbers = server
        .mint(&server.ours, json!({ "scope": "dashboard:read" }))
        .await
        .token;
    assert_eq!(
        server.get_with(PATH, &numbers).await.code(),
        "insufficient_scope"
    );
    assert_eq!(server.get(PATH).await.code(), "token_missing");
}

/// Asks for the file without a socket: a page is made when it is asked for, and
/// not before.
async fn begun(server: &Server, token: &str) -> Response<Body> {
    let router = TowerToHyperService::new(router(server.app.clone()));
    let answer = router.call(with_token(get(PATH), token)).await;
    answer.unwrap()
}

#[tokio::test]
async fn a_token_s_end_breaks_its_file_off() {
    for end in ["expiry", "revocation", "suspension"] {
        let mut server = Server::start().await;
        add(&mut server, thousand()).await;
        let token = server.embed_token().await;
        let mut body = begun(&server, &token).await.into_body();
        for _ in 0..2 {
            assert!(body.frame().await.unwrap().is_ok(), "{end}");
        }
        // Nobody else asks anything of the server meanwhile.
        let (store, tenant) = (server.store.clone(), server.ours.tenant.id.clone());
        let later = server.now() + SignedDuration::from_secs(1);
        let cx = &mut server.context();
        match end {
            "revocation" => store.revoke(cx, &tenant, &Revoked::Tenant, later).await,
            "suspension" => store.suspend_tenant(cx, &tenant, true).await,
            _ => Ok(()),
        }
        .unwrap();
        // It holds for half a minute more where clocks differ, as for any request.
        let wait = if end == "expiry" { 331_000 } else { 250 };
        server.clock.advance_ms(wait);
        assert!(body.frame().await.unwrap().is_err(), "{end}");
        assert!(body.frame().await.is_none(), "{end}");
    }
}

#[tokio::test]
async fn a_tenant_has_so_many_files_under_way_and_no_more() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    let theirs = server.mint(&server.other, json!({})).await.token;
    let one = begun(&server, &token).await;
    let two = begun(&server, &token).await;
    assert_eq!((one.status().as_u16(), two.status().as_u16()), (200, 200));
    let refused = server.get_with(PATH, &token).await;
    assert_eq!(
        (refused.status.as_u16(), refused.code().as_str()),
        (429, "too_many_exports")
    );
    assert_eq!(refused.header("retry-after"), "5");
    assert_eq!(exported(&server, "", &theirs).await.len(), 6);

    drop(one);
    assert_eq!(begun(&server, &token).await.status(), 200);
    // A file that was received whole is not under way either.
    assert!(two.into_body().collect().await.is_ok());
    assert_eq!(exported(&server, "", &token).await.len(), 6);
}

#[tokio::test]
async fn a_file_that_cannot_be_finished_breaks_off() {
    let mut server = Server::start().await;
    add(&mut server, thousand()).await;
    let token = server.embed_token().await;
    // A time that none is, in the last row of all.
    let spoilt = "UPDATE tasks SET updated_at = 9000000000000000000 WHERE external_id = 'T-9'";
    add(
        &mut server,
        vec![ImportTask {
            title: "~".to_owned(),
            ..task(9)
        }],
    )
    .await;
    raw::execute(&server, spoilt.to_owned()).await;

    let mut request = with_token(get(&format!("{PATH}?sort=title")), &token);
    request
        .headers_mut()
        .insert("host", server.address.to_string().parse().unwrap());
    let stream = TcpStream::connect(server.address).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(response.status(), 200, "the first pages are good");
    assert!(response.into_body().collect().await.is_err());

    // Where the first page fails already, it can still be said.
    let request = with_token(get(&format!("{PATH}?sort=-title")), &token);
    let answer = server.send_unchecked(request).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (500, "internal")
    );
}
