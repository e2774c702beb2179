//! How many queries a call makes: as many for a full page of a list as for a single row.
//!
//! Every statement counts that is sent to the database, those that begin and end a transaction among them. A connection adds one to
//! a number of the thread that it is used on; nothing is allocated.

use diesel::connection::{Instrumentation, InstrumentationEvent};
use std::cell::Cell;
use std::future::Future;

thread_local! {
    /// Made on this thread, ever.
    static ON_THREAD: Cell<u32> = const { Cell::new(0) };
}

tokio::task_local! {
    /// Made for the call that this task answers.
    static OF_CALL: Cell<u32>;
}

/// Counts the queries of a connection.
pub(super) struct Counting;

impl Instrumentation for Counting {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            ON_THREAD.set(ON_THREAD.get().wrapping_add(1));
        }
    }
}

/// Does work on this thread, and tells how many queries that took.
pub(super) fn counted<T>(work: impl FnOnce() -> T) -> (T, u32) {
    let before = ON_THREAD.get();
    let done = work();
    (done, ON_THREAD.get().wrapping_sub(before))
}

/// Adds to the queries of the call that this task answers, if it answers any.
pub(super) fn add(queries: u32) {
    // Outside a call (the worker, the command line) nobody asks.
    let _ = OF_CALL.try_with(|of_call| of_call.set(of_call.get().saturating_add(queries)));
}

/// Answers a call, and tells how many queries that took.
pub async fn queries_of_call<F: Future>(answering: F) -> (F::Output, u32) {
    let counted = async {
        let answered = answering.await;
        (answered, OF_CALL.with(Cell::get))
    };
    OF_CALL.scope(Cell::new(0), counted).await
}
