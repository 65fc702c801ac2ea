//! Sockets: what is accepted, for how long, and how it ends.

mod connection;
pub mod deprecation;
pub mod edge;
mod framing;
pub mod passage;
mod stalling;

use std::{future::Future, sync::Arc, time::Duration};

use hyper_util::server::graceful::GracefulShutdown;
use oriel_store::Store;
use tokio::{net::TcpListener, sync::Semaphore};

use crate::{
    app::App,
    audit,
    clock::{Entropy, SystemClock},
    config::{self, Config},
    frame::bundle::Bundle,
    log,
    router::router,
};

/// Keys are read again this often, so that retired ones are noticed.
const KEY_REFRESH: Duration = Duration::from_secs(5);

/// From one removal of what is kept no longer to the next.
const SWEEP: Duration = Duration::from_mins(10);

/// Runs a server until SIGINT or SIGTERM: migrates if asked to, checks what must
/// hold before serving, listens, and drains at the end.
pub async fn run(config: Config, migrate: bool) -> anyhow::Result<()> {
    log::init(&config.log)?;
    config.require_master_key()?;
    for variable in config::passed_over() {
        tracing::warn!(
            variable,
            "is not a setting of this program and was passed over"
        );
    }
    let store = Store::connect(config.database_url.reveal()).await?;
    if migrate {
        store.migrate().await?;
    }
    let (clock, entropy) = (Arc::new(SystemClock), Entropy::from_system());
    let app = App::new(config, store, clock, entropy, Bundle::load()).await?;
    let listener = TcpListener::bind(app.config.listen)
        .await
        .map_err(|error| {
            anyhow::anyhow!("cannot listen on {} (`listen`): {error}", app.config.listen)
        })?;
    serve(app, listener, stop_signal()).await;
    Ok(())
}

/// Serves on a listener until `stop` resolves, then lets requests under way end.
pub async fn serve(app: App, listener: TcpListener, stop: impl Future<Output = ()>) {
    announce(&app, &listener);
    let refresher = tokio::spawn(refresh_keys(app.clone()));
    let auditor = tokio::spawn(audit::keep_writing(app.clone()));
    let sweeper = tokio::spawn(sweep(app.clone()));
    let drain = Duration::from_millis(app.config.limits.drain_timeout_ms);
    let graceful = GracefulShutdown::new();
    tokio::select! {
        () = accept(&app, listener, &graceful) => {}
        () = stop => {}
    }
    refresher.abort();
    sweeper.abort();
    app.live.stop();
    tracing::info!("stopping: letting requests under way end");
    if tokio::time::timeout(drain, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("stopped with requests still under way");
    }
    auditor.abort();
    if let Err(error) = app.audit.flush(app.clock.now()).await {
        tracing::error!(%error, "the last entries of the audit log could not be written");
    }
}

async fn accept(app: &App, listener: TcpListener, graceful: &GracefulShutdown) {
    let room = Arc::new(Semaphore::new(app.config.limits.connections));
    let service = router(app.clone());
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                connection::spawn(stream, service.clone(), &app.config.limits, graceful, place);
            }
            Err(error) => {
                // Out of file descriptors, most likely: leave room for some to close.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn refresh_keys(app: App) {
    let mut ticks = tokio::time::interval(KEY_REFRESH);
    loop {
        ticks.tick().await;
        if let Err(error) = app.tokens.refresh_keys(app.clock.now()).await {
            tracing::warn!(%error, "signing keys could not be read; going on with those known");
        }
    }
}

fn announce(app: &App, listener: &TcpListener) {
    if let Some(missing) = app.bundle.missing() {
        tracing::warn!("{missing}");
    }
    let address = listener
        .local_addr()
        .map(|address| address.to_string())
        .unwrap_or_default();
    tracing::info!(
        address,
        public_url = app.config.public_url.origin(),
        "listening"
    );
}

/// Resolves at SIGINT or SIGTERM.
async fn stop_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

/// Removes kept answers that are over, a few at a time so that no writer waits for it.
async fn sweep(app: App) {
    let mut ticks = tokio::time::interval(SWEEP);
    loop {
        ticks.tick().await;
        loop {
            match app.store.sweep_kept_answers(app.clock.now()).await {
                Ok(true) => tokio::task::yield_now().await,
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(%error, "kept answers could not be swept; the next time will");
                    break;
                }
            }
        }
    }
}
