//! Reports of browsers: counted, bounded, and not believed.

use http_body_util::Full;
use hyper::{Request, body::Bytes};

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

#[tokio::test]
async fn what_is_no_report_of_an_embed_of_ours_is_refused_and_not_counted() {
    let server = Server::start().await;
    let embed = server.ours.embed.id.as_str();
    let good = r#"{"csp-report":{"effective-directive":"script-src"}}"#;
    let long = format!(r#"{{"csp-report":{{"x":"{}"}}}}"#, "a".repeat(70_000));
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
