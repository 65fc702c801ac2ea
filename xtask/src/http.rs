//! Owns the little HTTP that is needed to see whether a server is up, to get a
//! token from it, and to know what it sends.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result};

const TIMEOUT: Duration = Duration::from_secs(30);

/// An answer, its body undecoded.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// Asks a server on this machine for a path.
pub fn get(port: u16, path: &str) -> Result<Answer> {
    get_with(port, path, None)
}

/// The same in a content coding.
pub fn get_coded(port: u16, path: &str, coding: &str) -> Result<Answer> {
    let header = format!("Accept-Encoding: {coding}\r\n");
    send(port, &format!("GET {path}"), &header, "")
}

/// The same with a bearer token.
pub fn get_with(port: u16, path: &str, token: Option<&str>) -> Result<Answer> {
    let header = token.map_or_else(String::new, |token| {
        format!("Authorization: Bearer {token}\r\n")
    });
    send(port, &format!("GET {path}"), &header, "")
}

/// Posts to a server on this machine; each of `headers` ends with a line end.
pub fn post(port: u16, path: &str, headers: &str, body: &str) -> Result<Answer> {
    send(port, &format!("POST {path}"), headers, body)
}

/// HTTP/1.0, so that the answer is neither chunked nor compressed and ends
/// with the connection.
fn send(port: u16, request: &str, headers: &str, body: &str) -> Result<Answer> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("nothing answers on port {port}"))?;
    stream
        .set_read_timeout(Some(TIMEOUT))
        .context("cannot set a time limit")?;
    let length = match body {
        "" => String::new(),
        body => format!("Content-Length: {}\r\n", body.len()),
    };
    let head = format!("{request} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n{headers}{length}\r\n");
    stream
        .write_all((head + body).as_bytes())
        .context("cannot send a request")?;
    let mut bytes = Vec::new();
    stream
        .read_to_end(&mut bytes)
        .context("the answer broke off")?;
    parse(&bytes).with_context(|| format!("port {port} does not speak HTTP"))
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let body = bytes[end + 4..].to_vec();
    Some(Answer { status, body })
}
