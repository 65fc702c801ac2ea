//! Refuses a request that gives both `Content-Length` and `Transfer-Encoding`
//! (RFC 9112 §6.3): two readers of it could disagree on where it ends.
//!
//! Hyper goes by the transfer coding, drops the other header and closes the
//! connection afterwards, which is safe for itself; but it leaves no trace for
//! us to refuse by. So the bytes are watched on their way in. Should the watch
//! lose the thread, on odd framing or after a chunked body, it stops and leaves
//! things as hyper has them.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Marks a request that came with both headers.
#[derive(Debug, Clone, Copy)]
pub struct Ambiguous;

/// More of a line than this is not looked at.
const LONGEST_LINE: usize = 64;

/// A stream whose request heads are watched.
pub struct Watched<S> {
    stream: S,
    watch: Watch,
    ambiguous: Arc<AtomicBool>,
}

impl<S> Watched<S> {
    /// Watches `stream`, and raises the flag that is given back with it.
    pub fn new(stream: S) -> (Self, Arc<AtomicBool>) {
        let ambiguous = Arc::new(AtomicBool::new(false));
        let watched = Self {
            stream,
            watch: Watch::default(),
            ambiguous: Arc::clone(&ambiguous),
        };
        (watched, ambiguous)
    }
}

/// Where in the flow of requests a connection is.
enum Place {
    Head,
    Body(u64),
    Lost,
}

struct Watch {
    place: Place,
    line: Vec<u8>,
    is_first_line: bool,
    has_coding: bool,
    has_length: bool,
    /// `None` where it cannot be read.
    length: Option<u64>,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            place: Place::Head,
            line: Vec::with_capacity(LONGEST_LINE),
            is_first_line: true,
            has_coding: false,
            has_length: false,
            length: Some(0),
        }
    }
}

impl Watch {
    /// Takes in bytes; tells whether a head among them had both headers.
    fn take_in(&mut self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            match self.place {
                Place::Lost => return false,
                Place::Body(left) => {
                    let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                    bytes = &bytes[here..];
                    self.place = match left - here as u64 {
                        0 => Place::Head,
                        left => Place::Body(left),
                    };
                }
                Place::Head => {
                    let end = bytes.iter().position(|b| *b == b'\n');
                    let part = &bytes[..end.unwrap_or(bytes.len())];
                    let room = LONGEST_LINE - self.line.len();
                    self.line.extend_from_slice(&part[..part.len().min(room)]);
                    bytes = end.map_or(&[], |end| &bytes[end + 1..]);
                    if end.is_some() && self.end_line() {
                        return true;
                    }
                }
            }
        }
        false
    }

    fn end_line(&mut self) -> bool {
        let line = std::mem::take(&mut self.line);
        let text = line.trim_ascii_end();
        if text.is_empty() {
            // Blank lines may come before a request, and one ends its head.
            return !self.is_first_line && self.end_head();
        }
        if !std::mem::take(&mut self.is_first_line) {
            let mut parts = text.splitn(2, |b| *b == b':');
            let name = parts.next().unwrap_or_default();
            if name.eq_ignore_ascii_case(b"transfer-encoding") {
                self.has_coding = true;
            } else if name.eq_ignore_ascii_case(b"content-length") {
                let value = parts.next().unwrap_or_default().trim_ascii();
                let text = std::str::from_utf8(value).ok();
                self.has_length = true;
                self.length = text.and_then(|text| text.parse().ok());
            }
        }
        self.line = line;
        self.line.clear();
        false
    }

    fn end_head(&mut self) -> bool {
        let ended = std::mem::take(self);
        self.place = match ended.length {
            Some(length) if !ended.has_coding => Place::Body(length),
            _ => Place::Lost,
        };
        ended.has_coding && ended.has_length
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(cx, buf))?;
        if this.watch.take_in(&buf.filled()[before..]) {
            this.ambiguous.store(true, Ordering::Relaxed);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: &str = "POST / HTTP/1.1\r\nContent-Length: 1\r\nTRANSFER-ENCODING: chunked\r\n\r\n";

    /// Whether it is found in one piece, and byte by byte.
    fn found(text: &str) -> [bool; 2] {
        let mut slow = Watch::default();
        let by_byte = text.as_bytes().chunks(1).any(|byte| slow.take_in(byte));
        [Watch::default().take_in(text.as_bytes()), by_byte]
    }

    #[test]
    fn both_headers_are_found_wherever_the_request_stands() {
        let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        let post = "POST / HTTP/1.1\nContent-Length: 4\n\n\r\n\r\n";
        for text in [
            BOTH.to_owned(),
            format!("\r\n{BOTH}"),
            format!("{get}{BOTH}"),
            format!("{post}{get}{BOTH}"),
        ] {
            assert_eq!(found(&text), [true, true], "{text}");
        }
    }

    #[test]
    fn a_body_is_not_taken_for_a_head() {
        let post = format!(
            "POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n{BOTH}",
            BOTH.len()
        );
        let long = format!(
            "GET / HTTP/1.1\r\nX: {}content-length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "a".repeat(61)
        );
        for text in [
            post,
            long,
            "GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n".to_owned(),
        ] {
            assert_eq!(found(&text), [false, false], "{text}");
        }
    }
}
