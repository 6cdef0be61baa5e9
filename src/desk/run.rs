//! The loop: everything that is ready is handled, then one frame is drawn, then it sleeps until there is more.
//!
//! It is generic over the [`App`], the backend and the effects, so a test drives the same loop as the desk: it
//! posts input, calls [`Runner::settle`] and looks at the screen. Nothing here polls: with nothing in flight and
//! no [`App::wake_at`], the thread sleeps until a message or a key comes.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use ratatui::layout::{Position, Size};

use super::buffer::Buffer;
use super::frames::{Frames, RowBackend};
use super::input::Input;
use super::mailbox::{Mailbox, Post};
use crate::clock::Clock;

/// Posts handled before a frame is drawn all the same, so that a flood cannot freeze the screen.
const POSTS_A_FRAME: usize = 4_096;

/// How long a program whose terminal went away, or that was told to stop, may still save.
const STOP_GRACE: Duration = Duration::from_millis(900);

/// A program that the loop can run.
pub trait App {
    /// All that can happen.
    type Msg: Send + 'static;
    /// All that can be asked for. Plain values, so that a test can compare them.
    type Effect;

    /// What a key, a paste or a signal means; `None` when nothing. [`Input::Stop`] must lead to
    /// [`App::finished`] once what was typed is safe.
    fn on_input(&self, input: Input) -> Option<Self::Msg>;
    /// What a window of this size means: told before the first frame, and before what is typed into one that has
    /// changed.
    fn on_size(&self, _size: Size) -> Option<Self::Msg> {
        None
    }
    /// The message of a moment that [`App::wake_at`] asked for.
    fn on_wake(&self) -> Self::Msg;
    /// Decides. Never waits, reads a clock or touches a disk: `now` is the time.
    fn update(&mut self, msg: Self::Msg, now: Timestamp) -> Vec<Self::Effect>;
    /// Whether an effect makes an `earlier` one pointless that was asked for since the last frame and is not begun:
    /// a hundred keys at once need one draft saved.
    fn replaces(_effect: &Self::Effect, _earlier: &Self::Effect) -> bool {
        false
    }
    /// Whether `msg` may change what is shown. One that does not costs no frame.
    fn is_seen(&self, msg: &Self::Msg) -> bool;
    /// Whether something is to be seen that is not on the last frame, though no message said so.
    fn is_behind(&self) -> bool {
        false
    }
    /// Paints the whole frame over an older one, and answers where the focused input has the cursor.
    fn paint(&self, buf: &mut Buffer) -> Option<Position>;
    /// The next moment at which what is shown changes by itself; `None` when nothing moves. Handling the wake-up
    /// must move it into the future.
    fn wake_at(&self) -> Option<Timestamp>;
    /// What was put off, and the moment by which it is to be done. It is handled after the frame, and costs another one
    /// only where [`App::is_behind`] then says so. Handling it must move it into the future.
    fn due(&self) -> Option<(Timestamp, Self::Msg)> {
        None
    }
    /// Whether the program is over.
    fn finished(&self) -> bool;
}

/// Does what [`App::update`] asked for. Runs on the thread of the loop, so it only starts things; see
/// [`Mailbox::spawn`].
pub trait Effects<A: App> {
    /// Starts one effect; what comes of it is posted into `mailbox`.
    fn run(&mut self, effect: A::Effect, mailbox: &Mailbox<A::Msg>);
}

impl<A: App, F: FnMut(A::Effect, &Mailbox<A::Msg>)> Effects<A> for F {
    fn run(&mut self, effect: A::Effect, mailbox: &Mailbox<A::Msg>) {
        self(effect, mailbox);
    }
}

/// The loop and all it holds.
#[derive(Debug)]
pub struct Runner<A: App, B: RowBackend, E> {
    app: A,
    frames: Frames<B>,
    mailbox: Mailbox<A::Msg>,
    effects: E,
    /// What was asked for while handling, started once the frame is out: saving wakes other threads, and they would
    /// run before what was typed is seen.
    asked: Vec<A::Effect>,
    clock: Clock,
    /// The size that the program was told last.
    size: Option<Size>,
    stopping: bool,
}

impl<A: App, B: RowBackend, E: Effects<A>> Runner<A, B, E> {
    /// A loop that has not drawn anything yet.
    pub fn new(app: A, frames: Frames<B>, mailbox: Mailbox<A::Msg>, effects: E, clock: Clock) -> Self {
        Self { app, frames, mailbox, effects, asked: Vec::new(), clock, size: None, stopping: false }
    }

    /// The program, to look at.
    pub fn app(&self) -> &A {
        &self.app
    }

    /// What is painted on, to look at.
    pub fn backend(&self) -> &B {
        self.frames.backend()
    }

    /// The effects, to look at what was asked for.
    pub fn effects(&mut self) -> &mut E {
        &mut self.effects
    }

    /// Where input and messages are posted.
    pub fn mailbox(&self) -> &Mailbox<A::Msg> {
        &self.mailbox
    }

    /// Asks for effects before any message came: what the program does first. They begin once the first frame is out.
    pub fn start(&mut self, effects: Vec<A::Effect>) {
        self.asked.extend(effects);
    }

    /// Draws and handles until the program is over, and gives it back. `wait` sleeps until the mailbox has something
    /// or the time is up; it may put input into the mailbox itself.
    pub fn run(mut self, mut wait: impl FnMut(&Mailbox<A::Msg>, Option<Duration>)) -> Result<A, B::Error> {
        self.draw()?;
        self.begin();
        let mut stop_by: Option<Instant> = None;
        while !self.app.finished() {
            let moment = self.app.wake_at().into_iter().chain(self.app.due().map(|(at, _)| at)).min();
            let until_wake = moment.map(|at| until(at, self.clock.now()));
            let until_stop = stop_by.map(|by| by.saturating_duration_since(Instant::now()));
            wait(&self.mailbox, [until_wake, until_stop].into_iter().flatten().min());
            self.turn()?;
            if self.stopping {
                let by = *stop_by.get_or_insert_with(|| Instant::now() + STOP_GRACE);
                if self.mailbox.is_idle() || Instant::now() >= by {
                    break;
                }
            }
        }
        Ok(self.app)
    }

    /// Handles all that is ready, draws once when any of it may be seen, and says whether anything was ready.
    pub fn turn(&mut self) -> Result<bool, B::Error> {
        let mut turned = self.handle_and_draw();
        let now = self.clock.now();
        if let Some((_, msg)) = self.app.due().filter(|(at, _)| *at <= now) {
            self.update(msg, now);
            turned = turned.and_then(|_| self.draw_if_behind()).map(|()| true);
        }
        self.begin();
        turned
    }

    /// Begins what was asked for.
    fn begin(&mut self) {
        // Also when the terminal refuses the frame: what was typed is saved.
        for effect in self.asked.drain(..) {
            self.effects.run(effect, &self.mailbox);
        }
    }

    /// Does what was put off, though its moment has not come; says whether there was anything.
    fn hurry(&mut self) -> Result<bool, B::Error> {
        let Some((at, msg)) = self.app.due() else { return Ok(false) };
        self.update(msg, at);
        self.begin();
        self.draw_if_behind()?;
        Ok(true)
    }

    fn handle_and_draw(&mut self) -> Result<bool, B::Error> {
        let (mut handled, mut seen) = (0, false);
        if self.app.wake_at().is_some_and(|at| at <= self.clock.now()) {
            let msg = self.app.on_wake();
            self.update(msg, self.clock.now());
            (handled, seen) = (1, true);
        }
        while handled < POSTS_A_FRAME && !self.app.finished() {
            match self.mailbox.take() {
                Some(Post::Msg(msg)) => {
                    seen |= self.app.is_seen(&msg);
                    self.update(msg, self.clock.now());
                }
                Some(Post::Input(input)) => {
                    seen |= self.input(input)?;
                }
                None => break,
            }
            handled += 1;
        }
        if seen {
            self.draw()?;
        } else {
            self.draw_if_behind()?;
        }
        Ok(handled > 0)
    }

    fn draw_if_behind(&mut self) -> Result<(), B::Error> {
        if self.app.is_behind() { self.draw() } else { Ok(()) }
    }

    /// Turns until nothing is queued and nothing in flight, or `limit` has passed without progress; says whether
    /// it came to rest. For tests: no time goes by but what the effects need, and what was put off is done at once.
    pub fn settle(&mut self, limit: Duration) -> Result<bool, B::Error> {
        self.draw()?;
        loop {
            while self.turn()? || self.hurry()? {}
            if self.app.finished() || self.mailbox.is_idle() {
                return Ok(true);
            }
            if !self.mailbox.wait(Some(limit)) {
                return Ok(false);
            }
        }
    }

    /// Turns until `met` holds or `limit` has passed, and says whether it holds. For tests that wait for what comes
    /// by itself, such as a change told by the server.
    pub fn settle_until(&mut self, limit: Duration, met: impl Fn(&Self) -> bool) -> Result<bool, B::Error> {
        let by = Instant::now() + limit;
        self.draw()?;
        loop {
            while self.turn()? || self.hurry()? {}
            if met(self) {
                return Ok(true);
            }
            let left = by.saturating_duration_since(Instant::now());
            if left.is_zero() || self.app.finished() {
                return Ok(false);
            }
            self.mailbox.wait(Some(left));
        }
    }

    /// Handles an input, and says whether anything of it may be seen: the mouse is also moved over nothing.
    fn input(&mut self, input: Input) -> Result<bool, B::Error> {
        let mut seen = !matches!(input, Input::Mouse(_));
        match input {
            // Whatever stood on the screen is gone.
            Input::Redraw => {
                self.frames.clear()?;
                self.measure()?;
            }
            Input::Resize => self.measure()?,
            Input::Stop(_) => self.stopping = true,
            _ => {}
        }
        if let Some(msg) = self.app.on_input(input) {
            seen |= self.app.is_seen(&msg);
            self.update(msg, self.clock.now());
        }
        Ok(seen)
    }

    /// Tells the program how large the window is, if that is another size than it was.
    fn measure(&mut self) -> Result<(), B::Error> {
        let size = self.frames.backend().size()?;
        if self.size.replace(size) != Some(size)
            && let Some(msg) = self.app.on_size(size)
        {
            self.update(msg, self.clock.now());
        }
        Ok(())
    }

    fn update(&mut self, msg: A::Msg, now: Timestamp) {
        let asked = self.app.update(msg, now);
        for effect in asked {
            self.asked.retain(|earlier| !A::replaces(&effect, earlier));
            self.asked.push(effect);
        }
    }

    /// Draws a frame. Once told to stop, the screen is nobody's business: a terminal that hung up refuses bytes.
    fn draw(&mut self) -> Result<(), B::Error> {
        if !self.stopping {
            self.measure()?;
            self.frames.draw(|buf| self.app.paint(buf))?;
        }
        Ok(())
    }
}

fn until(at: Timestamp, now: Timestamp) -> Duration {
    let left = at.as_millisecond().saturating_sub(now.as_millisecond());
    Duration::from_millis(u64::try_from(left).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use ratatui::backend::TestBackend;
    use ratatui::style::Style;

    use super::*;
    use crate::desk::input::Stop;
    use crate::desk::keys::Chord;

    /// Counts keys; `a` asks for an answer from elsewhere, `w` for a wake-up in a second, Esc ends it.
    #[derive(Default)]
    struct Counter {
        keys: usize,
        answers: usize,
        wakes: usize,
        wake_at: Option<Timestamp>,
        over: bool,
    }

    enum Msg {
        Key(Chord),
        Answer,
        Wake,
        Stop,
    }

    impl App for Counter {
        type Msg = Msg;
        type Effect = ();

        fn on_input(&self, input: Input) -> Option<Msg> {
            match input {
                Input::Key(chord) => Some(Msg::Key(chord)),
                Input::Stop(_) => Some(Msg::Stop),
                _ => None,
            }
        }

        fn on_wake(&self) -> Msg {
            Msg::Wake
        }

        fn is_seen(&self, _: &Msg) -> bool {
            true
        }

        fn update(&mut self, msg: Msg, now: Timestamp) -> Vec<()> {
            match msg {
                Msg::Key(chord) => {
                    self.keys += 1;
                    self.over = chord == "esc".parse().unwrap();
                    match chord.text() {
                        Some('a') => return vec![()],
                        Some('w') => self.wake_at = Some(now + jiff::SignedDuration::from_secs(1)),
                        _ => {}
                    }
                }
                Msg::Answer => self.answers += 1,
                Msg::Wake => (self.wakes, self.wake_at) = (self.wakes + 1, None),
                Msg::Stop => return vec![()],
            }
            Vec::new()
        }

        fn paint(&self, buf: &mut Buffer) -> Option<Position> {
            buf.fill(Style::new());
            buf.set_string(0, 0, format!("{} {} {}", self.keys, self.answers, self.wakes), Style::new());
            None
        }

        fn wake_at(&self) -> Option<Timestamp> {
            self.wake_at
        }

        fn finished(&self) -> bool {
            self.over
        }
    }

    impl RowBackend for TestBackend {}

    fn runner(clock: &Clock) -> Runner<Counter, TestBackend, impl Effects<Counter> + use<>> {
        let effects = |(): (), mailbox: &Mailbox<Msg>| {
            let flight = mailbox.begin();
            std::thread::spawn(move || flight.post(Msg::Answer));
        };
        let frames = Frames::new(TestBackend::new(10, 1)).unwrap();
        Runner::new(Counter::default(), frames, Mailbox::default(), effects, clock.clone())
    }

    fn press(mailbox: &Mailbox<Msg>, keys: &str) {
        for key in keys.split(' ') {
            mailbox.input(Input::Key(key.parse().unwrap()));
        }
    }

    const LIMIT: Duration = Duration::from_secs(5);

    #[test]
    fn all_that_is_ready_is_handled_and_drawn_once() {
        let mut runner = runner(&Clock::manual(Timestamp::UNIX_EPOCH));
        press(runner.mailbox(), "x y a z");
        assert!(runner.turn().unwrap());
        assert_eq!(runner.app().keys, 4);
        assert!(runner.settle(LIMIT).unwrap());
        runner.backend().assert_buffer_lines(["4 1 0     "]);
        assert!(!runner.turn().unwrap());
    }

    #[test]
    fn a_wake_up_comes_when_its_moment_has_come() {
        let clock = Clock::manual(Timestamp::UNIX_EPOCH);
        let mut runner = runner(&clock);
        press(runner.mailbox(), "w");
        runner.settle(LIMIT).unwrap();
        assert_eq!(runner.app().wakes, 0);
        clock.advance(Duration::from_secs(1));
        runner.settle(LIMIT).unwrap();
        assert_eq!((runner.app().wakes, runner.app().wake_at), (1, None));
    }

    #[test]
    fn the_loop_ends_with_the_program() {
        let runner = runner(&Clock::default());
        let mailbox = runner.mailbox().clone();
        let running = std::thread::spawn(move || press(&mailbox, "a b esc"));
        let app = runner.run(|mailbox, limit| _ = mailbox.wait(limit)).unwrap();
        running.join().unwrap();
        assert_eq!(app.keys, 3);
    }

    #[test]
    fn told_to_stop_it_waits_for_what_is_in_flight_and_ends_by_itself() {
        let runner = runner(&Clock::default());
        runner.mailbox().input(Input::Stop(Stop::HangUp));
        let app = runner.run(|mailbox, limit| _ = mailbox.wait(limit)).unwrap();
        assert_eq!((app.answers, app.over), (1, false));
    }
}
