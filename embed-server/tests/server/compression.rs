//! Answers come in the coding that the client wants, and say the same in each.

use std::io::Write;

use flate2::write::GzDecoder;
use http_body_util::{BodyExt, Full};
use hyper::{Request, body::Bytes, service::Service};
use hyper_util::service::TowerToHyperService;
use oriel::router::router;

use crate::{
    events,
    export::{add, thousand},
    harness::{Answer, Server, get, with_token},
};

const TASKS: &str = "/v1/embed/tasks?limit=200";
const EXPORT: &str = "/v1/embed/tasks/export";

fn accepting(path: &str, token: &str, accepted: &str) -> Request<Full<Bytes>> {
    let mut request = with_token(get(path), token);
    let headers = request.headers_mut();
    headers.insert("accept-encoding", accepted.parse().unwrap());
    request
}

async fn ask(server: &Server, path: &str, token: &str, accepted: &str) -> Answer {
    server.send(accepting(path, token, accepted)).await
}

#[tokio::test]
async fn answers_come_in_the_coding_that_the_client_wants() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    for path in [TASKS, "/v1/embed/dashboard"] {
        let plain = server.get_with(path, &token).await;
        for (accepted, coding) in [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip;q=1.0, br;q=0.2", "gzip"),
            ("br;q=0, gzip", "gzip"),
            ("gzip, identity;q=0", "gzip"),
            ("*", "br"),
            ("*;q=0, GZIP;q=0.1", "gzip"),
            ("identity, br;q=0.5", ""),
            ("zstd, deflate", ""),
            ("br;q=2", ""),
            ("", ""),
        ] {
            let answer = ask(&server, path, &token, accepted).await;
            assert_eq!(answer.header("content-encoding"), coding, "{accepted}");
            assert_eq!(answer.plain(), plain.body, "{accepted}");
            assert_eq!(answer.header("content-type"), "application/json");
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.header("vary"), "authorization, accept-encoding");
            let length = answer.body.len();
            assert_eq!(answer.header("content-length"), length.to_string());
            assert_eq!(length < plain.body.len(), !coding.is_empty());
        }
    }
}

#[tokio::test]
async fn a_tag_is_that_of_one_coding() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    let mut tags = Vec::new();
    for accepted in ["br", "gzip", "identity"] {
        let answer = ask(&server, TASKS, &token, accepted).await;
        tags.push(answer.header("etag").to_owned());
    }
    for (held, tag) in tags.iter().enumerate() {
        for (asked, accepted) in ["br", "gzip", "identity"].into_iter().enumerate() {
            let mut request = accepting(TASKS, &token, accepted);
            let headers = request.headers_mut();
            headers.insert("if-none-match", tag.parse().unwrap());
            let answer = server.send(request).await;
            let wanted = if held == asked { 304 } else { 200 };
            assert_eq!(answer.status, wanted, "{accepted}");
            assert_eq!(answer.header("etag"), tags[asked]);
            assert_eq!(answer.header("vary"), "authorization, accept-encoding");
        }
    }
}

#[tokio::test]
async fn what_fits_into_one_packet_stays_as_it_is() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    for path in ["/v1/embed/tasks?q=nothing-like-it", "/v1/embed/session"] {
        let answer = ask(&server, path, &token, "br, gzip").await;
        assert_eq!(answer.header("content-encoding"), "", "{path}");
        assert_eq!(answer.status, 200);
    }
    let refused = ask(&server, "/v1/embed/tasks?limit=0", &token, "br").await;
    assert_eq!(refused.code(), "invalid_parameter");
}

#[tokio::test]
async fn a_compressed_answer_is_no_older_than_a_plain_one() {
    let mut server = Server::start().await;
    let token = server.embed_token().await;
    let total = async |server: &Server| {
        let answer = ask(server, TASKS, &token, "br").await;
        assert_eq!(answer.header("content-encoding"), "br");
        answer.json()["total"].clone()
    };
    assert_eq!(total(&server).await, 6);
    add(&mut server, thousand()).await;
    assert_eq!(total(&server).await, 1_006);
}

#[tokio::test]
async fn an_answer_of_one_scope_is_compressed_for_that_scope_alone() {
    let server = Server::start().await;
    let ours = server.embed_token().await;
    let theirs = server.mint(&server.other, serde_json::json!({})).await;
    for (token, title) in [(&ours, "Ours task"), (&theirs.token, "Other task")] {
        let answer = ask(&server, TASKS, token, "br").await;
        let tasks = answer.json()["items"].as_array().unwrap().clone();
        assert_eq!(tasks.len(), 6);
        let titles = tasks.iter().map(|task| task["title"].as_str().unwrap());
        assert!(titles.into_iter().all(|each| each.starts_with(title)));
    }
}

#[tokio::test]
async fn the_frame_s_document_is_compressed_and_not_sent_again() {
    let server = Server::start().await;
    let path = format!("/v1/frame/{}", server.ours.embed.id);
    let plain = server.get(&path).await;
    for coding in ["br", "gzip"] {
        let mut request = get(&path);
        let headers = request.headers_mut();
        headers.insert("accept-encoding", coding.parse().unwrap());
        let mut again = request.clone();
        let answer = server.send(request).await;
        assert_eq!(answer.header("content-encoding"), coding);
        assert_eq!(answer.plain(), plain.body);
        assert!(answer.body.len() < plain.body.len() * 2 / 3);
        for name in ["content-type", "content-security-policy", "link", "vary"] {
            assert_eq!(answer.header(name), plain.header(name), "{name}");
        }
        let headers = again.headers_mut();
        headers.insert("if-none-match", answer.headers["etag"].clone());
        let again = server.send(again).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
        assert_eq!(
            again.header("content-security-policy"),
            plain.header("content-security-policy")
        );
    }
}

#[tokio::test]
async fn a_csv_file_is_compressed_and_reads_the_same() {
    let mut server = Server::start().await;
    add(&mut server, thousand()).await;
    let token = server.embed_token().await;
    for query in ["", "?q=nothing-like-it"] {
        let path = format!("{EXPORT}{query}");
        let plain = server.get_with(&path, &token).await;
        assert_eq!(plain.header("content-encoding"), "");
        for (accepted, coding) in [("br, gzip", "gzip"), ("gzip", "gzip"), ("br", "")] {
            let answer = ask(&server, &path, &token, accepted).await;
            assert_eq!(answer.header("content-encoding"), coding, "{accepted}");
            assert_eq!(answer.header("vary"), "authorization, accept-encoding");
            assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
            assert_eq!(answer.plain(), plain.body, "{accepted}");
        }
    }
}

#[tokio::test]
async fn each_page_of_a_compressed_file_can_be_read_when_it_was_sent() {
    let mut server = Server::start().await;
    add(&mut server, thousand()).await;
    let token = server.embed_token().await;
    let service = TowerToHyperService::new(router(server.app.clone()));
    let answer = service.call(accepting(EXPORT, &token, "gzip")).await;
    let mut body = answer.unwrap().into_body();
    let mut read = GzDecoder::new(Vec::new());
    for lines in [201, 401] {
        let sent = body.frame().await.unwrap().unwrap().into_data().unwrap();
        read.write_all(&sent).unwrap();
        read.flush().unwrap();
        let ends = read.get_ref().windows(2).filter(|pair| pair == b"\r\n");
        assert_eq!(
            ends.count(),
            lines,
            "two hundred tasks a page, and the head"
        );
    }
}

#[tokio::test]
async fn live_events_are_never_compressed() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    let service = TowerToHyperService::new(router(server.app.clone()));
    let request = accepting(events::PATH, &token, "br, gzip");
    let answer = service.call(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(!answer.headers().contains_key("content-encoding"));
}
