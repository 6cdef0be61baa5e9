//! The desk in this process, on the intake screen with a call half written down, and the frames that its keys make.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, anyhow, ensure};
use huiyin::clock::Clock;
use huiyin::desk::backend::{Painter, SharedSize};
use huiyin::desk::effects::Effect;
use huiyin::desk::input::Input;
use huiyin::desk::mailbox::Mailbox;
use huiyin::desk::msg::{Msg, SignedIn};
use huiyin::desk::run::{App as _, Effects, Runner};
use huiyin::desk::widgets::overlay::Borders;
use huiyin::desk::{Desk, Look};
use huiyin::domain::case::Case;
use huiyin::domain::code::Role;
use huiyin::domain::event::{CaseEvent, EventBody};
use huiyin::domain::id::EventId;
use huiyin::domain::likeness::Likeness;
use huiyin::domain::number::{CaseNumber, StationCode};
use huiyin::profile::Profile;
use huiyin::theme::{Depth, Theme};
use huiyin::wire::account::{Account, Session};
use huiyin::wire::case::CaseRow;
use huiyin::wire::profile::{CalendarBody, ProfileBody};
use huiyin::wire::search::{CallerHistory, LikeCase, LikeCases};
use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, CellWidth as _};
use ratatui::layout::Position;
use ratatui::style::Style;

use crate::filled::{id, sample};
use crate::home::NAME;

/// Columns and rows of every screen that is measured.
pub(crate) const SIZE: (u16, u16) = (120, 36);
/// What is typed, key by key. Each character differs from the one before, so that it is seen on the screen.
pub(crate) const TYPED: &str = "楼下烧烤店每晚十点以后仍在街边摆桌油烟噪声";

/// Counts what is written to it.
#[derive(Clone, Default, Debug)]
pub(crate) struct Sink(Arc<(AtomicUsize, AtomicUsize)>);

impl Sink {
    /// Writes and bytes since the last time this was asked.
    pub(crate) fn take(&self) -> (usize, usize) {
        (self.0.0.swap(0, Ordering::Relaxed), self.0.1.swap(0, Ordering::Relaxed))
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.0.fetch_add(1, Ordering::Relaxed);
        self.0.1.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The painter of the desk, for a terminal of [`SIZE`].
pub(crate) fn painter<W: Write>(writer: W) -> Painter<W> {
    Painter::new(writer, SharedSize::new(SIZE.0, SIZE.1), Depth::True)
}

/// Answers what the desk asks for out of what was made before; keeps nothing.
pub(crate) struct Answers {
    cases: Vec<CaseRow>,
    /// Like cases come when the typing pauses, not with every key.
    liked: bool,
}

impl Effects<Desk> for Answers {
    fn run(&mut self, effect: Effect, mailbox: &Mailbox<Msg>) {
        let some = |n: usize| self.cases.iter().take(n).cloned().collect::<Vec<_>>();
        match effect {
            Effect::History(turn, _) => {
                let history = CallerHistory { cases: some(5), total: 5, open: 2 };
                mailbox.post(Msg::History(turn, Ok(history)));
            }
            Effect::Like(turn, _) if !self.liked => {
                let like = |row| LikeCase { row, score: 86, because: vec![Likeness::NearText] };
                let cases = some(8).into_iter().map(like).collect();
                self.liked = true;
                mailbox.post(Msg::Like(turn, Ok(LikeCases { cases })));
            }
            _ => {}
        }
    }
}

/// The desk with its loop.
pub(crate) type Running = Runner<Desk, Painter<Sink>, Answers>;

/// The desk, signed in, with the caller, the place and some hundred characters of the text filled in.
pub(crate) fn desk(sink: Sink) -> anyhow::Result<Running> {
    let now: Timestamp = "2026-11-23T15:42:03+08:00".parse()?;
    let theme = Theme::built_in("dark", Depth::True)?;
    let look = Look::new(theme, Depth::True, Borders::Rounded);
    let desk = Desk::new(look, false, [7; 32], now);
    let cases = sample(500)?.take(8).map(|case| row(&case)).collect::<Option<_>>().context("no cases")?;
    let terminal = Terminal::new(painter(sink))?;
    let mut runner =
        Runner::new(desk, terminal, Mailbox::default(), Answers { cases, liked: false }, Clock::manual(now));

    let account = Account { name: name()?, role: Role::Agent, departments: Vec::new(), disabled: false };
    let session = Session { token: "token".into(), account, expires_at: now, idle_seconds: 1800 };
    runner.mailbox().post(Msg::SignedIn(Ok(Box::new(SignedIn { session, journal: Ok(()) }))));
    runner.mailbox().post(Msg::Profile(Ok(Box::new(profile()))));
    runner.turn()?;
    let text = sample(500)?.case(41).intake.text;
    for (field, content) in
        [("number", "16412345678"), ("name", "周小满"), ("detail", "湖滨路18号"), ("text", &text)]
    {
        for _ in 0..40 {
            if runner.app().model().intake.current().form.focus.code() == field {
                break;
            }
            press(&mut runner, "tab")?;
        }
        ensure!(runner.app().model().intake.current().form.focus.code() == field, "no field {field}");
        runner.mailbox().input(Input::Paste(content.to_owned()));
        runner.turn()?;
    }
    Ok(runner)
}

/// Presses a key and draws what comes of it.
pub(crate) fn press(runner: &mut Running, key: &str) -> anyhow::Result<()> {
    let chord = key.parse().map_err(|_| anyhow!("no key {key}"))?;
    runner.mailbox().input(Input::Key(chord));
    ensure!(runner.turn()?, "{key} changed nothing");
    Ok(())
}

/// The keys of one round: what is typed, and as many steps back.
pub(crate) fn keys() -> Vec<String> {
    let typed: Vec<String> = TYPED.chars().map(String::from).collect();
    let back = vec!["backspace".to_owned(); typed.len()];
    [typed, back].concat()
}

/// A frame as a bare program puts it on the screen: pieces of text with their places and styles.
pub(crate) struct Frame {
    /// Column, row, text, style.
    pub(crate) pieces: Vec<(u16, u16, String, Style)>,
    /// Where the cursor is.
    pub(crate) cursor: Position,
}

/// The frame after each key of a round, by the desk itself.
pub(crate) fn frames() -> anyhow::Result<Vec<Frame>> {
    let mut runner = desk(Sink::default())?;
    let mut frames = Vec::new();
    for key in keys() {
        press(&mut runner, &key)?;
        let mut terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1))?;
        let buffer = terminal.draw(|frame| runner.app().view(frame))?.buffer.clone();
        frames.push(Frame { pieces: pieces(&buffer), cursor: terminal.get_cursor_position()? });
    }
    Ok(frames)
}

fn pieces(buffer: &Buffer) -> Vec<(u16, u16, String, Style)> {
    let mut pieces: Vec<(u16, u16, String, Style)> = Vec::new();
    for y in 0..SIZE.1 {
        let mut x = 0;
        let mut begun = false;
        while x < SIZE.0 {
            let cell = &buffer[(x, y)];
            match pieces.last_mut() {
                Some((_, _, text, style)) if begun && *style == cell.style() => text.push_str(cell.symbol()),
                _ => pieces.push((x, y, cell.symbol().to_owned(), cell.style())),
            }
            begun = true;
            x += cell.cell_width().max(1);
        }
    }
    pieces
}

fn name() -> anyhow::Result<huiyin::domain::account::AccountName> {
    NAME.parse().map_err(|_| anyhow!("not a name"))
}

fn row(case: &huiyin::sample::SampleCase) -> Option<CaseRow> {
    let zone = Profile::demonstration().calendar().time_zone.clone();
    let local = case.received_at.to_zoned_datetime(zone).datetime();
    let body = EventBody::Registered {
        intake: Box::new(case.intake.clone()),
        number: CaseNumber::new(local, StationCode::MAX),
        received_at: case.received_at,
    };
    let event = CaseEvent {
        id: EventId::new(0, [0; 10]),
        case_id: id(0, case),
        seq: 1,
        at: case.received_at,
        by: name().ok()?,
        body,
    };
    Case::from_first(&event).as_ref().map(CaseRow::from)
}

fn profile() -> ProfileBody {
    let city = Profile::demonstration();
    ProfileBody {
        city: city.city().clone(),
        channels: city.channels().to_vec(),
        kinds: city.kinds().to_vec(),
        departments: city.departments().to_vec(),
        matters: city.matters().to_vec(),
        divisions: city.divisions().to_vec(),
        templates: city.templates().to_vec(),
        deadlines: city.deadlines().clone(),
        calendar: CalendarBody::from(city.calendar()),
    }
}
