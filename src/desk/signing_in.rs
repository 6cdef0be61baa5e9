//! Signing in: with the server, or without it where the person has been here before; and what begins with it.
//!
//! Whoever signs in without the server is signed in with it by itself as soon as it answers: the password is kept in
//! memory until then and no longer.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::SignedDuration;
use tokio::runtime::Handle;

use super::Arrival;
use super::hands::{Sending, on_disk};
use super::mailbox::Mailbox;
use super::msg::{Msg, NotSignedIn, SignedIn};
use crate::client::{Client, ClientError, full_jitter};
use crate::clock::Clock;
use crate::domain::account::AccountName;
use crate::domain::secret::Secret;
use crate::journal::courier::{Courier, Obstacle};
use crate::journal::{Journal, JournalError};
use crate::wire::account::Session;

/// A session without the server is over when its token would be at the latest.
const SHIFT: SignedDuration = SignedDuration::from_hours(12);

/// What it takes to sign in.
pub(super) struct SigningIn {
    pub(super) runtime: Handle,
    pub(super) server: Arc<Mutex<Option<Arrival>>>,
    pub(super) journal: Arc<Journal>,
    pub(super) sending: Sending,
    pub(super) clock: Clock,
    pub(super) mailbox: Mailbox<Msg>,
}

impl SigningIn {
    /// Signs in, and opens the drafts with the same password.
    pub(super) async fn run(
        self,
        client: &Client,
        name: AccountName,
        password: Secret,
    ) -> Result<Box<SignedIn>, NotSignedIn> {
        match client.sign_in(&name, &password).await {
            Ok(session) => Ok(self.with_the_server(client, session, name, password).await),
            Err(error) if error.is_offline() => self.without_the_server(client, error, name, password).await,
            Err(error) => Err(error.into()),
        }
    }

    async fn with_the_server(
        &self,
        client: &Client,
        session: Session,
        name: AccountName,
        password: Secret,
    ) -> Box<SignedIn> {
        let client = client.with_token(Secret::new(session.token.clone()));
        if let Some(server) = &mut *self.server.lock().unwrap_or_else(PoisonError::into_inner) {
            server.client = client.clone();
        }
        let (journal, account, now) = (Arc::clone(&self.journal), session.account.clone(), self.clock.now());
        let who = name.clone();
        let unlocked = on_disk(move || {
            let unlocked = match journal.unlock(&who, &password) {
                // The password was changed elsewhere. What the old one sealed stays sealed; new drafts are kept.
                Err(wrong @ (JournalError::WrongPassword | JournalError::KeyDamaged)) => {
                    journal.begin_anew(&who, &password).and(Err(wrong))
                }
                other => other,
            };
            journal.keep_person(&account, now).and(unlocked)
        });
        let unlocked = unlocked.await.map_err(|error| {
            tracing::warn!(%error, "the drafts do not open");
            error.code()
        });
        self.courier(name).begin(client);
        Box::new(SignedIn { session, journal: unlocked, offline: None })
    }

    /// Opens what the person has here, if the password is theirs; `error` is why the server did not.
    async fn without_the_server(
        self,
        client: &Client,
        error: ClientError,
        name: AccountName,
        password: Secret,
    ) -> Result<Box<SignedIn>, NotSignedIn> {
        let (journal, now) = (Arc::clone(&self.journal), self.clock.now());
        let (who, with) = (name.clone(), password.clone());
        let opened = on_disk(move || journal.unlock_offline(&who, &with, now)).await;
        let (account, known_at) = match opened {
            Ok(opened) => opened,
            Err(JournalError::NotHereBefore) => return Err(error.into()),
            Err(other) => return Err(NotSignedIn::Desk(other.code())),
        };
        let expires_at = now.checked_add(SHIFT).unwrap_or(now);
        let session = Session { token: String::new(), account, expires_at, idle_seconds: 0 };
        self.courier(name.clone()).silent(Obstacle::of(&error, now));
        self.again_by_itself(client.clone(), name, password);
        Ok(Box::new(SignedIn { session, journal: Ok(()), offline: Some(known_at) }))
    }

    /// Signs in with the server as soon as it answers, and tells the desk.
    fn again_by_itself(self, client: Client, name: AccountName, password: Secret) {
        self.runtime.clone().spawn(async move {
            let mut attempt = 0;
            loop {
                tokio::time::sleep(full_jitter(attempt)).await;
                attempt = attempt.saturating_add(1);
                // Somebody else sits here by now, or the same person has signed in by hand.
                if !self.is_here(&name) || self.has_session() {
                    return;
                }
                match client.sign_in(&name, &password).await {
                    Ok(session) => {
                        let signed_in = self.with_the_server(&client, session, name, password).await;
                        self.mailbox.post(Msg::SignedIn(Ok(signed_in)));
                        return;
                    }
                    Err(error) if error.is_offline() => {}
                    // The password was changed, or the account closed: the person is asked.
                    Err(_) => {
                        self.mailbox.post(Msg::AskAgain);
                        return;
                    }
                }
            }
        });
    }

    fn is_here(&self, name: &AccountName) -> bool {
        let sending = self.sending.lock().unwrap_or_else(PoisonError::into_inner);
        sending.as_ref().is_some_and(|(who, _)| who == name)
    }

    fn has_session(&self) -> bool {
        let server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        server.as_ref().is_some_and(|server| server.client.has_token())
    }

    /// What sends for `name`: the one there is, or a new one where somebody else was here.
    fn courier(&self, name: AccountName) -> Courier<Client> {
        let mut sending = self.sending.lock().unwrap_or_else(PoisonError::into_inner);
        match &*sending {
            Some((who, courier)) if *who == name => courier.clone(),
            _ => {
                let mailbox = self.mailbox.clone();
                let tell = move |told| mailbox.post(Msg::Outbox(told));
                let (journal, clock) = (Arc::clone(&self.journal), self.clock.clone());
                let courier = Courier::start(&self.runtime, journal, clock, tell);
                *sending = Some((name, courier.clone()));
                courier
            }
        }
    }
}
