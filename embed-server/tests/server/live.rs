//! Event streams. The server looks at its log four times a second of real time,
//! which is what these tests wait for; all that decides goes by the fixed clock.

use std::{net::SocketAddr, pin::pin};

use futures_util::StreamExt;
use oriel::{app::App, clock::Entropy, live::Listener, provision::rotate_key, serve};
use oriel_contract::MintedToken;
use oriel_store::{ImportBatch, Store};
use serde_json::json;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    events::{Event, Events, PATH, awaited, changed, read, streams_left},
    harness::{Party, Server, get, with_token},
    postgres::postgres_schema,
    raw::{self, append_event},
    sample::{bundle, import, task},
};

/// Imports a task as another process would, and lets the server's window pass.
async fn add_task(server: &mut Server, whose: fn(&Server) -> &Party, n: u32) -> u64 {
    let (store, tenant) = (server.store.clone(), whose(server).tenant.clone());
    let batch = ImportBatch {
        tasks: vec![task(n)],
        source: "test".to_owned(),
        ..ImportBatch::default()
    };
    import(&store, &mut server.context(), &tenant, batch).await;
    server.clock.advance_ms(250);
    head(server, whose).await
}

/// The tenant's revision, which is also its log's last place: no write has ever
/// made one without the other.
async fn head(server: &Server, whose: fn(&Server) -> &Party) -> u64 {
    let tenant = &whose(server).tenant.id;
    let revision = server.store.tenant_revision(tenant).await.unwrap();
    revision.unwrap()
}

fn ours(server: &Server) -> &Party {
    &server.ours
}

fn other(server: &Server) -> &Party {
    &server.other
}

async fn minted(server: &Server, more: serde_json::Value) -> MintedToken {
    server.mint(&server.ours, more).await
}

#[tokio::test]
async fn a_write_is_heard_and_what_is_read_then_shows_it() {
    let mut server = Server::start().await;
    let token = server.embed_token().await;
    let total = async |server: &Server| {
        let answer = server.get_with("/v1/embed/tasks?limit=3", &token).await;
        answer.json()["total"].clone()
    };
    assert_eq!(total(&server).await, 6);
    let mut events = Events::open(&server, &token).await;
    let start = head(&server, ours).await;
    assert_eq!(
        events.next().await,
        Some(changed(start)),
        "says where the log stands"
    );
    let place = add_task(&mut server, ours, 7).await;
    assert_eq!(place, start + 1);
    assert_eq!(events.next().await, Some(changed(place)));
    assert_eq!(total(&server).await, 7);
}

#[tokio::test]
async fn another_tenant_hears_nothing() {
    let mut server = Server::start().await;
    // A place in one log is none in the other.
    for n in 20..30 {
        add_task(&mut server, other, n).await;
    }
    assert!(head(&server, other).await > head(&server, ours).await + 4);
    let token = server.embed_token().await;
    let theirs = server.mint(&server.other, json!({})).await.token;
    let mut events = Events::open(&server, &token).await;
    let mut their_events = Events::open(&server, &theirs).await;
    events.next().await.unwrap();
    let start = head(&server, other).await;
    assert_eq!(their_events.next().await, Some(changed(start)));
    for n in 7..10 {
        let place = add_task(&mut server, ours, n).await;
        assert_eq!(events.next().await, Some(changed(place)));
    }
    let place = add_task(&mut server, other, 7).await;
    assert_eq!(place, start + 1);
    assert_eq!(their_events.next().await, Some(changed(place)));
}

#[tokio::test]
async fn a_narrow_token_hears_of_its_own_projects_and_of_imports_alone() {
    let mut server = Server::start().await;
    let whole = server.embed_token().await;
    let projects = server.get_with("/v1/embed/projects", &whole).await.json();
    let (alpha, beta) = (&projects["items"][0]["id"], &projects["items"][1]["id"]);
    let narrow = minted(&server, json!({ "projects": [alpha] })).await.token;
    let tasks = server.get_with("/v1/embed/tasks", &whole).await.json();
    let task_of = |project: &serde_json::Value| {
        let mut items = tasks["items"].as_array().unwrap().iter();
        let task = items
            .find(|task| task["project"]["id"] == *project)
            .unwrap();
        task["id"].as_str().unwrap().to_owned()
    };
    let mut all = Events::open(&server, &whole).await;
    let mut few = Events::open(&server, &narrow).await;
    all.next().await.unwrap();
    few.next().await.unwrap();

    let (beta_task, alpha_task) = (task_of(beta), task_of(alpha));
    let beta = beta.as_str().unwrap();
    // What the whole tenant hears was decided for the narrow token too.
    for (kind, subject) in [
        ("task.updated", beta_task.as_str()),
        ("project.renamed", beta),
    ] {
        let place = append_event(&server, &server.ours, kind, subject).await;
        server.clock.advance_ms(250);
        assert_eq!(all.next().await, Some(changed(place)));
    }
    let place = append_event(&server, &server.ours, "task.updated", &alpha_task).await;
    server.clock.advance_ms(250);
    assert_eq!(
        few.next().await,
        Some(changed(place)),
        "and nothing before it"
    );
    assert_eq!(all.next().await, Some(changed(place)));
    let place = add_task(&mut server, ours, 7).await;
    assert_eq!(few.next().await, Some(changed(place)));
    // What an operator does changes nothing on a dashboard.
    let quiet = append_event(&server, &server.ours, "client.created", "cli_x").await;
    server.clock.advance_ms(250);
    // Who comes now hears that the log was looked through up to here.
    let beyond = minted(&server, json!({ "projects": [beta] })).await.token;
    let mut latecomer = Events::open(&server, &beyond).await;
    assert_eq!(latecomer.next().await, Some(changed(quiet)));
    let last = add_task(&mut server, ours, 8).await;
    assert_eq!(last, place + 2);
    assert_eq!(few.next().await, Some(changed(last)));
}

#[tokio::test]
async fn a_stream_goes_on_where_the_last_one_ended() {
    let mut server = Server::start().await;
    let token = server.embed_token().await;
    let start = head(&server, ours).await;
    let mut first = Events::open(&server, &token).await;
    first.next().await.unwrap();
    drop(first);
    streams_left(&server, 0).await;
    for n in 7..10 {
        add_task(&mut server, ours, n).await;
    }
    let mut behind = Events::open_after(&server, &token, start).await;
    let last = start + 3;
    assert_eq!(
        behind.next().await,
        Some(changed(last)),
        "one for all three"
    );
    let mut even = Events::open_after(&server, &token, last).await;
    let mut beyond = Events::open_after(&server, &token, last + 1_000).await;
    assert_eq!(
        beyond.next().await,
        Some(changed(last)),
        "is none of this log"
    );
    let next = add_task(&mut server, ours, 10).await;
    for events in [&mut even, &mut behind, &mut beyond] {
        assert_eq!(events.next().await, Some(changed(next)));
    }
}

#[tokio::test]
async fn a_malformed_place_is_refused() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    for last in [
        "",
        "x",
        "-1",
        "+1",
        "01",
        "1.5",
        " 1 2",
        "0x1",
        "1000000000000000000",
    ] {
        let refused = Events::open_at(server.address, &token, Some(last)).await;
        let answer = refused.err().unwrap();
        assert_eq!(answer.status, 400, "{last}");
        assert_eq!(answer.errors_at(), ["Last-Event-ID"], "{last}");
    }
    let mut twice = with_token(get(PATH), &token);
    for last in ["1", "2"] {
        twice
            .headers_mut()
            .append("last-event-id", last.parse().unwrap());
    }
    assert_eq!(server.send(twice).await.status, 400);
    let answer = server
        .get_with(&format!("{PATH}?access_token=x"), &token)
        .await;
    assert_eq!(answer.status, 400);
    assert_eq!(server.get(PATH).await.code(), "token_missing");
}

#[tokio::test]
async fn a_token_s_end_is_its_stream_s_end() {
    let server = Server::start_with("limits.heartbeat_ms = 20").await;
    let token = server.embed_token().await;
    let mut events = Events::open(&server, &token).await;
    events.next().await.unwrap();
    server.clock.advance_ms(299_000);
    assert_eq!(events.block().await.unwrap(), ":", "a sign of life");
    server.clock.advance_ms(1_000);
    assert_eq!(
        events.next().await,
        Some(Event::End("token_expired".to_owned()))
    );
    assert_eq!(events.next().await, None);
    assert_eq!(server.app.live.streams(), 0);
}

#[tokio::test]
async fn a_retired_key_ends_the_streams_of_its_tokens() {
    let mut server = Server::start_with("limits.heartbeat_ms = 20").await;
    let token = server.embed_token().await;
    let mut events = Events::open(&server, &token).await;
    events.next().await.unwrap();
    let (store, master) = (server.store.clone(), server.master.clone());
    let tenant = server.ours.tenant.id.clone();
    rotate_key(&store, &mut server.context(), &master, &tenant, Some(0))
        .await
        .unwrap();
    server.clock.advance_ms(10_000);
    server.app.tokens.refresh_keys(server.now()).await.unwrap();
    assert_eq!(
        events.next().await,
        Some(Event::End("token_invalid".to_owned()))
    );
}

#[tokio::test]
async fn a_session_and_a_tenant_have_so_many_streams_and_no_more() {
    let more = "limits.streams_per_session = 2\nlimits.streams_per_tenant = 3";
    let server = Server::start_with(more).await;
    let first = server.embed_token().await;
    let session = minted(&server, json!({})).await;
    let renewed = minted(&server, json!({ "session": session.session }))
        .await
        .token;
    let open = async |token: &str| Events::open_at(server.address, token, None).await;
    let refused = async |token: &str| {
        let answer = open(token).await.err().unwrap();
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (429, "too_many_streams")
        );
        assert_eq!(answer.header("retry-after"), "15");
    };
    let _one = open(&session.token).await.unwrap();
    let two = open(&renewed).await.unwrap();
    refused(&renewed).await;
    let _three = open(&first).await.unwrap();
    refused(&first).await;
    refused(&server.embed_token().await).await;
    let theirs = server.mint(&server.other, json!({})).await.token;
    let _their = open(&theirs).await.unwrap();

    drop(two);
    streams_left(&server, 3).await;
    open(&renewed).await.unwrap();
}

#[tokio::test]
async fn stopping_ends_streams_at_once() {
    let mut server = Server::start().await;
    let token = server.embed_token().await;
    let mut events = Events::open(&server, &token).await;
    events.next().await.unwrap();
    let stopped = server.stop();
    assert_eq!(events.next().await, Some(Event::End("stopping".to_owned())));
    assert_eq!(events.next().await, None);
    stopped.await.unwrap();
}

#[tokio::test]
async fn a_slow_reader_is_told_of_the_latest_only() {
    let mut server = Server::start().await;
    let token = server.embed_token().await;
    let session = server.app.tokens.embed(&token, server.now()).await.unwrap();
    let seat = server.app.live.join(&server.app, &session).unwrap();
    let mut slow = pin!(Listener::new(server.app.clone(), session, seat, None).events());
    let mut quick = Events::open(&server, &token).await;
    quick.next().await.unwrap();
    let mut last = 0;
    for n in 7..11 {
        last = add_task(&mut server, ours, n).await;
        assert_eq!(quick.next().await, Some(changed(last)));
    }
    let mut heard = async || {
        awaited("a slow reader's event", slow.next())
            .await
            .unwrap()
            .unwrap()
    };
    assert_eq!(heard().await, ":\n\n");
    let event = heard().await;
    assert_eq!(
        read(std::str::from_utf8(&event).unwrap().trim_end()),
        changed(last)
    );
    server.clock.advance_ms(300_000);
    let end = heard().await;
    assert!(end.starts_with(b"event: end\n"), "{end:?}");
}

#[tokio::test]
async fn locked_filters_share_the_channel_of_their_projects() {
    let server = Server::start().await;
    let locked = async |status: &str| {
        let locked = json!({ "locked": { "status": [status] } });
        minted(&server, locked).await.token
    };
    let mut all = Vec::new();
    for token in [
        server.embed_token().await,
        locked("todo").await,
        locked("done").await,
    ] {
        all.push(Events::open(&server, &token).await);
    }
    assert_eq!(
        (server.app.live.streams(), server.app.live.channels()),
        (3, 1)
    );
    let start = head(&server, ours).await;
    for events in &mut all {
        assert_eq!(events.next().await, Some(changed(start)));
    }
    drop(all);
    streams_left(&server, 0).await;
    assert_eq!(server.app.live.channels(), 0);
}

/// A store that fails for a moment is asked again, though the clock stands still.
#[tokio::test]
async fn a_follower_outlives_an_error_of_its_store() {
    let server = Server::start().await;
    let token = server.embed_token().await;
    let session = server.app.tokens.embed(&token, server.now()).await.unwrap();
    let hide = "ALTER TABLE tenants RENAME COLUMN revision TO hidden".to_owned();
    let show = "ALTER TABLE tenants RENAME COLUMN hidden TO revision".to_owned();
    server.clock.advance_ms(250);
    raw::execute(&server, hide).await;
    let tenant = &server.ours.tenant.id;
    let now = server.now();
    // A request has met the error, too: it is remembered for those after it.
    assert!(server.app.revisions.current(tenant, now).await.is_err());
    let seat = server.app.live.join(&server.app, &session).unwrap();
    let mut events = pin!(Listener::new(server.app.clone(), session, seat, None).events());
    let mut heard = async || awaited("an event", events.next()).await.unwrap().unwrap();
    assert_eq!(heard().await, ":\n\n");
    raw::execute(&server, show).await;
    let event = heard().await;
    let start = head(&server, ours).await;
    assert_eq!(
        read(std::str::from_utf8(&event).unwrap().trim_end()),
        changed(start)
    );
}

/// A second server on the first one's database, with connections of its own.
pub async fn second(server: &Server) -> (SocketAddr, JoinHandle<()>) {
    let config = server.app.config.clone();
    let store = Store::connect(config.database_url.reveal()).await.unwrap();
    let entropy = Entropy::from_seed(2);
    let app = App::new(config, store, server.clock.clone(), entropy, bundle())
        .await
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let running = tokio::spawn(serve::serve(app, listener, std::future::pending()));
    (address, running)
}

async fn both_servers_tell(mut server: Server) {
    let (address, running) = second(&server).await;
    let token = server.embed_token().await;
    let mut here = Events::open(&server, &token).await;
    let mut there = Events::open_at(address, &token, None).await.unwrap();
    let start = head(&server, ours).await;
    assert_eq!(here.next().await, Some(changed(start)));
    assert_eq!(there.next().await, Some(changed(start)));
    let place = add_task(&mut server, ours, 7).await;
    assert_eq!(here.next().await, Some(changed(place)));
    assert_eq!(there.next().await, Some(changed(place)));
    drop(there);
    let next = add_task(&mut server, ours, 8).await;
    let place = place.to_string();
    let mut there = Events::open_at(address, &token, Some(&place))
        .await
        .unwrap();
    assert_eq!(
        there.next().await,
        Some(changed(next)),
        "goes on at either server"
    );
    running.abort();
}

#[tokio::test]
async fn two_servers_on_one_file_both_tell() {
    both_servers_tell(Server::start().await).await;
}

#[tokio::test]
#[ignore = "needs ORIEL_TEST_POSTGRES_URL: `cargo xtask test` sets it"]
async fn two_servers_on_one_postgres_both_tell() {
    both_servers_tell(Server::start_on(&postgres_schema().await, "").await).await;
}
