//! Limits of size and time, seen from the socket. Waits are for the server's own
//! short time-outs, which end them; nothing here sleeps.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

use crate::harness::{Server, get, mint_body, mint_request};

/// Writes bytes, and reads until the server closes the connection.
async fn exchange(server: &Server, bytes: &str) -> String {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A reset is a way to close as well.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_slow_head_is_cut() {
    let server = Server::start_with("limits.header_timeout_ms = 100").await;
    for bytes in [
        "",
        "GET /healthz HT",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    ] {
        let answer = exchange(&server, bytes).await;
        assert!(!answer.contains("200 OK"), "{bytes}");
    }
}

#[tokio::test]
async fn a_connection_without_a_next_request_is_closed() {
    let server = Server::start_with("limits.header_timeout_ms = 100").await;
    let answer = exchange(&server, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn a_slow_body_is_cut_and_told_so() {
    let server = Server::start_with("limits.body_timeout_ms = 100").await;
    let head = "POST /oauth/token HTTP/1.1\r\nHost: x\r\n\
        Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n";
    let answer = exchange(&server, &format!("{head}grant_type=")).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains(r#""code":"timeout""#), "{answer}");
}

#[tokio::test]
async fn an_ambiguous_or_broken_framing_is_refused() {
    let server = Server::start_with("limits.header_timeout_ms = 200").await;
    let head = "POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    for (what, rest) in [
        (
            "CL and TE",
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ),
        (
            "TE and CL",
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        ),
        (
            "two lengths",
            "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        ),
        ("a negative length", "Content-Length: -5\r\n\r\nhello"),
        ("a length with a sign", "Content-Length: +5\r\n\r\nhello"),
        ("another coding", "Transfer-Encoding: gzip\r\n\r\nhello"),
        (
            "chunked twice over",
            "Transfer-Encoding: chunked, gzip\r\n\r\nhello",
        ),
        (
            "a bad chunk size",
            "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        ),
        (
            "a chunk that is longer than it says",
            "Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n",
        ),
        (
            "a space before the colon",
            "Content-Length : 5\r\n\r\nhello",
        ),
        (
            "a folded header",
            "X-Folded: a\r\n b\r\nContent-Length: 5\r\n\r\nhello",
        ),
    ] {
        // What follows must never be taken for a request of its own.
        let smuggled = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
        let answer = exchange(&server, &format!("{head}{rest}{smuggled}")).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{what}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{what}: {answer}");
    }
}

#[tokio::test]
async fn long_addresses_and_heads_are_refused() {
    let server = Server::start().await;
    let long = server.get(&format!("/healthz?{}", "a".repeat(9_000))).await;
    assert_eq!(
        (long.status.as_u16(), long.code().as_str()),
        (414, "uri_too_long")
    );
    let mut request = get("/healthz");
    request
        .headers_mut()
        .insert("x-long", "a".repeat(17_000).parse().unwrap());
    assert_eq!(server.send(request).await.code(), "headers_too_large");
    let mut request = get("/healthz");
    for n in 0..70 {
        let name: hyper::header::HeaderName = format!("x-{n}").parse().unwrap();
        request.headers_mut().insert(name, "1".parse().unwrap());
    }
    assert_eq!(server.send(request).await.code(), "headers_too_large");
}

#[tokio::test]
async fn a_body_without_a_length_is_limited_too() {
    let server = Server::start_with("limits.body_bytes = 1000").await;
    let head = "POST /oauth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
        Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = format!("400\r\n{}\r\n0\r\n\r\n", "a".repeat(0x400));
    let answer = exchange(&server, &format!("{head}{chunk}")).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn a_connection_over_the_cap_waits_for_its_turn() {
    let server = Server::start_with("limits.connections = 1\nlimits.header_timeout_ms = 200").await;
    let first = TcpStream::connect(server.address).await.unwrap();
    let answer = exchange(&server, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(first);
}

#[tokio::test]
async fn a_client_that_stops_reading_loses_its_place() {
    let server = Server::start_with(
        "limits.connections = 1\nlimits.write_timeout_ms = 100\nlimits.header_timeout_ms = 60000",
    )
    .await;
    let socket = TcpSocket::new_v4().unwrap();
    // Little room, so that the answers soon have nowhere to go.
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(server.address).await.unwrap();
    let requests = "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100);
    // Asks on and never reads, until the server has closed the connection.
    while stream.write_all(requests.as_bytes()).await.is_ok() {}
    let last = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = exchange(&server, last).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn stopping_lets_a_request_under_way_end() {
    let mut server = Server::start().await;
    let access = server.access_token(&server.ours).await;
    let body = mint_body(&server.ours, serde_json::json!({})).to_string();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /v1/embed-tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {access}\r\n\
         Content-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server asks for the body: the request is under way.
    let mut hello = [0; 25];
    stream.read_exact(&mut hello).await.unwrap();
    assert!(hello.starts_with(b"HTTP/1.1 100"));
    let stopped = server.stop();
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(
        answer.starts_with(b"HTTP/1.1 201"),
        "{}",
        String::from_utf8_lossy(&answer)
    );
    stopped.await.unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn a_token_of_a_megabyte_is_refused_without_a_trace() {
    let server = Server::start().await;
    let answer = exchange(
        &server,
        &format!(
            "GET /v1/embed/tasks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
            "a".repeat(1_000_000)
        ),
    )
    .await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 4"),
        "{answer}"
    );
    let body = serde_json::json!({ "embed": "a".repeat(2_000_000) });
    let access = server.access_token(&server.ours).await;
    assert_eq!(server.send(mint_request(&access, &body)).await.status, 413);
}
