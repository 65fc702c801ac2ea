//! Reports of browsers: counted, bounded, and not believed.

use futures_util::future::join_all;
use http_body_util::Full;
use hyper::{Request, body::Bytes};
use serde_json::json;

use crate::harness::{Answer, Server};

const OLD: &str = "application/csp-report";
const NEW: &str = "application/reports+json";

async fn report(server: &Server, embed: &str, kind: &str, body: &str) -> Answer {
    let request = Request::post(format!("/v1/csp-reports/{embed}"))
        .header("content-type", kind)
        .body(Full::from(Bytes::from(body.to_owned())))
        .unwrap();
    server.send(request).await
}

/// Directive and count of each row.
async fn counted(server: &Server) -> Vec<(String, u64)> {
    let found = server
        .store
        .csp_reports(&server.ours.embed.id)
        .await
        .unwrap();
    found
        .into_iter()
        .map(|row| (row.directive, row.reports))
        .collect()
}

#[tokio::test]
async fn reports_are_counted_by_directive_in_either_form() {
    let server = Server::start().await;
    let embed = server.ours.embed.id.as_str();
    for (kind, body) in [
        (
            OLD,
            r#"{"csp-report":{"effective-directive":"frame-ancestors","blocked-uri":"x"}}"#,
        ),
        (
            OLD,
            r#"{"csp-report":{"violated-directive":"frame-ancestors https://a"}}"#,
        ),
        (
            OLD,
            r#"{"csp-report":{"effective-directive":"script-src-elem"}}"#,
        ),
        (
            NEW,
            r#"[{"type":"csp-violation","body":{"effectiveDirective":"script-src"}}]"#,
        ),
        (
            NEW,
            r#"[{"type":"csp-violation","body":{"effectiveDirective":"script-srcery"}}]"#,
        ),
        (OLD, r#"{"csp-report":{}}"#),
    ] {
        let answer = report(&server, embed, kind, body).await;
        assert_eq!(answer.status, 204, "{body}");
    }
    let expected = [("frame-ancestors", 2), ("other", 2), ("script-src", 2)];
    let expected: Vec<_> = expected
        .map(|(name, count)| (name.to_owned(), count))
        .into();
    assert_eq!(counted(&server).await, expected);
}

/// A report of so many bytes.
fn of_length(bytes: usize) -> String {
    let around = r#"{"csp-report":{"x":""}}"#.len();
    format!(
        r#"{{"csp-report":{{"x":"{}"}}}}"#,
        "a".repeat(bytes - around)
    )
}

#[tokio::test]
async fn a_report_of_sixteen_kib_is_counted() {
    let server = Server::start().await;
    let embed = server.ours.embed.id.as_str();
    let answer = report(&server, embed, OLD, &of_length(16 * 1024)).await;
    assert_eq!(answer.status, 204);
    assert_eq!(counted(&server).await, [("other".to_owned(), 1)]);
}

#[tokio::test]
async fn however_deep_a_report_is_nested_it_is_answered() {
    let server = Server::start().await;
    let embed = server.ours.embed.id.as_str();
    let deep = format!("{}{}", "[".repeat(8_000), "]".repeat(8_000));
    for (kind, body, status) in [
        (NEW, deep.clone(), 400),
        (NEW, format!(r#"[{{"body":{deep}}}]"#), 400),
        (OLD, deep.clone(), 400),
        (OLD, format!(r#"{{"csp-report":{deep}}}"#), 400),
        // What is not read is passed over, as all that a report says beside its directive.
        (OLD, format!(r#"{{"csp-report":{{"sample":{deep}}}}}"#), 204),
    ] {
        let answer = report(&server, embed, kind, &body).await;
        assert_eq!(answer.status, status, "{kind} {}", &body[..30]);
    }
    assert_eq!(counted(&server).await, [("other".to_owned(), 1)]);
}

#[tokio::test]
async fn a_report_takes_no_parameters() {
    let server = Server::start().await;
    let path = format!("{}?directive=script-src", server.ours.embed.id);
    let body = r#"{"csp-report":{"effective-directive":"script-src"}}"#;
    let answer = report(&server, &path, OLD, body).await;
    assert_eq!(answer.code(), "invalid_parameter");
    assert_eq!(answer.errors_at(), ["directive"]);
    assert_eq!(counted(&server).await, []);
}

#[tokio::test]
async fn many_reports_in_one_body_count_once_by_the_first() {
    let server = Server::start().await;
    let embed = server.ours.embed.id.as_str();
    let one = |directive| {
        let body = json!({ "effectiveDirective": directive });
        json!({ "type": "csp-violation", "body": body })
    };
    let mut many = vec![one("img-src")];
    many.extend(std::iter::repeat_n(one("script-src"), 150));
    let answer = report(&server, embed, NEW, &json!(many).to_string()).await;
    assert_eq!(answer.status, 204);
    assert_eq!(counted(&server).await, [("img-src".to_owned(), 1)]);
}

#[tokio::test]
async fn what_is_no_report_of_an_embed_of_ours_is_refused_and_not_counted() {
    let server = Server::start().await;
    let embed = server.ours.embed.id.as_str();
    let good = r#"{"csp-report":{"effective-directive":"script-src"}}"#;
    let long = of_length(16 * 1024 + 1);
    for (embed, kind, body, status) in [
        ("emb_01jd8x0c6tfwasq9m2yjz0v4kb", OLD, good, 404),
        ("x", OLD, good, 404),
        (embed, "application/json", good, 415),
        (embed, OLD, "", 400),
        (embed, OLD, "[]", 400),
        (embed, OLD, r#"{"csp-report":7}"#, 400),
        (embed, NEW, good, 400),
        (embed, NEW, "[]", 400),
        (embed, NEW, r#"[{"body":{"effectiveDirective":7}}]"#, 400),
        (embed, OLD, &long, 413),
    ] {
        let answer = report(&server, embed, kind, body).await;
        let start = &body[..body.len().min(40)];
        assert_eq!(answer.status.as_u16(), status, "{embed} {kind} {start}");
    }
    assert_eq!(counted(&server).await, []);
}

#[tokio::test]
async fn reports_at_once_are_counted_to_the_limit_exactly() {
    let server = Server::start().await;
    let embed = server.ours.embed.id.as_str();
    let body = r#"{"csp-report":{"effective-directive":"script-src"}}"#;
    let at_once = (0..90).map(|_| report(&server, embed, OLD, body));
    let answers = join_all(at_once).await;
    let taken = |one: &&Answer| one.status == 204;
    assert_eq!(answers.iter().filter(taken).count(), 60);
    let refused = answers.iter().filter(|one| one.status == 429);
    assert_eq!(refused.count(), 30);
    assert_eq!(counted(&server).await, [("script-src".to_owned(), 60)]);
}

#[tokio::test]
async fn a_flood_of_reports_counts_sixty_a_minute_and_touches_no_other_embed() {
    let server = Server::start().await;
    let body = r#"{"csp-report":{"effective-directive":"script-src"}}"#;
    let (ours, other) = (
        server.ours.embed.id.as_str(),
        server.other.embed.id.as_str(),
    );
    for n in 0..70 {
        let answer = report(&server, ours, OLD, body).await;
        assert_eq!(answer.status.as_u16(), if n < 60 { 204 } else { 429 });
        if n >= 60 {
            assert_eq!(answer.header("retry-after"), "60");
        }
    }
    assert_eq!(counted(&server).await, [("script-src".to_owned(), 60)]);
    assert_eq!(report(&server, other, OLD, body).await.status, 204);
    server.clock.advance_ms(60_000);
    assert_eq!(report(&server, ours, OLD, body).await.status, 204);
}
