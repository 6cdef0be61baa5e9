//! An invented city of four matters and three departments learns.

use proptest::prelude::*;

use super::*;
use crate::domain::suggest::Cues;

fn city() -> (Vec<Matter>, Vec<Department>) {
    let matter = |code: &str, names: [&str; 3], keywords: &str, department: &str| Matter {
        code: code.parse().unwrap(),
        level1: names[0].into(),
        level2: names[1].into(),
        level3: names[2].into(),
        keywords: keywords.split_whitespace().map(str::to_owned).collect(),
        department: Some(department.parse().unwrap()),
    };
    let department = |code: &str, name: &str, duties: &str| Department {
        code: code.parse().unwrap(),
        name: name.into(),
        aliases: Vec::new(),
        parent: None,
        division: None,
        duties: duties.into(),
        keywords: Vec::new(),
        phone: None,
    };
    let matters = vec![
        matter("0101", ["城乡建设", "市政", "供水"], "停水 水压", "water"),
        matter("0102", ["城乡建设", "市政", "其他"], "", "city"),
        matter("0201", ["环境保护", "噪声", "工地噪声"], "夜间施工", "air"),
        matter("0202", ["环境保护", "空气", "异味"], "臭味", "air"),
    ];
    let departments = vec![
        department("water", "自来水公司", "供水和水费"),
        department("city", "城管局", "市容"),
        department("air", "环保局", "噪声和空气"),
    ];
    (matters, departments)
}

fn model() -> Learned {
    let (matters, departments) = city();
    Learned::new(&matters, &departments)
}

fn lesson(text: &str, taught: Taught) -> Lesson {
    Lesson { text: text.to_owned(), matter: None, taught }
}

fn led(by: &str, not: Option<&str>) -> Taught {
    Taught::Department { is: by.parse().unwrap(), not: not.map(|code| code.parse().unwrap()) }
}

fn of(is: &str, not: Option<&str>) -> Taught {
    Taught::Matter { is: is.parse().unwrap(), not: not.map(|code| code.parse().unwrap()) }
}

fn returned(by: &str) -> Taught {
    Taught::Returned { by: by.parse().unwrap() }
}

/// What is suggested, with the reasons behind each.
fn told(model: &Learned, text: &str, matter: Option<&str>) -> (Vec<String>, Vec<String>) {
    fn words<C: ToString>(all: &[Suggestion<C>]) -> Vec<String> {
        let why = |cue: &Cue| match cue {
            Cue::Word(word) => word.clone(),
            Cue::UsualOf(matter) => format!("<{matter}>"),
        };
        let said = |one: &Suggestion<C>| one.because.iter().map(why).collect::<Vec<_>>().join(" ");
        all.iter().map(|one| format!("{} {}", one.code.to_string(), said(one))).collect()
    }
    let (matters, departments) = city();
    let matter = matter.map(|code| code.parse().unwrap());
    let cues = Cues::new(&matters, &departments, &[], &[]).suggest(text, matter.as_ref());
    let suggested = model.suggest(text, matter.as_ref(), cues);
    (words(&suggested.matters), words(&suggested.departments))
}

fn first(of: &[String]) -> &str {
    of.first().map_or("", |first| first.split(' ').next().unwrap_or_default())
}

const FOUNTAINS: [&str; 3] =
    ["河边的音乐喷泉坏了三周", "广场音乐喷泉一直不开", "请问音乐喷泉几点开，孩子在等"];

fn taught() -> Learned {
    let mut model = model();
    for text in FOUNTAINS {
        model.learn(&lesson(text, of("0102", None)));
        model.learn(&lesson(text, led("city", None)));
    }
    model
}

#[test]
fn before_the_first_lesson_the_words_of_the_city_are_all() {
    assert_eq!(told(&model(), "家里停水，水压也低", None).0, ["0101 停水 水压"]);
    assert!(told(&model(), "音乐喷泉不开", None).0.is_empty());
}

#[test]
fn alike_cases_teach_a_matter_and_a_department_and_their_words_are_told_as_typed() {
    let (matters, departments) = told(&taught(), "步道旁的音樂噴泉又停了", None);
    assert_eq!((first(&matters), first(&departments)), ("0102", "city"));
    for said in [&matters[0], &departments[0]] {
        assert!(said.contains("噴泉"), "{said}");
    }
    // What it was not taught stays as it was.
    assert_eq!(first(&told(&taught(), "家里停水，水压也低", None).1), "water");
}

#[test]
fn a_return_lowers_the_department_for_alike_cases_and_for_no_others() {
    let mut model = taught();
    let score = |model: &Learned, text: &str| {
        let node = model.tree.department(&"city".parse().unwrap()).unwrap();
        model.scores(&model.vector(&Grams::of(text)))[usize::from(node)]
    };
    let (alike, other) = ("音乐喷泉不开了", "夜间施工吵闹");
    let before = (score(&model, alike), score(&model, other));
    model.learn(&lesson(FOUNTAINS[0], returned("city")));
    assert!(score(&model, alike) < before.0 - 0.1, "{} {}", score(&model, alike), before.0);
    assert!((score(&model, other) - before.1).abs() < 0.05);
    model.learn(&lesson(FOUNTAINS[1], returned("city")));
    model.learn(&lesson(FOUNTAINS[1], led("water", None)));
    assert_ne!(first(&told(&model, alike, None).1), "city");
}

#[test]
fn a_correction_is_learned_from() {
    let mut model = taught();
    for text in FOUNTAINS {
        model.learn(&lesson(text, of("0202", Some("0102"))));
        model.learn(&lesson(text, led("air", Some("city"))));
    }
    let (matters, departments) = told(&model, "音乐喷泉不开了", None);
    assert_eq!((first(&matters), first(&departments)), ("0202", "air"));
}

#[test]
fn a_chosen_matter_speaks_for_its_usual_department_until_the_history_says_otherwise() {
    let mut model = taught();
    assert_eq!(told(&model, "有人反映", Some("0202")).1[0], "air <0202>");
    for n in 0..6 {
        let text = format!("第{n}处异味，大家都说难闻，已经{n}天");
        let matter = Some("0202".parse().unwrap());
        model.learn(&Lesson { text, matter, taught: led("city", None) });
    }
    assert_eq!(first(&told(&model, "楼下难闻", Some("0202")).1), "city");
}

#[test]
fn codes_that_are_no_more_and_texts_without_a_letter_teach_nothing() {
    let mut model = taught();
    let before = model.to_bytes();
    for taught in [of("99", None), led("gone", None), returned("gone")] {
        model.learn(&lesson("音乐喷泉", taught));
    }
    for text in ["", "\n", "110 120！", "😀", "\u{0}"] {
        model.learn(&lesson(text, led("water", None)));
    }
    assert!(model.to_bytes() == before);
}

#[test]
fn what_is_stored_is_what_was_learned_to_the_last_bit() {
    let (matters, departments) = city();
    let model = taught();
    let bytes = model.to_bytes();
    let mut again = Learned::from_bytes(&bytes, &matters, &departments).unwrap();
    assert_eq!(again.lessons(), 6);
    let mut model = model;
    for model in [&mut model, &mut again] {
        model.learn(&lesson("喷泉广场又停水", led("water", None)));
    }
    assert!(model.to_bytes() == again.to_bytes());

    // Cut off, changed, longer, of another version or of another profile it is none.
    let mut broken = vec![Vec::new(), bytes[..bytes.len() - 1].to_vec(), [&bytes[..], &[0]].concat()];
    for at in [0, 7, 9, bytes.len() / 2, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        broken.push(changed);
    }
    for bytes in &broken {
        assert!(Learned::from_bytes(bytes, &matters, &departments).is_none());
    }
    assert!(Learned::from_bytes(&bytes, &matters[1..], &departments).is_none());
}

#[test]
fn it_is_bounded_whatever_is_fed() {
    let mut model = model();
    for n in 0_u32..300 {
        let text: String =
            (0..400).filter_map(|at| char::from_u32(0x4e00 + (n * 397 + at * 31) % 20_000)).collect();
        let (matter, department) =
            (["0101", "0102", "0201", "0202"][n as usize % 4], ["water", "city", "air"][n as usize % 3]);
        model.learn(&lesson(&text, of(matter, None)));
        model.learn(&lesson(&text, led(department, None)));
    }
    let longest = BUCKETS * (weights::ROW * 6 + 1 + 4) + 64;
    assert!(model.to_bytes().len() <= longest && longest < 7_000_000, "{longest}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_read_and_learned(
        text in "[\\PC音乐喷泉停水wifi０１ \u{301}\u{0}\u{202e}\n]{0,60}",
        times in 1_usize..300,
    ) {
        let text = text.repeat(times).chars().take(20_000).collect::<String>();
        let mut model = taught();
        model.learn(&lesson(&text, led("air", None)));
        model.learn(&lesson(&text, returned("air")));
        let (matters, departments) = city();
        let cues = Cues::new(&matters, &departments, &[], &[]).suggest(&text, None);
        let suggested = model.suggest(&text, None, cues);
        prop_assert!(suggested.matters.len() <= SUGGESTED && suggested.departments.len() <= SUGGESTED);
        for cue in suggested.departments.iter().flat_map(|one| &one.because) {
            let Cue::Word(word) = cue else { continue };
            prop_assert!(text.contains(word.as_str()) || word.chars().count() <= 6, "{word}");
        }
    }
}
