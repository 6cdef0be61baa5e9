//! What is submitted: into the outbox, durably, and then to whoever sends it.

use std::sync::Arc;

use tokio::runtime::Handle;

use super::hands::on_disk;
use super::mailbox::Mailbox;
use super::msg::Msg;
use crate::client::Client;
use crate::journal::courier::Courier;
use crate::journal::outbox::Item;
use crate::journal::{Journal, NotKept};

/// Puts items that belong together into the outbox, all of them or none, and hands them to be sent in this order; each is
/// counted as in flight until it is answered or known to have to wait.
pub(super) fn submit(
    runtime: &Handle,
    (journal, courier): (Arc<Journal>, Option<Courier<Client>>),
    items: Vec<Item>,
    mailbox: &Mailbox<Msg>,
) {
    let flights: Vec<_> = items.iter().map(|_| mailbox.begin()).collect();
    runtime.spawn(async move {
        let copies = items.clone();
        let (items, kept) = match on_disk(move || Ok(journal.submit_all(items))).await {
            Ok(Ok(items)) => (items, Ok(())),
            // They are sent all the same, from memory.
            Ok(Err(NotKept { items, error })) => (items, Err(error.code())),
            Err(error) => (copies, Err(error.code())),
        };
        for (item, flight) in items.into_iter().zip(flights) {
            flight.post(Msg::Submitted(item.id, kept));
            if let Some(courier) = &courier {
                courier.submitted(item, Box::new(flight));
            }
        }
    });
}
