//! What a text is probably about: matters, departments, templates and articles by the words that a city gave them.
//!
//! Pure, and looked up at every key: the words are indexed once by their first two characters, so a text costs one
//! lookup a character, however many matters there are. Each suggestion says which words decided. What a server has
//! learned from the choices of call-takers (`learning`) fills the same [`Suggested`], and goes before.

use std::collections::{BTreeSet, HashMap};

use super::catalogue::{Article, Department, Matter, Template, TemplateUse};
use super::code::{DepartmentCode, MatterCode};
use super::normalise::normalise;

/// How many are suggested of each.
pub const SUGGESTED: usize = 3;
/// What a case is about stands at its beginning; this bounds the work at every key, in characters.
const CONSIDERED: usize = 1000;
/// A longer word counts no more than this, in characters.
const LONGEST: usize = 6;

/// Why something is suggested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cue {
    /// A word of the text, as the city wrote it.
    Word(String),
    /// It usually goes with this matter: leads its cases, answers its questions.
    UsualOf(MatterCode),
}

/// Something suggested, and why, the strongest reason first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion<C> {
    /// What.
    pub code: C,
    /// Why.
    pub because: Vec<Cue>,
}

/// What is suggested for a case, the best first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suggested {
    /// At most [`SUGGESTED`] matters.
    pub matters: Vec<Suggestion<MatterCode>>,
    /// At most [`SUGGESTED`] departments to lead; the usual one of a chosen matter is the first.
    pub departments: Vec<Suggestion<DepartmentCode>>,
    /// Every template that a word of the text speaks for, by code, of any use.
    pub templates: Vec<Suggestion<String>>,
    /// Every article of the knowledge base that speaks to it, by its place in the profile.
    pub articles: Vec<Suggestion<usize>>,
}

impl Suggested {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.matters.is_empty()
            && self.departments.is_empty()
            && self.templates.is_empty()
            && self.articles.is_empty()
    }
}

/// The words of a city, indexed once.
#[derive(Debug, Clone, Default)]
pub struct Cues {
    words: Vec<Word>,
    starts: HashMap<[char; 2], Vec<usize>>,
    matters: Vec<(MatterCode, Option<DepartmentCode>)>,
    departments: Vec<DepartmentCode>,
    templates: Vec<(String, TemplateUse)>,
    articles: Vec<Vec<MatterCode>>,
}

/// A word, and whom it speaks for, by their places.
#[derive(Debug, Clone)]
struct Word {
    told: String,
    chars: Vec<char>,
    matters: Vec<usize>,
    departments: Vec<usize>,
    templates: Vec<usize>,
    articles: Vec<usize>,
}

impl Cues {
    /// Indexes the words of a city.
    pub fn new(
        matters: &[Matter],
        departments: &[Department],
        templates: &[Template],
        articles: &[Article],
    ) -> Self {
        let mut cues = Self {
            matters: matters.iter().map(|matter| (matter.code.clone(), matter.department.clone())).collect(),
            departments: departments.iter().map(|department| department.code.clone()).collect(),
            templates: templates.iter().map(|template| (template.code.clone(), template.purpose)).collect(),
            articles: articles.iter().map(|article| article.matters.clone()).collect(),
            ..Self::default()
        };
        let mut known = HashMap::new();
        for (at, matter) in matters.iter().enumerate() {
            for word in matter.keywords.iter().chain([&matter.level3]) {
                cues.word(word, &mut known, |word| &mut word.matters, at);
            }
        }
        for (at, department) in departments.iter().enumerate() {
            for word in &department.keywords {
                cues.word(word, &mut known, |word| &mut word.departments, at);
            }
        }
        for (at, template) in templates.iter().enumerate() {
            for word in &template.keywords {
                cues.word(word, &mut known, |word| &mut word.templates, at);
            }
        }
        for (at, article) in articles.iter().enumerate() {
            for word in &article.keywords {
                cues.word(word, &mut known, |word| &mut word.articles, at);
            }
        }
        cues
    }

    fn word(
        &mut self,
        told: &str,
        known: &mut HashMap<String, usize>,
        owners: impl Fn(&mut Word) -> &mut Vec<usize>,
        owner: usize,
    ) {
        let normal = normalise(told);
        let chars: Vec<char> = normal.trim().chars().collect();
        // One character speaks for nobody, and 其他 for everybody.
        let &[first, second, ..] = chars.as_slice() else { return };
        if normal == "其他" || normal == "other" {
            return;
        }
        let at = *known.entry(normal).or_insert_with(|| {
            self.words.push(Word {
                told: told.to_owned(),
                chars,
                matters: Vec::new(),
                departments: Vec::new(),
                templates: Vec::new(),
                articles: Vec::new(),
            });
            self.starts.entry([first, second]).or_default().push(self.words.len() - 1);
            self.words.len() - 1
        });
        let owners = owners(&mut self.words[at]);
        if owners.last() != Some(&owner) {
            owners.push(owner);
        }
    }

    /// What `text` is probably about, where `matter` is already chosen.
    pub fn suggest(&self, text: &str, matter: Option<&MatterCode>) -> Suggested {
        let found = self.found(text);
        let matters = self.rank(&found, |word| &word.matters);
        let mut departments = self.rank(&found, |word| &word.departments);
        // Whom the matters lead to speaks for a department, half as loud as the words themselves.
        for ranked in matters.iter().take(SUGGESTED) {
            let (code, usual) = &self.matters[ranked.at];
            self.speak_for(&mut departments, usual.as_ref(), code, ranked.score / 2.0);
        }
        if let Some((code, usual)) = matter.and_then(|code| self.matters.iter().find(|(of, _)| of == code)) {
            self.speak_for(&mut departments, usual.as_ref(), code, f32::MAX);
        }
        departments.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.at.cmp(&b.at)));
        let templates = self.rank(&found, |word| &word.templates);
        let articles = self.articles(&found, &matters, matter);
        Suggested {
            matters: suggestions(matters, SUGGESTED, |at| self.matters[at].0.clone()),
            departments: suggestions(departments, SUGGESTED, |at| self.departments[at].clone()),
            templates: suggestions(templates, usize::MAX, |at| self.templates[at].0.clone()),
            articles: suggestions(articles, usize::MAX, |at| at),
        }
    }

    /// The words that stand in the beginning of a text, by their places.
    fn found(&self, text: &str) -> BTreeSet<usize> {
        let beginning: String = text.chars().take(CONSIDERED).collect();
        let text: Vec<char> = normalise(&beginning).chars().collect();
        let mut found = BTreeSet::new();
        for (at, pair) in text.windows(2).enumerate() {
            let Some(words) = self.starts.get(&[pair[0], pair[1]]) else { continue };
            found.extend(words.iter().filter(|word| stands_at(&self.words[**word].chars, &text, at)));
        }
        found
    }

    /// Whom the words found speak for, the best first.
    fn rank(&self, found: &BTreeSet<usize>, owners: impl Fn(&Word) -> &Vec<usize>) -> Vec<Ranked> {
        let mut of: HashMap<usize, Vec<&Word>> = HashMap::new();
        for word in found {
            let word = &self.words[*word];
            for owner in owners(word) {
                of.entry(*owner).or_default().push(word);
            }
        }
        let mut ranked: Vec<Ranked> = of
            .into_iter()
            .map(|(at, mut words)| {
                words.sort_by(|a, b| b.chars.len().cmp(&a.chars.len()).then(a.told.cmp(&b.told)));
                let mut counted: Vec<&Word> = Vec::new();
                for word in words {
                    // 电梯 in 电梯加装 says nothing more.
                    if !counted.iter().any(|long| long.told.contains(&word.told)) {
                        counted.push(word);
                    }
                }
                let score = counted.iter().map(|word| weight(word.chars.len(), owners(word).len())).sum();
                let because = counted.iter().map(|word| Cue::Word(word.told.clone())).collect();
                Ranked { at, score, because }
            })
            .collect();
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.at.cmp(&b.at)));
        ranked
    }

    /// Articles by their words, those of the matter chosen or suggested first.
    fn articles(
        &self,
        found: &BTreeSet<usize>,
        matters: &[Ranked],
        chosen: Option<&MatterCode>,
    ) -> Vec<Ranked> {
        let mut articles = self.rank(found, |word| &word.articles);
        let suggested =
            matters.iter().take(SUGGESTED).map(|ranked| (&self.matters[ranked.at].0, ranked.score / 2.0));
        for (code, score) in chosen.map(|code| (code, f32::MAX / 2.0)).into_iter().chain(suggested) {
            for at in (0..self.articles.len()).filter(|at| self.articles[*at].contains(code)) {
                let cue = Cue::UsualOf(code.clone());
                match articles.iter_mut().find(|ranked| ranked.at == at) {
                    Some(ranked) => ranked.score = (ranked.score + score).min(f32::MAX),
                    None => articles.push(Ranked { at, score, because: vec![cue] }),
                }
            }
        }
        articles.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.at.cmp(&b.at)));
        articles
    }

    /// A matter speaks for the department that usually leads it.
    fn speak_for(
        &self,
        departments: &mut Vec<Ranked>,
        usual: Option<&DepartmentCode>,
        matter: &MatterCode,
        score: f32,
    ) {
        let Some(at) = usual.and_then(|usual| self.departments.iter().position(|code| code == usual)) else {
            return;
        };
        let cue = Cue::UsualOf(matter.clone());
        match departments.iter_mut().find(|ranked| ranked.at == at) {
            Some(ranked) => {
                ranked.score = (ranked.score + score).min(f32::MAX);
                ranked.because.retain(|known| *known != cue);
                ranked.because.insert(0, cue);
            }
            None => departments.push(Ranked { at, score, because: vec![cue] }),
        }
    }
}

struct Ranked {
    at: usize,
    score: f32,
    because: Vec<Cue>,
}

fn suggestions<C>(ranked: Vec<Ranked>, most: usize, code: impl Fn(usize) -> C) -> Vec<Suggestion<C>> {
    let suggestion = |ranked: Ranked| Suggestion { code: code(ranked.at), because: ranked.because };
    ranked.into_iter().take(most).map(suggestion).collect()
}

/// A long word tells more than a short one, and a word of one owner more than one of many.
#[expect(clippy::cast_precision_loss, reason = "lengths and counts of words are small")]
fn weight(chars: usize, owners: usize) -> f32 {
    chars.min(LONGEST) as f32 / (owners.max(1) as f32).sqrt()
}

/// Whether `word` stands in `text` at `at`; a Latin word is not found inside another.
fn stands_at(word: &[char], text: &[char], at: usize) -> bool {
    let end = at + word.len();
    let cuts = |inside: &char, outside: Option<&char>| {
        inside.is_ascii_alphanumeric() && outside.is_some_and(char::is_ascii_alphanumeric)
    };
    text.get(at..end) == Some(word)
        && !cuts(&word[0], at.checked_sub(1).and_then(|before| text.get(before)))
        && !cuts(&word[word.len() - 1], text.get(end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cues() -> Cues {
        let matter = |code: &str, level3: &str, keywords: &[&str], department: &str| Matter {
            code: code.parse().unwrap(),
            level1: "城乡建设".into(),
            level2: "小区".into(),
            level3: level3.into(),
            keywords: keywords.iter().map(ToString::to_string).collect(),
            department: Some(department.parse().unwrap()),
        };
        let department = |code: &str, keywords: &[&str]| Department {
            code: code.parse().unwrap(),
            name: code.into(),
            aliases: Vec::new(),
            parent: None,
            division: None,
            duties: String::new(),
            keywords: keywords.iter().map(ToString::to_string).collect(),
            phone: None,
        };
        let article = |title: &str, matters: &[&str], keywords: &[&str]| Article {
            code: title.into(),
            title: title.into(),
            matters: matters.iter().map(|code| code.parse().unwrap()).collect(),
            keywords: keywords.iter().map(ToString::to_string).collect(),
            body: String::new(),
            source: String::new(),
            valid_from: None,
        };
        let template = Template {
            code: "tx-noise".into(),
            name: "夜间施工噪声".into(),
            purpose: TemplateUse::Text,
            kind: None,
            keywords: vec!["夜间施工".into(), "噪声".into()],
            body: "{地点}".into(),
        };
        Cues::new(
            &[
                matter("01", "其他", &[], "cgj"),
                matter("02", "电梯管理", &["电梯", "电梯加装"], "scjg"),
                matter("03", "噪声污染", &["噪声", "噪音", "夜间施工", "WiFi"], "sthj"),
                matter("04", "小区管理", &["小区", "噪声"], "zjj"),
            ],
            &[
                department("zjj", &["工地", "小区"]),
                department("sthj", &["噪声"]),
                department("cgj", &["垃圾"]),
                department("scjg", &[]),
            ],
            &[template],
            &[
                article("电梯困人", &["02"], &["困人"]),
                article("夜间施工", &["03"], &["夜间施工", "噪声"]),
                article("广场舞", &[], &["噪声"]),
            ],
        )
    }

    fn told<C: ToString>(of: &[Suggestion<C>]) -> Vec<String> {
        of.iter()
            .map(|suggestion| {
                let why = suggestion.because.iter().map(|cue| match cue {
                    Cue::Word(word) => word.clone(),
                    Cue::UsualOf(matter) => format!("<{matter}>"),
                });
                format!("{} {}", suggestion.code.to_string(), why.collect::<Vec<_>>().join(" "))
            })
            .collect()
    }

    #[test]
    fn the_words_of_the_text_decide_and_are_told() {
        let suggested = cues().suggest("阳光小区旁工地夜间施工，噪声扰民", None);
        assert_eq!(told(&suggested.matters), ["03 夜间施工 噪声", "04 噪声 小区"]);
        assert_eq!(told(&suggested.departments), ["zjj <04> 小区 工地", "sthj <03> 噪声"]);
        assert_eq!(told(&suggested.templates), ["tx-noise 夜间施工 噪声"]);
        assert_eq!(told(&cues().suggest("电梯加装没有人管，与其他无关", None).matters), ["02 电梯加装"]);
        assert!(cues().suggest("其他", None).is_empty());
    }

    #[test]
    fn a_chosen_matter_leads_to_its_usual_department() {
        let matter = "02".parse().unwrap();
        let suggested = cues().suggest("小区工地噪声", Some(&matter));
        assert_eq!(told(&suggested.departments)[0], "scjg <02>");
        assert_eq!(told(&cues().suggest("", Some(&matter)).departments), ["scjg <02>"]);
        assert!(cues().suggest("", Some(&"99".parse().unwrap())).is_empty());
    }

    #[test]
    fn articles_answer_by_their_words_and_the_chosen_matter_first() {
        let suggested = cues().suggest("夜间施工，噪声扰民", None);
        assert_eq!(told(&suggested.articles), ["1 夜间施工 噪声", "2 噪声"]);
        let lift = "02".parse().unwrap();
        assert_eq!(told(&cues().suggest("噪声", Some(&lift)).articles)[0], "0 <02>");
    }

    #[test]
    fn forms_of_writing_do_not_matter_and_latin_words_are_whole() {
        for (text, found) in [("ＷＩＦＩ坏了", true), ("噪聲", true), ("wifix", false), ("awifi", false)]
        {
            assert_eq!(!cues().suggest(text, None).matters.is_empty(), found, "{text}");
        }
    }

    #[test]
    fn only_the_beginning_is_considered() {
        let text = format!("{}噪声", "一".repeat(CONSIDERED));
        assert!(cues().suggest(&text, None).is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn any_text_is_read(text in "[\\PC噪声小区电梯加装wifi \u{301}]{0,60}") {
            let suggested = cues().suggest(&text, None);
            prop_assert!(suggested.matters.len() <= SUGGESTED && suggested.departments.len() <= SUGGESTED);
        }
    }
}
