//! What the hotline's own history says of a text: which matter it is, and which department leads it.
//!
//! A linear model over hashed characters and pairs of characters (`grams.rs`), weighted by how rare they are. Each level
//! of the matters and the departments are told apart by their own weights; a case moves the right node and the three that
//! were nearest to being taken for it, each weight by how unsure it still is (adaptive regularisation of weights,
//! Crammer et al. 2009), so one pass over the history is enough and there is nothing to be tuned. Before the first case
//! it is taught the words of the profile as if they were cases: that is all it knows of a new city.
//!
//! It is a function of the profile and of the lessons in their order, so every server over one store comes to the same
//! model, and what is stored can always be made anew. It is bounded whatever is learned (`weights.rs`).

mod because;
mod grams;
mod lesson;
mod stored;
mod tree;
mod weights;

pub use self::lesson::{Lesson, Taught, lesson_of};

use self::grams::{BUCKETS, Grams, bucket_of_matter};
use self::tree::{Leaf, Tree};
use self::weights::Weights;
use super::catalogue::{Department, Matter};
use super::code::{DepartmentCode, MatterCode};
use super::suggest::{Cue, SUGGESTED, Suggested, Suggestion};

/// How far the right node has to be before every other.
const MARGIN: f32 = 1.0;
/// The doubt in a single case: the more, the less is learned from it.
const DOUBT: f32 = 0.3;
/// How many of the nearest others the right node is moved away from: as many as would be suggested in its stead.
const RIVALS: usize = SUGGESTED;
/// What speaks for the department that usually leads the cases of a matter, until the history says otherwise.
const USUAL: f32 = 0.5;
/// How much the matter chosen for a case says of its department: as much as its whole text.
const CHOSEN: f32 = 1.0;
/// What the words of the city add to the first three that they speak for.
const BY_CUES: [f32; SUGGESTED] = [0.3, 0.2, 0.1];

/// What was learned.
#[derive(Clone)]
pub struct Learned {
    tree: Tree,
    weights: Weights,
    /// How many lessons had a gram of each bucket.
    seen: Vec<u32>,
    /// How many lessons counted their text, those of the profile among them.
    texts: u32,
    /// How many lessons of the hotline's own there were.
    lessons: u32,
    /// Of the profile that the nodes are of.
    fingerprint: u64,
}

impl Learned {
    /// What is known before the first case.
    pub fn new(matters: &[Matter], departments: &[Department]) -> Self {
        let mut model = Self::blank(matters, departments);
        for (leaf, matter) in matters.iter().enumerate().take(model.tree.leaves.len()) {
            let level3 = if matter.is_other() { "" } else { &matter.level3 };
            let words = [&matter.level1, &matter.level2, level3, &matter.keywords.join(" ")].join(" ");
            let grams = Grams::of(&words);
            let (path, usual) = (model.tree.leaves[leaf].path, model.tree.leaves[leaf].usual);
            model.see(&grams);
            model.teach_matter(&grams, path, None);
            if let Some(usual) = usual {
                model.teach_department(&grams, Some(leaf), usual, None);
            }
        }
        let nodes = model.tree.departments.clone();
        for (department, (_, node)) in departments.iter().zip(nodes) {
            let Department { name, aliases, duties, keywords, .. } = department;
            let words = [name, &aliases.join(" "), duties, &keywords.join(" ")].map(String::as_str).join(" ");
            let grams = Grams::of(&words);
            model.see(&grams);
            model.teach_department(&grams, None, node, None);
        }
        model
    }

    /// Without even that.
    fn blank(matters: &[Matter], departments: &[Department]) -> Self {
        Self {
            tree: Tree::new(matters, departments),
            weights: Weights::default(),
            seen: vec![0; BUCKETS],
            texts: 0,
            lessons: 0,
            fingerprint: stored::fingerprint(matters, departments),
        }
    }

    /// How many lessons of the hotline's own it has had.
    pub fn lessons(&self) -> u32 {
        self.lessons
    }

    /// Learns from one thing that people decided. What names codes that the profile does not have teaches nothing.
    pub fn learn(&mut self, lesson: &Lesson) {
        let grams = Grams::of(&lesson.text);
        if grams.counts().is_empty() {
            return;
        }
        let tree = &self.tree;
        let chosen = lesson.matter.as_ref().and_then(|code| tree.leaf(code));
        match &lesson.taught {
            Taught::Matter { is, not } => {
                let path = |code: &MatterCode| tree.leaf(code).map(|leaf| tree.leaves[leaf].path);
                let Some(is) = path(is) else { return };
                let not = not.as_ref().and_then(path);
                self.see(&grams);
                self.teach_matter(&grams, is, not);
            }
            Taught::Department { is, not } => {
                let Some(is) = tree.department(is) else { return };
                let not = not.as_ref().and_then(|code| tree.department(code));
                self.see(&grams);
                self.teach_department(&grams, chosen, is, not);
            }
            Taught::Returned { by } => {
                let Some(by) = tree.department(by) else { return };
                self.send_back(&grams, chosen, by);
            }
        }
        self.lessons = self.lessons.saturating_add(1);
    }

    /// Counts a text, so that what stands in every text weighs little.
    fn see(&mut self, grams: &Grams) {
        for (bucket, _) in grams.counts() {
            let seen = &mut self.seen[usize::from(*bucket)];
            *seen = seen.saturating_add(1);
        }
        self.texts = self.texts.saturating_add(1);
    }

    fn teach_matter(&mut self, grams: &Grams, is: [u16; 3], not: Option<[u16; 3]>) {
        let vector = self.vector(grams);
        let mut scores = self.scores(&vector);
        for (level, right) in is.into_iter().enumerate() {
            // Below a level that was wrong there is nothing to be told apart from.
            let taken = not.map(|path| path[level]).filter(|not| self.tree.siblings(right).contains(not));
            self.tell_apart(&vector, &mut scores, right, taken);
        }
    }

    fn teach_department(&mut self, grams: &Grams, chosen: Option<usize>, is: u16, not: Option<u16>) {
        for chosen in with_and_without(chosen) {
            let vector = with_matter(self.vector(grams), chosen);
            let mut scores = self.scores(&vector);
            self.speak_for_usual(&mut scores, chosen);
            self.tell_apart(&vector, &mut scores, is, not);
        }
    }

    /// Moves the right node and those that come nearest to it apart; and that which was taken for it, first.
    fn tell_apart(&mut self, vector: &[(u16, f32)], scores: &mut [f32], right: u16, taken: Option<u16>) {
        let nearest = nearest(scores, self.tree.siblings(right), right);
        let taken = taken.filter(|taken| *taken != right && !nearest.contains(taken));
        for wrong in taken.into_iter().chain(nearest) {
            let ahead = scores[usize::from(right)] - scores[usize::from(wrong)];
            if ahead < MARGIN {
                let unsure = [right, wrong].map(|node| self.weights.unsure(vector, node));
                let surer = 1.0 / (unsure[0] + unsure[1] + DOUBT);
                let step = (MARGIN - ahead) * surer;
                for (node, step, unsure) in [(right, step, unsure[0]), (wrong, -step, unsure[1])] {
                    scores[usize::from(node)] += step * unsure;
                    self.weights.learn(vector, node, step, surer);
                }
            }
        }
    }

    /// Moves a department that would not have a case behind the best of the others.
    fn send_back(&mut self, grams: &Grams, chosen: Option<usize>, by: u16) {
        for chosen in with_and_without(chosen) {
            let vector = with_matter(self.vector(grams), chosen);
            let mut scores = self.scores(&vector);
            self.speak_for_usual(&mut scores, chosen);
            let Some(&other) = nearest(&scores, self.tree.siblings(by), by).first() else { return };
            let ahead = scores[usize::from(other)] - scores[usize::from(by)];
            if ahead < MARGIN {
                let surer = 1.0 / (self.weights.unsure(&vector, by) + DOUBT);
                self.weights.learn(&vector, by, -(MARGIN - ahead) * surer, surer);
            }
        }
    }

    /// What `text` is probably about, where `matter` is chosen already: what was learned and, fainter, what the words of
    /// the city say (`cues`). Before the first lesson these are all there is.
    #[must_use]
    pub fn suggest(&self, text: &str, matter: Option<&MatterCode>, cues: Suggested) -> Suggested {
        if self.lessons == 0 {
            return cues;
        }
        let grams = Grams::of(text);
        let chosen = matter.and_then(|code| self.tree.leaf(code));
        let vector = self.vector(&grams);
        let mut scores = self.scores(&vector);
        let matters: Vec<&Leaf> = self.matters(&scores, &cues.matters);
        if let Some(chosen) = chosen {
            self.weights.score(&[(bucket_of_matter(chosen), CHOSEN)], &mut scores);
            self.speak_for_usual(&mut scores, Some(chosen));
        }
        let departments = self.departments(&scores, &cues.departments);

        let mut nodes: Vec<&[u16]> = matters.iter().map(|leaf| &leaf.path[..]).collect();
        nodes.extend(departments.iter().map(|(_, node)| std::slice::from_ref(node)));
        let mut shares = self.weights.shares(&vector, &nodes, self.tree.len()).into_iter();
        let mut words = || because::words(&grams, &shares.next().unwrap_or_default());
        let matters = matters.into_iter().map(|leaf| {
            let because = because(&cues.matters, &leaf.code, words());
            Suggestion { code: leaf.code.clone(), because }
        });
        let matters = matters.filter(|suggestion| !suggestion.because.is_empty()).collect();
        let departments = departments.into_iter().map(|(code, node)| {
            let mut because = because(&cues.departments, code, words());
            self.say_usual(&mut because, chosen, *node);
            Suggestion { code: code.clone(), because }
        });
        let departments = departments.filter(|suggestion| !suggestion.because.is_empty()).collect();
        Suggested { matters, departments, ..cues }
    }

    /// The three likeliest matters: by their first level, and below it by how far they are behind their siblings.
    fn matters(&self, scores: &[f32], cues: &[Suggestion<MatterCode>]) -> Vec<&Leaf> {
        let mut behind = vec![0.0; scores.len()];
        for group in self.tree.groups() {
            let best = group.iter().map(|node| scores[usize::from(*node)]).fold(f32::MIN, f32::max);
            group.iter().for_each(|node| behind[usize::from(*node)] = best - scores[usize::from(*node)]);
        }
        let ranked = self.tree.leaves.iter().map(|leaf| {
            let [first, second, third] = leaf.path.map(usize::from);
            (scores[first] - behind[second] - behind[third] + by_cues(cues, &leaf.code), leaf)
        });
        first_three(ranked.collect())
    }

    /// The three likeliest departments, with their nodes.
    fn departments(
        &self,
        scores: &[f32],
        cues: &[Suggestion<DepartmentCode>],
    ) -> Vec<&(DepartmentCode, u16)> {
        let ranked =
            self.tree.departments.iter().map(|department| {
                (scores[usize::from(department.1)] + by_cues(cues, &department.0), department)
            });
        first_three(ranked.collect())
    }

    /// Says that a department goes with the chosen matter, first, where the words of the city have not said it.
    fn say_usual(&self, because: &mut Vec<Cue>, chosen: Option<usize>, node: u16) {
        let said = because.iter().any(|cue| matches!(cue, Cue::UsualOf(_)));
        let goes_with = chosen.map(|at| (at, &self.tree.leaves[at])).filter(|(at, leaf)| {
            leaf.usual == Some(node) || self.weights.weight(bucket_of_matter(*at), node) > 0.0
        });
        if let Some((_, leaf)) = goes_with.filter(|_| !said) {
            because.insert(0, Cue::UsualOf(leaf.code.clone()));
            because.truncate(SUGGESTED);
        }
    }

    fn scores(&self, vector: &[(u16, f32)]) -> Vec<f32> {
        let mut scores = vec![0.0; self.tree.len()];
        self.weights.score(vector, &mut scores);
        scores
    }

    fn speak_for_usual(&self, scores: &mut [f32], chosen: Option<usize>) {
        if let Some(usual) = chosen.and_then(|leaf| self.tree.leaves[leaf].usual) {
            scores[usize::from(usual)] += USUAL;
        }
    }

    /// The text as a vector of length 1: how often each bucket occurs, the rarer the more.
    #[expect(clippy::cast_precision_loss, reason = "a weight")]
    fn vector(&self, grams: &Grams) -> Vec<(u16, f32)> {
        let texts = self.texts as f32 + 1.0;
        let weigh = |(bucket, count): &(u16, u16)| {
            let rare = (1.0 + texts / (self.seen[usize::from(*bucket)] as f32 + 0.5)).ln();
            (*bucket, (1.0 + f32::from(*count).ln()) * rare)
        };
        let mut vector: Vec<(u16, f32)> = grams.counts().iter().map(weigh).collect();
        let length = vector.iter().map(|(_, value)| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        vector.iter_mut().for_each(|(_, value)| *value /= length);
        vector
    }
}

/// A department is asked for with the matter that was chosen, and before it is: both are learned.
fn with_and_without(chosen: Option<usize>) -> impl Iterator<Item = Option<usize>> {
    chosen.map(Some).into_iter().chain([None])
}

/// The same, with the matter that was chosen.
fn with_matter(mut vector: Vec<(u16, f32)>, chosen: Option<usize>) -> Vec<(u16, f32)> {
    vector.extend(chosen.map(|leaf| (bucket_of_matter(leaf), CHOSEN)));
    vector
}

impl Matter {
    /// Whether it is the one for what none of its siblings is.
    fn is_other(&self) -> bool {
        self.level3 == "其他" || self.level3.eq_ignore_ascii_case("other")
    }
}

/// The nodes that come nearest to being taken for `right`, the nearest first and of equal ones the first.
fn nearest(scores: &[f32], siblings: &[u16], right: u16) -> Vec<u16> {
    let score = |node: u16| scores[usize::from(node)];
    let mut others: Vec<u16> = siblings.iter().copied().filter(|node| *node != right).collect();
    let order = |a: &u16, b: &u16| score(*b).total_cmp(&score(*a)).then(a.cmp(b));
    if others.len() > RIVALS {
        others.select_nth_unstable_by(RIVALS - 1, order);
        others.truncate(RIVALS);
    }
    others.sort_by(order);
    others
}

/// The three with the highest scores above nothing, of equal ones those that stand first.
fn first_three<T>(ranked: Vec<(f32, T)>) -> Vec<T> {
    let mut ranked: Vec<(f32, usize, T)> =
        ranked.into_iter().enumerate().map(|(at, (score, what))| (score, at, what)).collect();
    let order = |a: &(f32, usize, T), b: &(f32, usize, T)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    if ranked.len() > SUGGESTED {
        ranked.select_nth_unstable_by(SUGGESTED - 1, order);
        ranked.truncate(SUGGESTED);
    }
    ranked.sort_by(order);
    ranked.into_iter().filter(|(score, ..)| *score > 0.0).map(|(.., what)| what).collect()
}

/// What the words of the city add for one of those they speak for. A usual department has its own weight.
fn by_cues<C: PartialEq>(cues: &[Suggestion<C>], code: &C) -> f32 {
    let by_word = |cue: &Suggestion<C>| cue.because.iter().any(|cue| matches!(cue, Cue::Word(_)));
    let place = cues.iter().position(|cue| cue.code == *code && by_word(cue));
    place.and_then(|place| BY_CUES.get(place)).copied().unwrap_or_default()
}

/// The reasons: words of the city before learned ones, which say nothing more where they overlap.
fn because<C: PartialEq>(cues: &[Suggestion<C>], code: &C, words: Vec<String>) -> Vec<Cue> {
    let by_cues = cues.iter().find(|cue| cue.code == *code);
    let mut because: Vec<Cue> = by_cues.map(|cue| cue.because.clone()).unwrap_or_default();
    for word in words {
        let said = because.iter().any(|cue| match cue {
            Cue::Word(said) => said.contains(&word) || word.contains(said.as_str()),
            Cue::UsualOf(_) => false,
        });
        if !said {
            because.push(Cue::Word(word));
        }
    }
    because.truncate(SUGGESTED);
    because
}

#[cfg(test)]
mod tests;
