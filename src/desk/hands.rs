//! The one place that carries effects out.
//!
//! Each effect runs off the screen's thread and comes back as a [`Msg`]. Questions of one kind replace one
//! another: a new search drops the one under way.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use super::city_cache;
use super::effects::Effect;
use super::input::Input;
use super::lane::Lane;
use super::mailbox::Mailbox;
use super::msg::{CaseFile, Msg};
use super::open_again::open_again;
use super::own_case::OwnCases;
use super::run::Effects;
use super::saved::SavedSearches;
use super::screens::drafts::Ledger;
use super::signing_in::SigningIn;
use super::submitting::submit;
use super::uses::Uses;
use super::{Arrival, Coming, Desk, Server, terminal};
use crate::client::{Client, Live};
use crate::clock::Clock;
use crate::domain::account::AccountName;
use crate::domain::act::Act;
use crate::domain::code::Role;
use crate::journal::courier::{Courier, Obstacle};
use crate::journal::crashes::Crashes;
use crate::journal::outbox::{Item, ItemId, Standing};
use crate::journal::{Journal, JournalError, change_password, greeted, uses};
use crate::theme::Shelf;
use crate::wire::account::NewAccount;
use crate::wire::search::HistoryRequest;

/// Under which name the journal keeps them.
const SEARCHES: &str = "searches";

/// Whose items are sent, and by what.
pub(super) type Sending = Arc<Mutex<Option<(AccountName, Courier<Client>)>>>;

/// Carries effects out: the server by the client, the disk by the journal.
pub struct Hands {
    runtime: Handle,
    /// None until the server is there.
    server: Arc<Mutex<Option<Arrival>>>,
    /// Has a server brought up that is not there; none once it is told.
    begin: Option<oneshot::Sender<()>>,
    /// What was asked for before that.
    waiting: Vec<Effect>,
    journal: Arc<Journal>,
    /// Where the city profile is cached, and under which name for this server.
    cache: (PathBuf, String),
    clipboard: bool,
    /// Where the person's own themes are, and where the chosen look is kept.
    look: (PathBuf, PathBuf),
    clock: Clock,
    /// Sends what the person who is here submits; none before anybody has signed in.
    sending: Sending,
    /// The city's zone, once it is known: case numbers are made of its time.
    zone: Arc<Mutex<Option<TimeZone>>>,
    under_way: HashMap<Lane, AbortHandle>,
    /// What is told of presence is told in the order in which it happened.
    telling: Arc<tokio::sync::Mutex<()>>,
}

impl Hands {
    /// Works for the desk that `options` describe. Tells `mailbox` when the server is there.
    pub fn new(options: super::Options, journal: Arc<Journal>, mailbox: &Mailbox<Msg>) -> Self {
        let server: Arc<Mutex<Option<Arrival>>> = Arc::default();
        let arrive = {
            let server = Arc::clone(&server);
            move |arrival: Arrival| {
                let has_setup_secret = arrival.setup_secret.is_some();
                *server.lock().unwrap_or_else(PoisonError::into_inner) = Some(arrival);
                Msg::ServerIsThere { has_setup_secret }
            }
        };
        let begin = match options.server {
            Server::There(arrival) => {
                mailbox.post(arrive(arrival));
                None
            }
            Server::Coming(Coming { begin, arrival }) => {
                // Not counted as in flight: nobody waits for it, least of all who leaves.
                let mailbox = mailbox.clone();
                options.runtime.spawn(async move {
                    mailbox.post(arrival.await.map_or(Msg::NoServer, arrive));
                });
                Some(begin)
            }
        };
        Self {
            runtime: options.runtime,
            server,
            begin,
            waiting: Vec::new(),
            journal,
            cache: (options.cache, options.realm),
            clipboard: options.clipboard,
            look: (options.themes, options.data),
            clock: options.clock,
            sending: Arc::default(),
            zone: Arc::default(),
            under_way: HashMap::new(),
            telling: Arc::default(),
        }
    }

    fn server(&self) -> Option<Arrival> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn courier(&self) -> Option<Courier<Client>> {
        let sending = self.sending.lock().unwrap_or_else(PoisonError::into_inner);
        sending.as_ref().map(|(_, courier)| courier.clone())
    }

    fn own_cases(&self) -> OwnCases {
        let sending = self.sending.lock().unwrap_or_else(PoisonError::into_inner);
        let who = sending.as_ref().map(|(who, _)| who.clone());
        OwnCases { journal: Arc::clone(&self.journal), who }
    }

    fn signing_in(&self, mailbox: &Mailbox<Msg>) -> SigningIn {
        SigningIn {
            runtime: self.runtime.clone(),
            server: Arc::clone(&self.server),
            journal: Arc::clone(&self.journal),
            sending: Arc::clone(&self.sending),
            clock: self.clock.clone(),
            mailbox: mailbox.clone(),
        }
    }

    /// Puts an item into the outbox, durably, and hands it to be sent; counted as in flight until it is answered or
    /// known to have to wait.
    fn submit(&self, item: serde_json::Result<Item>, mailbox: &Mailbox<Msg>) {
        self.submit_all(item.map(|item| vec![item]), mailbox);
    }

    /// The same of several that belong together: all of them are in the outbox, or none.
    fn submit_all(&self, items: serde_json::Result<Vec<Item>>, mailbox: &Mailbox<Msg>) {
        let Ok(items) = items else {
            return tracing::error!("what was submitted cannot be written down");
        };
        submit(&self.runtime, (Arc::clone(&self.journal), self.courier()), items, mailbox);
    }

    /// Forgets an item, which a person threw away or which goes on as something else.
    fn thrown_away(&self, id: ItemId, by_person: bool) {
        if let Some(courier) = self.courier() {
            courier.thrown_away(id, by_person.then(|| self.clock.now()));
        }
    }

    /// Starts `work` and posts its message; replaces what is under way in the same lane.
    fn start(
        &mut self,
        lane: Option<Lane>,
        mailbox: &Mailbox<Msg>,
        work: impl Future<Output = Option<Msg>> + Send + 'static,
    ) {
        let task = mailbox.spawn(&self.runtime, work);
        if let Some(lane) = lane
            && let Some(before) = self.under_way.insert(lane, task)
        {
            before.abort();
        }
    }

    fn listen(&mut self, client: Client, mailbox: &Mailbox<Msg>) {
        // The stream never ends by itself, so it is not counted as work in flight.
        let (mailbox, courier, clock) = (mailbox.clone(), self.courier(), self.clock.clone());
        let task = self.runtime.spawn(async move {
            let mut stream = client.live(None);
            while let Some(live) = stream.next().await {
                if let Some(courier) = &courier {
                    match &live {
                        Live::Connected => courier.nudge(),
                        Live::Disconnected(error) => courier.silent(Obstacle::of(error, clock.now())),
                        _ => {}
                    }
                }
                mailbox.post(Msg::Live(live));
            }
        });
        if let Some(before) = self.under_way.insert(Lane::Listen, task.abort_handle()) {
            before.abort();
        }
    }
}

impl Drop for Hands {
    fn drop(&mut self) {
        for (_, task) in self.under_way.drain() {
            task.abort();
        }
        // The journal is let go of before whoever opened it closes it.
        if let Some((_, courier)) = self.sending.lock().unwrap_or_else(PoisonError::into_inner).take() {
            courier.end();
        }
    }
}

impl Effects<Desk> for Hands {
    #[expect(clippy::too_many_lines, reason = "a table: one arm an effect")]
    fn run(&mut self, effect: Effect, mailbox: &Mailbox<Msg>) {
        let Some(Arrival { client, setup_secret }) = self.server() else {
            match effect {
                Effect::Quit => mailbox.post(Msg::Over),
                Effect::Suspend => suspend(mailbox),
                Effect::WithoutDisk => self.journal.go_on_in_memory(),
                later => self.waiting.push(later),
            }
            // Where it does not come, that is told by itself.
            let _ = self.begin.take().map(|begin| begin.send(()));
            return;
        };
        let (lane, journal) = (effect.lane(), Arc::clone(&self.journal));
        match effect {
            Effect::Quit => mailbox.post(Msg::Over),
            Effect::Suspend => suspend(mailbox),
            Effect::Reach => {
                for effect in std::mem::take(&mut self.waiting) {
                    self.run(effect, mailbox);
                }
            }
            Effect::Listen => self.listen(client, mailbox),
            Effect::Copy(text) => {
                if self.clipboard
                    && let Err(error) = terminal::copy(text.expose())
                {
                    tracing::warn!(%error, "handing a copy to the terminal");
                }
            }
            Effect::ReportMouse(on) => {
                if let Err(error) = terminal::report_mouse(on) {
                    tracing::warn!(%error, "asking for the mouse");
                }
            }
            Effect::Setup => self.start(lane, mailbox, async move {
                Some(Msg::Setup(client.setup().await.map(|setup| setup.needs_first_account)))
            }),
            Effect::SignIn { name, password } => {
                let signing_in = self.signing_in(mailbox);
                self.start(lane, mailbox, async move {
                    Some(Msg::SignedIn(signing_in.run(&client, name, password).await))
                });
            }
            Effect::Unlock { name, password } => self.start(lane, mailbox, async move {
                let opened = on_disk(move || journal.check(&name, &password)).await;
                Some(Msg::Unlocked(opened.map_err(|error| error.code())))
            }),
            Effect::FirstAccount { name, password } => {
                let signing_in = self.signing_in(mailbox);
                self.start(lane, mailbox, async move {
                    let account = NewAccount {
                        name: name.clone(),
                        password: password.expose().to_owned(),
                        role: Role::Admin,
                        departments: Vec::new(),
                    };
                    let made = match &setup_secret {
                        Some(secret) => client.make_first_account(secret, &account).await.map(drop),
                        None => Ok(()),
                    };
                    Some(Msg::SignedIn(match made {
                        Ok(()) => signing_in.run(&client, name, password).await,
                        Err(error) => Err(error.into()),
                    }))
                });
            }
            Effect::ChangePassword { name, old, new } => self.start(lane, mailbox, async move {
                let changed = change_password(&client, Some(&journal), &name, &old, &new).await;
                Some(Msg::PasswordChanged(changed))
            }),
            Effect::Profile => {
                let (cache, zone) = (self.cache.clone(), Arc::clone(&self.zone));
                self.start(lane, mailbox, async move {
                    let profile = city_cache::profile(&client, &cache.0, &cache.1).await;
                    if let Ok(body) = &profile {
                        *zone.lock().unwrap_or_else(PoisonError::into_inner) =
                            TimeZone::get(&body.city.time_zone).ok();
                    }
                    Some(Msg::Profile(profile))
                });
            }
            Effect::Uses(name) => {
                let (dir, realm) = self.cache.clone();
                self.start(lane, mailbox, async move {
                    let read = tokio::task::spawn_blocking(move || {
                        let kept = uses::read(&dir, &realm, &name);
                        (name, Uses::of_bytes(&kept))
                    });
                    read.await.ok().map(|(name, uses)| Msg::Uses(name, uses))
                });
            }
            Effect::SavedSearches(name) => self.start(lane, mailbox, async move {
                let kept = on_disk(move || journal.own(SEARCHES)).await;
                let kept = kept.unwrap_or_else(|error| {
                    tracing::warn!(%error, "the saved searches could not be read");
                    None
                });
                Some(Msg::SavedSearches(name, SavedSearches::of_text(&kept.unwrap_or_default())))
            }),
            Effect::KeepSaved(text) => {
                // Handed over here, so that an older list never comes after a newer one.
                let kept = journal.keep_own(SEARCHES, text);
                self.start(lane, mailbox, async move {
                    let kept = on_disk(move || kept.recv().unwrap_or(Err(JournalError::Stopped))).await;
                    kept.err().map(|error| Msg::NotKept(error.code()))
                });
            }
            Effect::Topics(turn) => {
                self.start(lane, mailbox, async move { Some(Msg::Topics(turn, client.topics().await)) });
            }
            // A few kilobytes, written at once so that an older count never comes after a newer one.
            Effect::KeepUses(name, bytes) => {
                if let Err(error) = uses::keep(&self.cache.0, &self.cache.1, &name, &bytes) {
                    tracing::warn!(%error, "what is used could not be kept");
                }
            }
            Effect::Greet(name) => {
                let (state, realm) = (self.look.1.clone(), self.cache.1.clone());
                self.start(lane, mailbox, async move {
                    let greeted = tokio::task::spawn_blocking(move || {
                        let first = greeted::greet(&state, &realm, &name);
                        first.is_ok_and(|first| first).then_some(Msg::FirstTime(name))
                    });
                    greeted.await.ok().flatten()
                });
            }
            Effect::Station => {
                let now = self.clock.now();
                self.start(lane, mailbox, async move {
                    let asked = Arc::clone(&journal);
                    let desk = on_disk(move || asked.desk()).await.ok()?;
                    let asked = Arc::clone(&journal);
                    let had = on_disk(move || asked.lease(now)).await.ok().flatten();
                    let leased = match client.lease_station(desk, had.map(|lease| lease.station)).await {
                        Ok(lease) => {
                            if let Err(error) = on_disk(move || journal.keep_lease(&lease)).await {
                                tracing::error!(%error, "the station could not be kept");
                            }
                            Ok(())
                        }
                        Err(error) => Err(error),
                    };
                    Some(Msg::Station(leased))
                });
            }
            Effect::Drafts => self.start(lane, mailbox, async move {
                let found =
                    on_disk(move || Ok((journal.drafts()?, journal.outbox()?, Crashes::read(&journal))))
                        .await;
                let (drafts, outbox, crashes) = found.unwrap_or_else(|error| {
                    tracing::error!(%error, "the drafts could not be read");
                    Default::default()
                });
                Some(Msg::Drafts(Box::new(open_again(drafts, &outbox, &crashes))))
            }),
            Effect::WithoutDisk => journal.go_on_in_memory(),
            Effect::SaveDraft(record) => journal.save_draft(record),
            Effect::MakeDurable => journal.hasten(),
            Effect::DropDraft(id) => {
                journal.delete_draft(id);
                self.thrown_away(ItemId::Filing(id), true);
            }
            Effect::ThrowAway(id) => self.thrown_away(id, true),
            Effect::TakeBack(id) => self.thrown_away(id, false),
            Effect::IssueNumber(id) => {
                let (now, zone) = (self.clock.now(), Arc::clone(&self.zone));
                self.start(lane, mailbox, async move {
                    let zone = zone.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
                    let issued = on_disk(move || journal.issue_number(now, &zone)).await;
                    let number = issued.unwrap_or_else(|error| {
                        tracing::error!(%error, "no case number could be issued");
                        None
                    });
                    Some(Msg::Numbered(id, number))
                });
            }
            Effect::Submit(id, case, draft, then) => {
                let filing = Item::filing(id, &case, draft.expose().to_owned(), &self.clock);
                self.submit_all(filing.and_then(|filing| filing.with(then, &self.clock)), mailbox);
            }
            Effect::Remind(instead, draft) => {
                self.submit_all(instead.items(draft.expose(), &self.clock), mailbox);
            }
            Effect::History(turn, number) => self.start(lane, mailbox, async move {
                let request = HistoryRequest { number, limit: Some(20) };
                Some(Msg::History(turn, client.caller_history(&request).await))
            }),
            Effect::Like(turn, request) => {
                self.start(lane, mailbox, async move { Some(Msg::Like(turn, client.like(&request).await)) });
            }
            Effect::Suggest(turn, request) => self.start(lane, mailbox, async move {
                Some(Msg::Suggested(turn, client.suggest(&request).await))
            }),
            Effect::Search(turn, request) => self.start(lane, mailbox, async move {
                let goes_on = request.cursor.is_some();
                Some(Msg::Found(turn, goes_on, client.search(&request).await))
            }),
            Effect::SearchHere(turn, here) => {
                let own = self.own_cases();
                self.start(
                    lane,
                    mailbox,
                    async move { Some(Msg::Found(turn, false, Ok(own.find(*here).await))) },
                );
            }
            Effect::Preview(turn, id) => {
                let own = self.own_cases();
                self.start(lane, mailbox, async move {
                    Some(Msg::Preview(turn, own.read(&client, id).await.map(Box::new)))
                });
            }
            Effect::OpenCase(turn, id) => {
                let own = self.own_cases();
                self.start(lane, mailbox, async move {
                    Some(Msg::Case(turn, own.read(&client, id).await.map(Box::new)))
                });
            }
            Effect::Act(id, version, event, act) => {
                self.submit(Item::act(id, event, *act, Some(version), &self.clock), mailbox);
            }
            // Nobody waits for either, and what is lost is said again or ends by itself.
            Effect::SayPresence(id, doing) => {
                let turn = Arc::clone(&self.telling);
                self.start(lane, mailbox, async move {
                    let _turn = turn.lock().await;
                    let said = client.say_presence(id, doing).await.ok()?;
                    Some(Msg::Present(id, said.present))
                });
            }
            Effect::LeaveCase(id) => {
                let turn = Arc::clone(&self.telling);
                self.start(lane, mailbox, async move {
                    let _turn = turn.lock().await;
                    client.end_presence(id).await.ok()?;
                    None
                });
            }
            Effect::Amend(amends, event, changes, draft) => {
                let (act, seen) = (Act::Amend(changes), Some(amends.version));
                let item = Item::act(amends.case, event, act, seen, &self.clock);
                let item = item.map(|item| item.of_draft(amends.number, draft.expose().to_owned()));
                self.submit(item, mailbox);
            }
            Effect::Compare(draft, case) => self.start(lane, mailbox, async move {
                let (read, timeline) = tokio::join!(client.case(case), client.timeline(case));
                let file = read.and_then(|case| Ok(CaseFile { case, events: timeline?.events, kept: None }));
                Some(Msg::Compared(draft, file.map(Box::new)))
            }),
            Effect::Rename(from, record) => {
                journal.save_draft(record);
                let courier = self.courier();
                self.start(lane, mailbox, async move {
                    let (asked, draft) = (Arc::clone(&journal), from.draft());
                    // Until then both are there, which loses nothing.
                    if on_disk(move || asked.flush()).await.is_ok() {
                        journal.delete_draft(draft);
                        courier.into_iter().for_each(|courier| courier.thrown_away(from, None));
                    }
                    None
                });
            }
            Effect::Asides(case) => self.start(lane, mailbox, async move {
                let outbox = on_disk(move || journal.outbox()).await.ok()?;
                let of_case = |item: &Item| {
                    item.case == case && item.standing.needs_a_person() && item.parcel.draft.is_empty()
                };
                let items = outbox.items.into_iter().filter(of_case).collect();
                Some(Msg::Asides(case, items))
            }),
            Effect::Reveal(id) => self.start(lane, mailbox, async move {
                Some(Msg::Caller(id, client.reveal_caller(id).await.map(Box::new)))
            }),
            Effect::ReadThemes => {
                let folder = self.look.0.clone();
                self.start(lane, mailbox, async move {
                    let read = tokio::task::spawn_blocking(move || Shelf::read(&folder)).await;
                    read.ok().map(Msg::Themes)
                });
            }
            Effect::KeepLook(kept) => {
                let state = self.look.1.clone();
                self.start(lane, mailbox, async move {
                    let written = tokio::task::spawn_blocking(move || kept.write(&state)).await;
                    if let Ok(Err(error)) = written {
                        tracing::warn!(%error, "the look could not be kept");
                    }
                    None
                });
            }
            Effect::Outbox(turn) => self.start(lane, mailbox, async move {
                let ledger = on_disk(move || Ok(Ledger::from(&journal.outbox()?))).await;
                let ledger = ledger.unwrap_or_else(|error| {
                    tracing::error!(%error, "what was submitted could not be read");
                    Ledger::default()
                });
                Some(Msg::Ledger(turn, Box::new(ledger)))
            }),
            Effect::SendAgain(id) => {
                // Asked for by a person, one at a time, and the journal answers in microseconds.
                match journal.item(id) {
                    Ok(Some(item)) => self.submit(Ok(item.stand(Standing::Waiting)), mailbox),
                    Ok(None) => tracing::warn!("an item that is to be sent again does not open"),
                    Err(error) => tracing::error!(%error, "an item could not be read"),
                }
            }
            Effect::Work(turn) => {
                self.start(lane, mailbox, async move { Some(Msg::Work(turn, client.work().await)) });
            }
        }
    }
}

fn suspend(mailbox: &Mailbox<Msg>) {
    if let Err(error) = terminal::suspend() {
        tracing::warn!(%error, "giving the terminal to the shell");
    }
    mailbox.input(Input::Redraw);
}

/// Waits for the journal off the runtime's own threads.
pub(super) async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, JournalError> + Send + 'static,
) -> Result<T, JournalError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(JournalError::Stopped))
}
