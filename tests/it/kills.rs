//! The real desk, killed two hundred times at random moments of typing and submitting, against a real server; and on a
//! disk that takes its time.
//!
//! What was typed is known with the moment of each key. After each kill the desk's journal is looked into, as a copy,
//! and the desk is started again and goes on where it was. `HUIYIN_TEST_SEED` repeats a run's choices.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use huiyin::client::Client;
use huiyin::clock::Clock;
use huiyin::desk::screens::intake::DraftRecordBody;
use huiyin::domain::id::CaseId;
use huiyin::domain::secret::Secret;
use huiyin::journal::Journal;
use huiyin::journal::outbox::{Item, Standing};
use huiyin::store::{Store, feed};
use rustix::process::{Pid, Signal};

use crate::harness::{Home, PATIENCE, PROGRAM_PASSWORD, Pty, RUNTIME};
use crate::serving::Serving;
use crate::sweep::can_trace;

/// Desks at once, and how often each is killed.
const DESKS: usize = 4;
const KILLS: usize = 50;
/// How often each is killed on a slow disk.
const SLOW_KILLS: usize = 6;
/// How long a sync takes there, in microseconds: an old disk, or a machine of many.
const SLOW_SYNC: u32 = 300_000;
/// How long a key may wait until it is written.
const WITHIN: Duration = Duration::from_millis(50);

/// splitmix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    fn millis(&mut self, below: u64) -> Duration {
        Duration::from_micros(self.below(below * 1000))
    }

    fn share(&mut self, whole: Duration) -> Duration {
        self.millis(1 + u64::try_from(whole.as_millis()).unwrap())
    }
}

/// How long the two threads through which a key goes to the disk have run, and stood ready to run where the processors
/// were taken: how long that takes is the machine's affair, and this program is not optimised. What is left of a key's
/// age is what the desk lets it wait. None while one of them is ready, which the system counts only once it runs, or
/// waits for the disk.
fn busy(desk: Pid) -> Option<Duration> {
    let tasks = fs::read_dir(format!("/proc/{}/task", desk.as_raw_nonzero())).ok()?;
    let mut busy = 0;
    for task in tasks {
        let task = task.ok()?.path();
        let name = fs::read_to_string(task.join("comm")).ok()?;
        if name.trim() == "journal" || task.ends_with(desk.as_raw_nonzero().to_string()) {
            let state = fs::read_to_string(task.join("stat")).ok()?;
            if state.rsplit(") ").next()?.starts_with(['R', 'D']) {
                return None;
            }
            let said = fs::read_to_string(task.join("schedstat")).ok()?;
            let ran_and_waited = said.split(' ').take(2).map(|nanos| nanos.parse::<u64>().ok());
            busy += ran_and_waited.sum::<Option<u64>>()?;
        }
    }
    Some(Duration::from_nanos(busy))
}

/// A key that was pressed.
struct Press {
    c: char,
    at: Instant,
    /// [`busy`] by then, or before.
    busy: Duration,
}

/// One desk, its person, and what they know.
struct Lane<'a> {
    name: char,
    /// Their own: an account that signs in too often loses its oldest sessions.
    account: String,
    home: Home,
    server: &'a str,
    /// Whether each sync of the desk takes [`SLOW_SYNC`].
    slow: bool,
    dice: Dice,
    /// The text of the case being typed.
    typed: Vec<Press>,
    /// How many drafts are in the journal: this one, and forms in which nothing had been written yet.
    drafts: usize,
    /// What it takes from submitting to the receipt, by the last that were waited for.
    answer: Duration,
    cases: usize,
    /// The texts whose receipts were seen.
    receipts: Vec<String>,
    /// How old the oldest key was that a kill took, in each kill that took any: without the time that the desk was
    /// [`busy`], where that is known, and with it.
    lost: Vec<(Option<Duration>, Duration)>,
}

impl<'a> Lane<'a> {
    /// The `n`th, of [`typist`] `n`.
    fn new(n: usize, server: &'a str, seed: u64) -> Self {
        Self {
            name: char::from(b'A' + u8::try_from(n).unwrap()),
            account: typist(n),
            home: Home::empty(),
            server,
            slow: false,
            dice: Dice(seed ^ n as u64),
            typed: Vec::new(),
            drafts: 0,
            answer: Duration::from_millis(200),
            cases: 0,
            receipts: Vec::new(),
            lost: Vec::new(),
        }
    }

    fn desk(&self) -> Pty {
        let mut environment = self.home.environment();
        environment.retain(|(name, _)| *name != "HUIYIN_USER");
        environment.push(("HUIYIN_USER", self.account.clone()));
        let folder = self.home.path().to_str().unwrap();
        let mut words: Vec<String> = Vec::new();
        if self.slow {
            // The program is the process that is started, the tracer is apart; nothing else of it is held up.
            let delay = format!("inject=fsync,fdatasync:delay_exit={SLOW_SYNC}");
            let trace = self.trace().display().to_string();
            let tracer = ["strace", "-D", "-f", "--seccomp-bpf", "-qq", "-A", "-o", &trace];
            words.extend(tracer.map(str::to_owned));
            words.extend(["-e", "trace=fsync,fdatasync", "-e", &delay].map(str::to_owned));
            environment.push(("PATH", std::env::var("PATH").unwrap()));
        }
        let program = [env!("CARGO_BIN_EXE_huiyin"), "--home", folder, "--server", self.server];
        words.extend(program.map(str::to_owned));
        let mut desk = Pty::of(&words, &environment, self.home.path());
        desk.until_shows("云汀市");
        desk
    }

    /// Brings the caret into the text of an empty form, and has the case registered only.
    fn begin(&mut self, desk: &mut Pty) {
        // The mark of the field that has the focus stands right before its name.
        let focus = |rows: &[String]| {
            let names = rows.iter().flat_map(|row| row.split('>').skip(1));
            names
                .filter(|name| name.starts_with(|c: char| c > '\u{2e7f}'))
                .map(str::to_owned)
                .next()
                .unwrap_or_default()
        };
        // What is chosen alone: its row changes without a key as well, when what the first start shows comes over it.
        let outcome = |rows: &[String]| {
            let row = rows.iter().find(|row| row.get(1..).is_some_and(|row| row.starts_with("处理")))?;
            Some(row.split_once('<')?.1.split(['>', '│']).next()?.trim().to_owned())
        };
        let is_registered = |rows: &[String]| outcome(rows).is_some_and(|outcome| outcome == "待派单");
        desk.until_rows(|rows| outcome(rows).is_some(), "a form");
        while !is_registered(&desk.rows()) {
            let before = outcome(&desk.rows());
            desk.function_key(8).until_rows(|rows| outcome(rows) != before, "another outcome");
        }
        desk.until_rows(|rows| !focus(rows).is_empty(), "a field with the focus");
        while !focus(&desk.rows()).starts_with("诉求内容") {
            let before = focus(&desk.rows());
            desk.type_text("\x1b[Z").until_rows(|rows| focus(rows) != before, "the field before");
        }
        self.cases += 1;
        let mark = format!("{}{:03}号", self.name, self.cases);
        for c in mark.chars() {
            self.press(desk, c);
        }
        // Found again by it, so it must be there; whatever is typed behind it may be lost.
        let shows = |rows: &[String], what: &str| rows.iter().any(|row| row.contains(what));
        desk.until_rows(|rows| shows(rows, &mark) && shows(rows, "已保存"), "the mark, saved");
        assert!(is_registered(&desk.rows()), "a key was pressed once too often");
    }

    fn press(&mut self, desk: &mut Pty, c: char) {
        // Where it is not known what it was, less is taken off.
        let before = self.typed.last().map_or(Duration::ZERO, |press| press.busy);
        let busy = busy(desk.pid()).unwrap_or(before);
        desk.type_text(&c.to_string());
        self.typed.push(Press { c, at: Instant::now(), busy });
    }

    /// Starts the desk, types on or anew, submits or not, and is killed somewhere in the middle.
    #[expect(clippy::disallowed_methods, reason = "a kill waits for a moment that nothing else marks")]
    fn round(&mut self) {
        let mut desk = self.desk();
        if self.drafts > 0 {
            desk.until_shows("份草稿");
        }
        if self.typed.is_empty() {
            self.begin(&mut desk);
        }
        let keys: Vec<_> = (0..4 + self.dice.below(16)).map(|_| self.dice.millis(12)).collect();
        let submits = self.dice.below(2) == 0;
        let (typing, answer) = (keys.iter().sum::<Duration>(), self.answer);
        let waits_for_the_receipt = submits && self.dice.below(3) == 0;
        let by = if waits_for_the_receipt {
            PATIENCE
        } else if submits {
            typing + self.dice.share(answer * 3 / 2)
        } else {
            self.dice.share(typing + answer / 2)
        };
        let began = Instant::now();
        let (mut next, mut pressed) = (began, None);
        for pause in keys {
            next += pause;
            if next >= began + by {
                break;
            }
            thread::sleep(next.saturating_duration_since(Instant::now()));
            let c = char::from_u32(0x4e00 + u32::try_from(self.dice.below(2000)).unwrap()).unwrap();
            self.press(&mut desk, c);
        }
        if submits && next < began + by {
            pressed = Some(Instant::now());
            desk.type_text("\x13");
        }
        if waits_for_the_receipt {
            desk.until_shows("工单已受理");
            self.answer = pressed.unwrap().elapsed();
        } else {
            thread::sleep((began + by).saturating_duration_since(Instant::now()));
        }
        let shown = desk.look(vt100::Screen::contents);
        let killed = (Instant::now(), busy(desk.pid()));
        desk.signal(Signal::KILL);
        drop(desk);
        self.look_into_it(killed, pressed.is_some(), &shown);
    }

    /// Where the syncs of a slow desk are noted.
    fn trace(&self) -> PathBuf {
        self.home.path().join("trace")
    }

    /// Starts the desk, types on for a second or two while the disk is slow, and is killed somewhere in the middle.
    #[expect(clippy::disallowed_methods, reason = "a kill waits for a moment that nothing else marks")]
    fn slow_round(&mut self) {
        let mut desk = self.desk();
        if self.typed.is_empty() {
            self.begin(&mut desk);
        } else {
            desk.until_shows("份草稿");
        }
        let by = Instant::now() + Duration::from_millis(700) + self.dice.millis(1300);
        while Instant::now() < by {
            let c = char::from_u32(0x4e00 + u32::try_from(self.dice.below(2000)).unwrap()).unwrap();
            self.press(&mut desk, c);
            let pause = Duration::from_millis(15) + self.dice.millis(60);
            thread::sleep(pause.min(by.saturating_duration_since(Instant::now())));
        }
        let shown = desk.look(vt100::Screen::contents);
        let killed = (Instant::now(), busy(desk.pid()));
        desk.signal(Signal::KILL);
        drop(desk);
        self.look_into_it(killed, false, &shown);
    }

    /// What the kill has left, and whether that is what the screen had `shown`.
    fn look_into_it(&mut self, (killed, busy): (Instant, Option<Duration>), pressed: bool, shown: &str) {
        let typed: String = self.typed.iter().map(|press| press.c).collect();
        let receipt = shown.contains("工单已受理");
        let mark: String = typed.chars().take_while(|c| *c != '号').collect();
        let (drafts, items) = self.journal();
        self.drafts = drafts.len();
        let kept = |text: &str| text.starts_with(&mark);
        let item = items.iter().find(|item| kept(&text_of(item)));
        if let Some(item) = item {
            assert!(pressed, "{} was submitted by nobody", self.name);
            assert_eq!(text_of(item), typed);
            if receipt {
                self.receipts.push(typed);
            }
            self.typed.clear();
            return;
        }
        assert!(!receipt, "a receipt was shown for what is not kept");
        let left = drafts.iter().find(|text| kept(text)).cloned().unwrap_or_default();
        assert!(typed.starts_with(&left), "{left} is not the beginning of {typed}");
        if shown.contains("已保存") {
            let shown: String = shown.split_whitespace().collect();
            let ends = typed.char_indices().map(|(at, c)| at + c.len_utf8());
            let saved = ends.take_while(|end| shown.contains(&typed[..*end])).last().unwrap_or_default();
            assert!(left.len() >= saved, "{} was called saved and is lost", &typed[left.len()..saved]);
        }
        let lost = &self.typed[left.chars().count()..];
        if let Some(first) = lost.first() {
            let age = killed - first.at;
            let waited = busy.map(|busy| age.saturating_sub(busy.saturating_sub(first.busy)));
            self.lost.push((waited, age));
        }
        self.typed.truncate(left.chars().count());
    }

    /// The drafts' texts and the items of the outbox, by a copy of the journal: the desk itself must find its own way.
    fn journal(&self) -> (Vec<String>, Vec<Item>) {
        let copy = tempfile::tempdir().unwrap();
        for name in ["drafts.db", "drafts.db-wal"] {
            let from = self.home.path().join("state").join(name);
            if from.exists() {
                fs::copy(from, copy.path().join(name)).unwrap();
            }
        }
        let realm = Client::new(self.server, None).unwrap().server().to_owned();
        let journal = Journal::open(copy.path(), &realm, &Clock::default(), |_| {}).unwrap();
        journal.unlock(&self.account.parse().unwrap(), &Secret::new(PROGRAM_PASSWORD.to_owned())).unwrap();
        assert_eq!(journal.set_aside().unwrap(), None);
        let drafts = journal.drafts().unwrap();
        let texts = drafts.records.iter().map(|record| {
            let body: serde_json::Value = serde_json::from_str(&record.body).unwrap();
            let _: DraftRecordBody<'_> = serde_json::from_str(&record.body).unwrap();
            body["text"].as_str().unwrap().to_owned()
        });
        let outbox = journal.outbox().unwrap();
        assert_eq!((drafts.damaged, outbox.damaged), (0, 0));
        (texts.collect(), outbox.items)
    }

    /// Nobody types any more: the outbox empties by itself.
    fn drain(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        for _ in 0..5 {
            let mut desk = self.desk();
            desk.until("everything sent", |screen| {
                let shown = screen.contents();
                shown.contains("已连接") && !shown.contains("待上传")
            });
            desk.quit();
            items = self.journal().1;
            if items.iter().all(|item| item.standing == Standing::Accepted) {
                return items;
            }
        }
        panic!(
            "{} of {} wait for ever",
            items.iter().filter(|i| i.standing != Standing::Accepted).count(),
            items.len()
        );
    }
}

fn text_of(item: &Item) -> String {
    item.case_filed().unwrap().intake.text
}

/// The account of the `n`th desk.
fn typist(n: usize) -> String {
    format!("typist{n}")
}

/// What repeats a run's choices.
fn seed() -> u64 {
    let seed = std::env::var("HUIYIN_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    seed.unwrap_or_else(|| uuid::Uuid::now_v7().as_u64_pair().1)
}

/// A home with an account for each desk.
fn home() -> Home {
    let home = Home::with_boss();
    let file = home.path().join("password").display().to_string();
    for n in 0..DESKS {
        home.done(&["user", "add", &typist(n), "--role", "agent", "--password-file", &file]);
    }
    home
}

/// What was lost, in a sentence, and what of it had waited for longer than it may.
fn judged(lost: &[(Option<Duration>, Duration)]) -> (String, Vec<Duration>) {
    let oldest = lost.iter().map(|(_, age)| *age).max();
    let waited: Vec<_> = lost.iter().filter_map(|(waited, _)| *waited).collect();
    let sentence = format!(
        "typing lost in {} kills, the oldest key of {oldest:?} ago; it had waited {:?} at most, where that is known ({})",
        lost.len(),
        waited.iter().max(),
        waited.len(),
    );
    (sentence, waited.into_iter().filter(|waited| *waited > WITHIN).collect())
}

#[test]
#[ignore = "wants the machine to itself: .ci/test runs it after the others"]
fn on_a_slow_disk_a_kill_takes_fifty_milliseconds_of_typing() {
    if !can_trace() {
        return println!("skipped: strace is not installed, or may not trace here");
    }
    let (home, seed) = (home(), seed());
    println!("HUIYIN_TEST_SEED={seed}");
    let serving = Serving::start(&home, &[]);
    let lost = thread::scope(|scope| {
        let lanes = (0..DESKS).map(|n| {
            let mut lane = Lane { slow: true, ..Lane::new(n, &serving.url, seed) };
            scope.spawn(move || {
                (0..SLOW_KILLS).for_each(|_| lane.slow_round());
                // The control: it was slow, and syncs went on while people typed.
                let syncs = fs::read_to_string(lane.trace()).unwrap().matches("(DELAYED)").count();
                assert!(syncs > SLOW_KILLS * 4, "{syncs} syncs");
                lane.lost
            })
        });
        let lanes: Vec<_> = lanes.collect();
        lanes.into_iter().flat_map(|lane| lane.join().unwrap()).collect::<Vec<_>>()
    });
    serving.end();
    let (lost, too_long) = judged(&lost);
    println!("{lost}");
    assert!(too_long.is_empty(), "keys were lost that had waited longer: {too_long:?}");
}

#[test]
#[ignore = "wants the machine to itself: .ci/test runs it after the others"]
fn two_hundred_kills_take_fifty_milliseconds_of_typing_and_no_case() {
    let (home, seed) = (home(), seed());
    println!("HUIYIN_TEST_SEED={seed}");
    let serving = Serving::start(&home, &[]);
    let began = Instant::now();
    let lanes: Vec<_> = thread::scope(|scope| {
        let lanes = (0..DESKS).map(|n| {
            let mut lane = Lane::new(n, &serving.url, seed);
            scope.spawn(move || {
                (0..KILLS).for_each(|_| lane.round());
                let items = lane.drain();
                (lane.receipts, lane.lost, items)
            })
        });
        let lanes: Vec<_> = lanes.collect();
        lanes.into_iter().map(|lane| lane.join().unwrap()).collect()
    });

    let client = RUNTIME.block_on(async {
        let client = Client::new(&serving.url, None).unwrap();
        let password = Secret::new(PROGRAM_PASSWORD.to_owned());
        let session = client.sign_in(&"boss".parse().unwrap(), &password).await.unwrap();
        client.with_token(Secret::new(session.token))
    });
    let (mut texts, mut receipts, mut lost) = (BTreeMap::new(), Vec::new(), Vec::new());
    for (shown, gone, items) in lanes {
        receipts.extend(shown);
        lost.extend(gone);
        for item in items {
            let case = RUNTIME.block_on(client.case(item.case)).unwrap();
            assert_eq!(case.text, text_of(&item));
            assert_eq!(Some(case.row.number), item.parcel.confirmed.map(|confirmed| confirmed.number));
            assert_eq!(texts.insert(case.text, item.case), None, "a case is there twice");
        }
    }
    serving.end();
    assert!(receipts.iter().all(|text| texts.contains_key(text)));
    let store = Store::sqlite(&home.path().join("data/huiyin.db")).unwrap();
    let events = store.read_here(|tx| feed::since(tx, 0, 5000)).unwrap();
    let mut filed: Vec<CaseId> = events.iter().map(|event| event.event.case_id).collect();
    filed.sort();
    let mut sent: Vec<CaseId> = texts.into_values().collect();
    sent.sort();
    assert_eq!(filed, sent, "what is on the server is not what was submitted, each once");

    let took = began.elapsed();
    println!("{} kills in {took:?}: {} cases, {} receipts seen", DESKS * KILLS, sent.len(), receipts.len());
    assert!(sent.len() > DESKS * KILLS / 10 && !receipts.is_empty(), "too little was submitted");
    let (lost, too_long) = judged(&lost);
    println!("{lost}");
    assert!(too_long.is_empty(), "keys were lost that had waited longer: {too_long:?}");
}
