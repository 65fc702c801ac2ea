//! `GET /v1/embed/tasks/export`
//!
//! The file is made page by page while it is sent: a page is read when the one
//! before has left, so that a slow client costs a page of memory and no more.

use std::{io, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, Uri, header},
    response::Response,
};
use csv::{QuoteStyle, WriterBuilder};
use futures_util::{Stream, stream};
use jiff::{Timestamp, civil::Date};
use oriel_contract::{Task, TaskPage, TaskSort};
use oriel_store::{Chain, NewAuditEntry, TaskQuery};
use serde_json::json;
use tokio::task::spawn_blocking;

use super::{
    answers::VARY,
    exports::UnderWay,
    filter::{task_filter, task_sort},
};
use crate::{
    app::App,
    coding::{self, Coding, compress::Gzip},
    problem::Failure,
    request::parameters::Parameters,
    token::{
        EmbedSession,
        access::{EmbedAccess, ReadTasks},
    },
};

/// Tasks of a page: the most that a list gives, too.
const PAGE: u32 = 200;

const CSV: HeaderValue = HeaderValue::from_static("text/csv; charset=utf-8");

/// By this Excel knows that a file is UTF-8; without it, it takes letters beyond
/// ASCII for those of the machine's old code page. Whoever reads a file by a
/// program has the JSON list.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Every task that matches, as a CSV file.
pub async fn export_tasks(
    access: EmbedAccess<ReadTasks>,
    State(app): State<App>,
    uri: Uri,
    request: HeaderMap,
) -> Result<Response, Failure> {
    let mut parameters = Parameters::of(&uri);
    let query = TaskQuery {
        filter: task_filter(&mut parameters),
        sort: task_sort(&mut parameters, TaskSort::default()),
        limit: PAGE,
        cursor: None,
    };
    parameters.finish()?;
    let today = app.day(access.embed.as_of);
    let request_id = access.request_id().text().to_owned();
    let session = access.into_session();
    let entry = NewAuditEntry {
        kind: "tasks.exported",
        actor: session.claims.sid.to_string(),
        subject: session.embed.id.to_string(),
        outcome: "ok".to_owned(),
        detail: json!({ "viewer": session.claims.sub, "request_id": request_id }),
    };
    let chain = Chain::Tenant(session.tenant.id.clone());
    let mut export = Export {
        _under_way: app.exports.begin(&session.tenant.id)?,
        app,
        session,
        today,
        query,
        total: None,
        gzip: None,
    };
    // The first page comes before the head: what is wrong with the request, or
    // with the database, can still be said as a problem.
    let first = export.page().await?;
    let now = export.app.clock.now();
    export.app.store.audit(&chain, now, vec![entry]).await?;
    let coding = coding_of(&request);
    export.gzip = (coding == Coding::Gzip).then(Gzip::default);
    let name = format!("attachment; filename=\"tasks-{today}.csv\"");
    let name = HeaderValue::try_from(name).map_err(Failure::internal)?;
    let mut response = Response::new(Body::from_stream(export.rows(first)));
    let headers = response.headers_mut();
    headers.extend([
        (header::CONTENT_TYPE, CSV),
        (header::CONTENT_DISPOSITION, name),
        (header::VARY, VARY),
    ]);
    if let Some(coding) = coding.header() {
        headers.insert(header::CONTENT_ENCODING, coding);
    }
    Ok(response)
}

/// gzip, or none: at the same speed brotli makes the file no smaller, and holds
/// megabytes for as long as a slow client takes.
fn coding_of(request: &HeaderMap) -> Coding {
    let mut codings = coding::preferred(request).into_iter();
    codings
        .find(|coding| *coding != Coding::Brotli)
        .unwrap_or(Coding::Identity)
}

/// A file that is being made.
struct Export {
    app: App,
    session: Arc<EmbedSession>,
    /// One day for the whole file, midnight or not.
    today: Date,
    query: TaskQuery,
    /// How many match, once they were counted.
    total: Option<u64>,
    gzip: Option<Gzip>,
    /// One of the files that the tenant may have under way.
    _under_way: UnderWay,
}

/// What comes next.
enum Next {
    /// A page that was read already, behind the file's first row.
    First(TaskPage),
    /// The page after this cursor.
    After(String),
    Nothing,
}

impl Export {
    async fn page(&mut self) -> Result<TaskPage, Failure> {
        let _turn = self.app.exports.turn().await?;
        let store = self.app.store.within(self.session.scope.clone());
        let page = store
            .tasks_with_total(self.today, &self.query, self.total)
            .await?;
        self.total = Some(page.total);
        Ok(page)
    }

    /// The file's bytes. An error breaks the answer off: the client sees that it
    /// is not whole.
    fn rows(self, first: TaskPage) -> impl Stream<Item = Result<Bytes, io::Error>> {
        stream::try_unfold((self, Next::First(first)), async |(mut export, next)| {
            let (page, is_first) = match next {
                Next::Nothing => return Ok(None),
                Next::First(page) => (page, true),
                Next::After(cursor) => (export.page_after(cursor).await?, false),
            };
            let next = page.next_cursor.map_or(Next::Nothing, Next::After);
            let is_last = matches!(next, Next::Nothing);
            let gzip = export.gzip.take();
            let work = move || sent(&page.items, is_first, is_last, gzip);
            // It takes a millisecond or two, which other requests would notice.
            let (bytes, gzip) = spawn_blocking(work).await.map_err(io::Error::other)??;
            export.gzip = gzip;
            Ok(Some((Bytes::from(bytes), (export, next))))
        })
    }

    async fn page_after(&mut self, cursor: String) -> Result<TaskPage, io::Error> {
        // A client may take its time, and a token does not outlive itself by that.
        let now = self.app.clock.now();
        let holds = self.app.tokens.check_again(&self.session, now).await;
        holds.map_err(io::Error::other)?;
        self.query.cursor = Some(cursor);
        self.page().await.map_err(|failure| {
            // The head has gone out; nobody else can say what happened.
            tracing::error!(code = ?failure.code(), error = ?failure.cause(), "an export broke off");
            io::Error::other("the export broke off")
        })
    }
}

/// The columns, by the contract's names of the fields.
const COLUMNS: [&str; 17] = [
    "id",
    "external_id",
    "title",
    "project.id",
    "project.name",
    "status",
    "priority",
    "assignee.id",
    "assignee.name",
    "labels",
    "created_at",
    "started_at",
    "completed_at",
    "due_on",
    "overdue",
    "estimate_hours",
    "updated_at",
];

/// A page as it is sent, and what compresses the one after it.
fn sent(
    tasks: &[Task],
    is_first: bool,
    is_last: bool,
    gzip: Option<Gzip>,
) -> io::Result<(Vec<u8>, Option<Gzip>)> {
    let rows = written(tasks, is_first)?;
    match gzip {
        None => Ok((rows, None)),
        Some(gzip) if is_last => Ok((gzip.last(&rows)?, None)),
        Some(mut gzip) => Ok((gzip.next(&rows)?, Some(gzip))),
    }
}

/// Rows of the file (RFC 4180). All fields are in quotes: a spreadsheet that
/// splits at semicolons must not find a field within a field.
fn written(tasks: &[Task], with_head: bool) -> Result<Vec<u8>, io::Error> {
    let start = if with_head { BYTE_ORDER_MARK } else { "" };
    let mut rows = WriterBuilder::new()
        .quote_style(QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::from(start));
    if with_head {
        rows.write_record(COLUMNS)?;
    }
    for task in tasks {
        rows.write_record(fields(task).map(guarded))?;
    }
    rows.into_inner().map_err(csv::IntoInnerError::into_error)
}

fn fields(task: &Task) -> [String; COLUMNS.len()] {
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let assignee = task.assignee.as_ref();
    let labels: Vec<&str> = task
        .labels
        .iter()
        .map(|label| label.name.as_str())
        .collect();
    [
        task.id.to_string(),
        task.external_id.clone().unwrap_or_default(),
        task.title.clone(),
        task.project.id.to_string(),
        task.project.name.clone(),
        task.status.as_str().to_owned(),
        task.priority.as_str().to_owned(),
        assignee.map(|user| user.id.to_string()).unwrap_or_default(),
        assignee.map(|user| user.name.clone()).unwrap_or_default(),
        labels.join(", "),
        time(Some(task.created_at)),
        time(task.started_at),
        time(task.completed_at),
        task.due_on.map(|day| day.to_string()).unwrap_or_default(),
        task.overdue.to_string(),
        task.estimate_hours
            .map(|hours| hours.to_string())
            .unwrap_or_default(),
        time(Some(task.updated_at)),
    ]
}

/// Text that a spreadsheet would take for a formula, made into text (OWASP, "CSV
/// Injection"). The full-width signs are ones that some of them fold.
fn guarded(field: String) -> String {
    let first = field.chars().next();
    if first.is_some_and(|first| "=+-@\t\r\n＝＋－＠".contains(first)) {
        format!("'{field}")
    } else {
        field
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        for hostile in [
            "=1+1",
            "+1",
            "-1+1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1",
            "＋1",
            "－1",
            "＠A1",
            "=HYPERLINK(\"https://evil.example\")",
        ] {
            assert_eq!(guarded(hostile.to_owned()), format!("'{hostile}"));
        }
        for harmless in ["", "a=1", "2025-06-11", "'=1", "Ünïcode", "1.5"] {
            assert_eq!(guarded(harmless.to_owned()), harmless);
        }
    }
}
