//! The embedded server coming up behind the desk: on a thread and a runtime of its own, while the desk is drawn already.

use std::future::Future;
use std::panic;
use std::thread::JoinHandle;

use tokio::runtime::Builder;
use tokio::sync::oneshot;

use super::context::Context;
use super::embedded;
use super::failure::Failure;
use crate::desk::{self, Arrival, Server};

/// A server on its way, and then there.
pub(super) struct Coming {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<Result<(), Failure>>,
}

/// Starts the embedded server, or finds that of another process, once the desk begins to ask; `first` is done before.
/// Returns at once. With `take_over` this process serves the database when the one that does ends.
pub(super) fn bring_up<W>(
    context: &Context,
    take_over: bool,
    first: impl FnOnce(Context) -> W + Send + 'static,
) -> Result<(Server, Coming), Failure>
where
    W: Future<Output = Result<(), Failure>>,
{
    let (arrive, arrival) = oneshot::channel();
    let (begin, asked) = oneshot::channel();
    let (stop, mut stopped) = oneshot::channel();
    let context = context.clone();
    let work = move || {
        // Who leaves before anything is asked needs none.
        if asked.blocking_recv().is_err() {
            return Ok(());
        }
        let runtime = Builder::new_multi_thread().thread_name("server").enable_all().build()?;
        runtime.block_on(async {
            let attached = async {
                first(context.clone()).await?;
                embedded::attach(&context).await
            };
            // Who leaves before it is there does not wait for it.
            let embedded = tokio::select! {
                attached = attached => attached?,
                _ = &mut stopped => return Ok(()),
            };
            if take_over {
                embedded::take_over_later(&context, &embedded)?;
            }
            let arrival =
                Arrival { client: embedded.client().clone(), setup_secret: embedded.setup().cloned() };
            // A desk that is over already takes nothing any more.
            let _ = arrive.send(arrival);
            let _ = stopped.await;
            embedded.stop().await;
            Ok(())
        })
    };
    let thread = std::thread::Builder::new().name("server-start".to_owned()).spawn(work)?;
    Ok((Server::Coming(desk::Coming { begin, arrival }), Coming { stop, thread }))
}

impl Coming {
    /// Stops it after the desk is over. Why it did not come says more than how the desk ended.
    pub(super) fn end(self, desk: Result<(), Failure>) -> Result<(), Failure> {
        // It hears of it as well when it has failed.
        let _ = self.stop.send(());
        let served = self.thread.join().unwrap_or_else(|payload| panic::resume_unwind(payload));
        served.and(desk)
    }
}
