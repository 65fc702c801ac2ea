//! Limits of requests: exact however they come, a tenant's own, and truly told of.

use std::{collections::BTreeMap, net::SocketAddr};

use futures_util::future::join_all;
use http_body_util::Full;
use hyper::{Method, Request, StatusCode, body::Bytes};
use oriel::provision;
use oriel_store::Chain;
use serde_json::{Value, json};
use sfv::{BareItem, List, ListEntry, Parser};

use crate::{
    harness::{
        Answer, Party, Server, form, get, method, mint_body, mint_request, send_to, with_token,
    },
    live::second,
    postgres::postgres_schema,
    raw,
};

on_both_databases! {
    "limits.requests_per_minute = 100":
        of_many_calls_at_once_a_hundred_are_taken;
    "limits.requests_per_minute = 3":
        neither_token_nor_client_nor_address_begins_a_window
        a_call_is_taken_when_retry_after_says_so
        a_clock_that_is_set_back_holds_nobody_up_for_long
        whatever_the_answer_a_good_token_is_told_where_it_stands
        a_plan_is_felt_within_a_second
        calls_over_the_limit_are_entered_as_one;
}

const CALL: &str = "/v1/tenant-keys";

async fn call(server: &Server, token: &str) -> Answer {
    server.get_with(CALL, token).await
}

/// The parameters of each of a header's policies.
fn policies(answer: &Answer, header: &str) -> BTreeMap<String, BTreeMap<String, i64>> {
    let list: List = Parser::new(answer.header(header)).parse().unwrap();
    let of_entry = |entry: ListEntry| {
        let ListEntry::Item(item) = entry else {
            panic!("{header}: holds a list");
        };
        let BareItem::String(name) = item.bare_item else {
            panic!("{header}: holds what is no string");
        };
        let number = |value: BareItem| i64::from(value.as_integer().unwrap());
        let parameters = item.params.into_iter();
        let parameters = parameters.map(|(key, value)| (key.to_string(), number(value)));
        (name.to_string(), parameters.collect())
    };
    list.into_iter().map(of_entry).collect()
}

/// What is left of a policy, and for how many seconds.
fn left(answer: &Answer, policy: &str) -> (i64, i64) {
    let of_policy = &policies(answer, "ratelimit")[policy];
    (of_policy["r"], of_policy["t"])
}

fn assert_refused(answer: &Answer, retry_after: u32) {
    let said = (answer.status.as_u16(), &*answer.code());
    assert_eq!(said, (429, "too_many_requests"));
    assert_eq!(answer.header("retry-after"), retry_after.to_string());
}

async fn statuses(addresses: &[SocketAddr], token: &str, each: usize) -> BTreeMap<u16, usize> {
    let connections = (0..20).map(async |n: usize| {
        let mut seen = Vec::new();
        for _ in 0..each {
            let request = with_token(get(CALL), token);
            let address = addresses[n % addresses.len()];
            seen.push(send_to(address, request).await.status.as_u16());
        }
        seen
    });
    let mut counts = BTreeMap::new();
    for status in join_all(connections).await.into_iter().flatten() {
        *counts.entry(status).or_default() += 1;
    }
    counts
}

async fn of_many_calls_at_once_a_hundred_are_taken(server: Server) {
    let token = server.access_token(&server.ours).await;
    let theirs = server.access_token(&server.other).await;
    let counts = statuses(&[server.address], &token, 10).await;
    assert_eq!(counts, BTreeMap::from([(200, 100), (429, 100)]));
    assert_refused(&call(&server, &token).await, 60);
    let answer = call(&server, &theirs).await;
    assert_eq!(answer.status, 200, "the other tenant has made no call yet");
    assert_eq!(left(&answer, "default"), (99, 60));
}

async fn neither_token_nor_client_nor_address_begins_a_window(mut server: Server) {
    let token = server.access_token(&server.ours).await;
    for _ in 0..3 {
        assert_eq!(call(&server, &token).await.status, 200);
    }
    assert_refused(&call(&server, &token).await, 60);
    let again = server.access_token(&server.ours).await;
    assert_ne!(again, token);
    assert_refused(&call(&server, &again).await, 60);

    let (store, tenant) = (server.store.clone(), server.ours.tenant.id.clone());
    let (client, secret) = provision::client(&store, &mut server.context(), &tenant, "second")
        .await
        .unwrap();
    let body = format!(
        "grant_type=client_credentials&client_id={}&client_secret={secret}",
        client.id
    );
    let answer = server.send(form("/oauth/token", &body)).await;
    let of_another = answer.json()["access_token"].as_str().unwrap().to_owned();
    assert_refused(&call(&server, &of_another).await, 60);

    for name in ["x-forwarded-for", "forwarded", "x-real-ip"] {
        let mut request = with_token(get(CALL), &token);
        let value = "for=192.0.2.1".parse().unwrap();
        request.headers_mut().insert(name, value);
        assert_refused(&server.send(request).await, 60);
    }
    let theirs = server.access_token(&server.other).await;
    assert_eq!(call(&server, &theirs).await.status, 200);
}

async fn a_call_is_taken_when_retry_after_says_so(server: Server) {
    let token = server.access_token(&server.ours).await;
    let first = call(&server, &token).await;
    let limit = BTreeMap::from([("q".to_owned(), 3), ("w".to_owned(), 60)]);
    let policy = BTreeMap::from([("default".to_owned(), limit)]);
    assert_eq!(policies(&first, "ratelimit-policy"), policy);
    assert_eq!(left(&first, "default"), (2, 60));
    server.clock.advance_ms(10_500);
    assert_eq!(left(&call(&server, &token).await, "default"), (1, 50));
    assert_eq!(left(&call(&server, &token).await, "default"), (0, 50));
    assert_refused(&call(&server, &token).await, 50);
    server.clock.advance_ms(49_499);
    assert_refused(&call(&server, &token).await, 1);
    server.clock.advance_ms(501);
    let answer = call(&server, &token).await;
    assert_eq!(answer.status, 200, "50 seconds after it was refused");
    assert_eq!(left(&answer, "default"), (2, 60));
}

async fn a_clock_that_is_set_back_holds_nobody_up_for_long(server: Server) {
    let token = server.access_token(&server.ours).await;
    // Not so far that the token is of the future.
    server.clock.advance_ms(120_000);
    for _ in 0..3 {
        call(&server, &token).await;
    }
    server.clock.advance_ms(-30_000);
    assert_refused(&call(&server, &token).await, 90);
    server.clock.advance_ms(-30_001);
    let answer = call(&server, &token).await;
    assert_eq!(answer.status, 200);
    assert_eq!(left(&answer, "default"), (2, 60));
}

async fn whatever_the_answer_a_good_token_is_told_where_it_stands(server: Server) {
    let body = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope=tenant_keys:write",
        server.ours.client.id, server.ours.secret
    );
    let answer = server.send(form("/oauth/token", &body)).await;
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let unknown = "/v1/tenant-keys/key_01jd8x0c6tfwasq9m2yjz0v4kb";
    let bad = Request::post(CALL)
        .header("content-type", "application/json")
        .body(Full::from(Bytes::from_static(b"{}")))
        .unwrap();
    for (n, (request, status)) in [
        (get(CALL), 403),
        (method(Method::DELETE, unknown), 404),
        (bad, 422),
        (get(CALL), 429),
        (method(Method::DELETE, unknown), 429),
    ]
    .into_iter()
    .enumerate()
    {
        let answer = server.send(with_token(request, &token)).await;
        assert_eq!(answer.status, status);
        let rest = 2_i64.saturating_sub_unsigned(n as u64).max(0);
        assert_eq!(left(&answer, "default"), (rest, 60), "{status}");
    }
    for nobody in [get(CALL), with_token(get(CALL), "nonsense")] {
        let answer = server.send(nobody).await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.header("ratelimit"), "");
    }
}

async fn a_plan_is_felt_within_a_second(mut server: Server) {
    let token = server.access_token(&server.ours).await;
    let (store, tenant) = (server.store.clone(), server.ours.tenant.id.clone());
    let taken = async |server: &Server| {
        let mut taken = 0;
        for _ in 0..10 {
            taken += u32::from(call(server, &token).await.status == StatusCode::OK);
        }
        taken
    };
    assert_eq!(taken(&server).await, 3);
    for (plan, more) in [(Some(5), 2), (Some(4), 0), (None, 0), (Some(7), 2)] {
        let plan = plan.and_then(std::num::NonZeroU32::new);
        let cx = &mut server.context();
        store.change_plan(cx, &tenant, plan).await.unwrap();
        server.clock.advance_ms(1_000);
        assert_eq!(taken(&server).await, more, "{plan:?}");
    }
    let chain = Chain::Tenant(tenant);
    let entered = store.audit_entries(&chain, Some("tenant.plan_changed"), None, 10);
    let entered = entered.await.unwrap();
    assert_eq!(entered.len(), 4);
    assert_eq!(entered[0].actor, "operator");
    assert_eq!(entered[0].detail, r#"{"requests_per_minute":7}"#);
}

async fn calls_over_the_limit_are_entered_as_one(server: Server) {
    let token = server.access_token(&server.ours).await;
    for _ in 0..33 {
        call(&server, &token).await;
    }
    server.app.audit.flush(server.now()).await.unwrap();
    let chain = Chain::Tenant(server.ours.tenant.id.clone());
    let entered = server
        .store
        .audit_entries(&chain, Some("api.called"), None, 100)
        .await
        .unwrap();
    let (over, within): (Vec<_>, Vec<_>) = entered
        .into_iter()
        .filter(|entry| entry.subject != "POST /oauth/token")
        .partition(|entry| entry.outcome == "too_many_requests");
    assert_eq!(within.len(), 3);
    // The server writes by its own clock too.
    assert!(over.len() <= 5, "{over:?}");
    let mut count = 0;
    for entry in over {
        let detail: Value = serde_json::from_str(&entry.detail).unwrap();
        assert_eq!(entry.actor, server.ours.client.id.as_str());
        assert_eq!(entry.subject, format!("GET {CALL}"));
        assert_eq!(detail["scope"], server.ours.client.scope);
        count += detail["count"].as_u64().unwrap();
    }
    assert_eq!(count, 30);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs ORIEL_TEST_POSTGRES_URL: `cargo xtask test` sets it"]
async fn two_servers_on_one_postgres_share_a_window() {
    let server =
        Server::start_on(&postgres_schema().await, "limits.requests_per_minute = 100").await;
    let (there, running) = second(&server).await;
    let token = server.access_token(&server.ours).await;
    let counts = statuses(&[server.address, there], &token, 10).await;
    assert_eq!(counts, BTreeMap::from([(200, 100), (429, 100)]));
    running.abort();
}

/// However many of a tenant's calls wait to be counted, the others' are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs ORIEL_TEST_POSTGRES_URL: `cargo xtask test` sets it"]
async fn one_tenants_flood_takes_no_connection_from_another() {
    let server = Server::start_on(&postgres_schema().await, "").await;
    let token = server.access_token(&server.ours).await;
    let theirs = server.access_token(&server.other).await;
    for token in [&token, &theirs] {
        assert_eq!(call(&server, token).await.status, 200);
    }
    let held = raw::hold_rate_window(&server, &server.ours).await;
    let flood = (0..30).map(|_| {
        let request = with_token(get(CALL), &token);
        tokio::spawn(send_to(server.address, request))
    });
    let flood: Vec<_> = flood.collect();
    for _ in 0..10 {
        assert_eq!(call(&server, &theirs).await.status, 200);
    }
    held.rollback().await.unwrap();
    for answer in flood {
        assert_eq!(answer.await.unwrap().status, 200);
    }
}

#[tokio::test]
#[ignore = "needs ORIEL_TEST_POSTGRES_URL: `cargo xtask test` sets it"]
async fn what_is_over_the_limit_costs_the_database_nothing() {
    let server = Server::start_on(&postgres_schema().await, "limits.requests_per_minute = 3").await;
    let token = server.access_token(&server.ours).await;
    for _ in 0..3 {
        assert_eq!(call(&server, &token).await.status, 200);
    }
    raw::execute(
        &server,
        "ALTER TABLE rate_windows RENAME TO gone".to_owned(),
    )
    .await;
    assert_refused(&call(&server, &token).await, 60);
    let theirs = server.access_token(&server.other).await;
    let counted = server.send_unchecked(with_token(get(CALL), &theirs)).await;
    assert_eq!(counted.status, 500, "who is within it is counted there");
}

async fn session(server: &Server, party: &Party) -> String {
    server.mint(party, json!({})).await.token
}

async fn read(server: &Server, token: &str) -> Answer {
    server.get_with("/v1/embed/projects", token).await
}

#[tokio::test]
async fn reads_are_limited_for_each_session_and_for_the_tenant() {
    let more = "limits.reads_per_minute_session = 3\nlimits.reads_per_minute_tenant = 5";
    let server = Server::start_with(more).await;
    let one = session(&server, &server.ours).await;
    let first = read(&server, &one).await;
    let policy = |q| BTreeMap::from([("q".to_owned(), q), ("w".to_owned(), 60)]);
    let both = [
        ("session".to_owned(), policy(3)),
        ("tenant".to_owned(), policy(5)),
    ];
    assert_eq!(policies(&first, "ratelimit-policy"), BTreeMap::from(both));
    let stands = |answer: &Answer| (left(answer, "session").0, left(answer, "tenant").0);
    assert_eq!(stands(&first), (2, 4));
    for left in [(1, 3), (0, 2)] {
        assert_eq!(stands(&read(&server, &one).await), left);
    }
    server.clock.advance_ms(20_000);
    for _ in 0..3 {
        let refused = read(&server, &one).await;
        assert_refused(&refused, 40);
        assert_eq!(stands(&refused), (0, 2), "it costs the others nothing");
    }
    let two = session(&server, &server.ours).await;
    for left in [(2, 1), (1, 0)] {
        assert_eq!(stands(&read(&server, &two).await), left);
    }
    let refused = read(&server, &two).await;
    assert_refused(&refused, 40);
    assert_eq!(left(&refused, "tenant"), (0, 40));
    let theirs = session(&server, &server.other).await;
    assert_eq!(read(&server, &theirs).await.status, 200);
    server.clock.advance_ms(40_000);
    for token in [&one, &two] {
        assert_eq!(read(&server, token).await.status, 200);
    }
}

#[tokio::test]
async fn a_new_token_of_a_session_begins_no_window_and_calls_are_no_reads() {
    let more = "limits.reads_per_minute_session = 1\nlimits.requests_per_minute = 100";
    let server = Server::start_with(more).await;
    let minted = server.mint(&server.ours, json!({})).await;
    assert_eq!(read(&server, &minted.token).await.status, 200);
    let next = json!({ "session": minted.session });
    let next = server.mint(&server.ours, next).await;
    assert_ne!(next.token, minted.token);
    assert_refused(&read(&server, &next.token).await, 60);
    let access = server.access_token(&server.ours).await;
    let mint = mint_request(&access, &mint_body(&server.ours, json!({})));
    let answer = server.send(mint).await;
    assert_eq!(
        (answer.status.as_u16(), left(&answer, "default").0),
        (201, 97)
    );
}
