//! Real messages with the first level of their matter, and how well the model tells these apart.
//!
//! Shared by the figures and by the test that holds them. Each message is learned as the choice of a matter of its first
//! level that is none of the others (其他); what counts is the first level of the first matter suggested, among all
//! fifteen that the classification has.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use huiyin::domain::catalogue::Matter;
use huiyin::domain::code::MatterCode;
use huiyin::domain::learning::{Learned, Lesson, Taught};
use huiyin::domain::normalise::normalise;
use huiyin::domain::suggest::Cues;
use huiyin::profile::Profile;
use rustix::time::{ClockId, clock_gettime};

/// How many parts the messages are cut into; each is told apart by what the others teach.
const FOLDS: usize = 5;

/// A message with its label.
pub(crate) struct Message {
    text: String,
    label: String,
}

/// The messages of the file, exact repeats left out.
pub(crate) fn read(file: &Path) -> anyhow::Result<Vec<Message>> {
    let mut seen = BTreeSet::new();
    let mut messages = Vec::new();
    for row in csv::Reader::from_path(file).context("reading the labelled messages")?.records() {
        let row = row?;
        let (title, body, label) = (&row[1], &row[3], row[4].to_owned());
        let key: String = normalise(body).split_whitespace().collect();
        if seen.insert(key) {
            messages.push(Message { text: format!("{title}\n{body}"), label });
        }
    }
    Ok(messages)
}

/// What became of telling them apart.
pub(crate) struct Told {
    /// The labels there are.
    pub(crate) labels: Vec<String>,
    /// A row for each label: how many were told to be each, and in the last column something else.
    pub(crate) confusion: Vec<Vec<u32>>,
    /// The processor time of each suggestion, the least of all times it was made.
    pub(crate) suggesting: Vec<Duration>,
    /// The processor time of each lesson.
    pub(crate) learning: Vec<Duration>,
    /// The bytes of a model that has learned four fifths.
    pub(crate) stored: usize,
}

impl Told {
    /// The mean of the F1 of each label.
    pub(crate) fn macro_f1(&self) -> f64 {
        let f1 = |label: usize| {
            let right = f64::from(self.confusion[label][label]);
            let are: u32 = self.confusion[label].iter().sum();
            let told: u32 = self.confusion.iter().map(|row| row[label]).sum();
            2.0 * right / f64::from(are + told).max(1.0)
        };
        let labels = self.labels.len();
        (0..labels).map(f1).sum::<f64>() / f64::from(u32::try_from(labels).unwrap_or(u32::MAX))
    }
}

/// Tells all messages apart, each fold by what the others teach; with what a profile knows of each matter, or with the
/// bare first levels. `seed` shuffles them; each suggestion is made so many `times`, at least once.
pub(crate) fn tell(
    messages: &[Message],
    profile: Option<&Profile>,
    seed: u64,
    times: usize,
) -> anyhow::Result<Told> {
    let classification = Profile::demonstration().matters();
    let mut names: Vec<&str> = classification.iter().map(|matter| matter.level1.as_str()).collect();
    names.dedup();
    let mut matters = profile.map(|profile| profile.matters().to_vec()).unwrap_or_default();
    let mut general: HashMap<&str, MatterCode> = HashMap::new();
    for (n, name) in names.iter().enumerate() {
        let code: MatterCode = format!("general{n}").parse()?;
        general.insert(name, code.clone());
        // Without a profile not even the name says anything.
        let level1 = if profile.is_some() { (*name).to_owned() } else { n.to_string() };
        let other = || "其他".to_owned();
        let (level2, level3, keywords, department) = (other(), other(), Vec::new(), None);
        matters.push(Matter { code, level1, level2, level3, keywords, department });
    }
    let cues = Cues::new(&matters, &[], &[], &[]);
    let new = Learned::new(&matters, &[]);
    let level_of: HashMap<&MatterCode, &str> = matters.iter().map(|m| (&m.code, m.level1.as_str())).collect();

    let labels: Vec<String> =
        messages.iter().map(|message| message.label.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    let fold = folds(messages, seed);
    let mut told = Told {
        confusion: vec![vec![0; labels.len() + 1]; labels.len()],
        labels,
        suggesting: Vec::new(),
        learning: Vec::new(),
        stored: 0,
    };
    for part in 0..FOLDS {
        let mut model = new.clone();
        let (mut to_learn, to_tell): (Vec<usize>, Vec<usize>) =
            (0..messages.len()).partition(|at| fold[*at] != part);
        shuffle(&mut to_learn, seed + 1);
        for at in to_learn {
            let is = general.get(messages[at].label.as_str()).context("an unknown label")?.clone();
            let taught = Taught::Matter { is, not: None };
            let lesson = Lesson { text: messages[at].text.clone(), matter: None, taught };
            let began = spent();
            model.learn(&lesson);
            told.learning.push(spent().saturating_sub(began));
        }
        told.stored = model.to_bytes().len();
        for at in to_tell {
            let Message { text, label } = &messages[at];
            let by_words = cues.suggest(text, None);
            let suggest = || {
                let by_words = by_words.clone();
                let began = spent();
                let suggested = model.suggest(text, None, by_words);
                (spent().saturating_sub(began), suggested)
            };
            let (first, suggested) = suggest();
            let again = (1..times).map(|_| suggest().0);
            told.suggesting.push(again.fold(first, Duration::min));
            let first = suggested.matters.first().and_then(|first| level_of.get(&first.code));
            let first = first.map(|level| match (profile, level.parse::<usize>()) {
                (None, Ok(n)) => names[n],
                _ => level,
            });
            let place = |name: &str| told.labels.iter().position(|label| label == name);
            let is = place(label).context("an unknown label")?;
            let as_what = first.and_then(place).unwrap_or(told.labels.len());
            told.confusion[is][as_what] += 1;
        }
    }
    Ok(told)
}

/// The processor time of this thread so far: what others do on the machine counts little.
fn spent() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or_default())
}

/// The fold of each message: every label spread evenly over all.
fn folds(messages: &[Message], seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..messages.len()).collect();
    shuffle(&mut order, seed);
    order.sort_by_key(|at| &messages[*at].label);
    let mut fold = vec![0; messages.len()];
    order.into_iter().enumerate().for_each(|(n, at)| fold[at] = n % FOLDS);
    fold
}

/// The same order for the same seed, everywhere (a linear congruence).
fn shuffle(order: &mut [usize], seed: u64) {
    let mut state = seed;
    for last in (1..order.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        order.swap(last, usize::try_from(state >> 33).unwrap_or(0) % (last + 1));
    }
}
