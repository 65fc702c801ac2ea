//! One connection, with the limits that `axum::serve` does not set.

use std::{sync::atomic::Ordering, time::Duration};

use axum::Router;
use hyper::{
    Request,
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{net::TcpStream, sync::OwnedSemaphorePermit};

use super::{
    framing::{Ambiguous, Watched},
    stalling::Stalling,
};
use crate::config::Limits;

/// Serves a connection until it ends; `place` is given back then.
pub fn spawn(
    stream: TcpStream,
    router: Router,
    limits: &Limits,
    graceful: &GracefulShutdown,
    place: OwnedSemaphorePermit,
) {
    // Small answers go out at once instead of waiting for more to send.
    let _ = stream.set_nodelay(true);
    let stream = Stalling::new(stream, Duration::from_millis(limits.write_timeout_ms));
    let (stream, ambiguous) = Watched::new(stream);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        if ambiguous.load(Ordering::Relaxed) {
            request.extensions_mut().insert(Ambiguous);
        }
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(limits.header_timeout_ms))
        .max_headers(MOST_HEADERS.max(limits.headers * 2))
        .max_buf_size(LARGEST_HEAD.max(limits.header_bytes * 4))
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        // A client that breaks off or breaks the protocol is no event of ours.
        let _ = connection.await;
        drop(place);
    });
}

/// Hyper answers with an empty body beyond these; up to them, the edge refuses
/// what is over the configured limits with a problem.
const MOST_HEADERS: usize = 256;
const LARGEST_HEAD: usize = 128 * 1024;
