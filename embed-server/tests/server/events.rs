//! An event stream as its client reads it.

use std::{net::SocketAddr, time::Duration};

use http_body_util::{BodyExt, Full};
use hyper::{
    Request, StatusCode,
    body::{Bytes, Incoming},
    client::conn::http1,
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::{
    contract,
    harness::{Answer, Server, get, with_token},
};

pub const PATH: &str = "/v1/embed/events";

/// A stream as its client reads it.
pub struct Events {
    body: Incoming,
    text: String,
}

#[derive(Debug, PartialEq)]
pub enum Event {
    Changed { id: u64, revision: u64 },
    End(String),
}

pub fn changed(place: u64) -> Event {
    Event::Changed {
        id: place,
        revision: place,
    }
}

/// Waits for what is bound to come, and says what it was where it does not.
pub async fn awaited<F: Future>(what: &str, coming: F) -> F::Output {
    let patience = Duration::from_secs(30);
    let outcome = tokio::time::timeout(patience, coming).await;
    outcome.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}

/// Waits until the server has noticed that there are only so many streams.
pub async fn streams_left(server: &Server, most: usize) {
    awaited("the end of streams that were left", async {
        while server.app.live.streams() > most {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

impl Events {
    pub async fn open(server: &Server, token: &str) -> Self {
        Self::open_at(server.address, token, None).await.unwrap()
    }

    pub async fn open_after(server: &Server, token: &str, last: u64) -> Self {
        let last = last.to_string();
        let opened = Self::open_at(server.address, token, Some(&last)).await;
        opened.unwrap()
    }

    /// Opens a stream, or gives the refusal; both as the contract says.
    pub async fn open_at(
        address: SocketAddr,
        token: &str,
        last: Option<&str>,
    ) -> Result<Self, Answer> {
        awaited("a stream to open", Self::ask(address, token, last)).await
    }

    async fn ask(address: SocketAddr, token: &str, last: Option<&str>) -> Result<Self, Answer> {
        let mut request: Request<Full<Bytes>> = with_token(get(PATH), token);
        let headers = request.headers_mut();
        headers.insert("host", address.to_string().parse().unwrap());
        if let Some(last) = last {
            headers.insert("last-event-id", last.parse().unwrap());
        }
        let asked = (
            request.method().clone(),
            request.uri().clone(),
            request.headers().clone(),
        );
        let stream = TcpStream::connect(address).await.unwrap();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let (parts, mut body) = sender.send_request(request).await.unwrap().into_parts();
        let is_stream = parts.status == StatusCode::OK;
        let mut answer = Answer {
            status: parts.status,
            headers: parts.headers,
            body: Bytes::new(),
        };
        if !is_stream {
            answer.body = body.collect().await.unwrap().to_bytes();
            contract::check(&asked.0, &asked.1, &asked.2, &[], &answer);
            return Err(answer);
        }
        contract::check(&asked.0, &asked.1, &asked.2, &[], &answer);
        assert_eq!(answer.header("cache-control"), "no-store");
        let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(first, ":\n\n", "the head does not wait for a change");
        Ok(Self {
            body,
            text: String::new(),
        })
    }

    /// The next block: an event or a comment; `None` when the stream is over.
    pub async fn block(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let block = self.text.drain(..end + 2).collect::<String>();
                return Some(block.trim_end().to_owned());
            }
            let frame = awaited("a block of a stream", self.body.frame())
                .await?
                .unwrap();
            self.text
                .push_str(std::str::from_utf8(&frame.into_data().unwrap()).unwrap());
        }
    }

    pub async fn next(&mut self) -> Option<Event> {
        // Signs of life keep `block` content: the whole wait has an end of its own.
        awaited("an event", async {
            loop {
                let block = self.block().await?;
                if block != ":" {
                    return Some(read(&block));
                }
            }
        })
        .await
    }
}

/// Reads an event to the letter: there is nothing else in it.
pub fn read(block: &str) -> Event {
    let lines: Vec<&str> = block.lines().collect();
    match lines[..] {
        [id, "event: changed", data] => {
            let revision = data.strip_prefix("data: {\"revision\":").unwrap();
            Event::Changed {
                id: id.strip_prefix("id: ").unwrap().parse().unwrap(),
                revision: revision.strip_suffix('}').unwrap().parse().unwrap(),
            }
        }
        ["event: end", data] => {
            let reason = data.strip_prefix("data: {\"reason\":\"").unwrap();
            Event::End(reason.strip_suffix("\"}").unwrap().to_owned())
        }
        _ => panic!("is no event: {block}"),
    }
}
