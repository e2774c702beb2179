//! `hearth serve` and `hearth worker`: run until told to stop, then finish what is under way.

use crate::config::{Config, logging, metrics};
use crate::mail::Mailer;
use crate::{server, worker};
use anyhow::{Context as _, anyhow};
use std::net::TcpListener;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

pub(super) fn serve(config: Config, with_worker: bool) -> anyhow::Result<()> {
    logging::start(&config.logging);
    let listener = TcpListener::bind(config.server.listen)
        .with_context(|| format!("{} can't be listened on", config.server.listen))?;
    serve_on(config, listener, with_worker)
}

/// Serves on a listener, with the logs and settings as they are.
pub(super) fn serve_on(config: Config, listener: TcpListener, with_worker: bool) -> anyhow::Result<()> {
    metrics::start();
    let (database, secret) = super::open_current(&config)?;
    let mailer = mailer(&config)?;
    let state = server::state(database, Arc::new(config), secret);
    actix_web::rt::System::new().block_on(async move {
        let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let address = listener.local_addr()?;
        let server = server::serve(state.clone(), listener, workers)?;
        let handle = server.handle();
        let (tell, told) = watch::channel(false);
        let working = with_worker.then(|| tokio::spawn(worker::run(state, mailer, told)));
        tracing::info!(%address, worker = with_worker, "hearth serves");
        let stopping = tokio::spawn(async move {
            stop_asked().await?;
            tracing::info!("stopping: finishing what is under way");
            handle.stop(true).await;
            anyhow::Ok(())
        });
        server.await?;
        tell.send_replace(true);
        if let Some(working) = working {
            working.await?;
        }
        stopping.abort();
        tracing::info!("stopped");
        Ok(())
    })
}

pub(super) fn worker(config: Config) -> anyhow::Result<()> {
    logging::start(&config.logging);
    metrics::start();
    let (database, secret) = super::open_current(&config)?;
    let mailer = mailer(&config)?;
    let state = server::state(database, Arc::new(config), secret);
    actix_web::rt::System::new().block_on(async move {
        let (tell, told) = watch::channel(false);
        let working = tokio::spawn(worker::run(state, mailer, told));
        tracing::info!("hearth works");
        stop_asked().await?;
        tell.send_replace(true);
        Ok(working.await?)
    })
}

fn mailer(config: &Config) -> anyhow::Result<Mailer> {
    Mailer::new(&config.mail).map_err(|cause| anyhow!("mails can't be sent: {cause}"))
}

/// Waits until the program is asked to stop: by the system, or by a person at the terminal.
async fn stop_asked() -> anyhow::Result<()> {
    let (mut term, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
