//! Stories of search and of like cases, checked against a plain scan of the texts.

use super::*;
use crate::domain::case::Case;
use crate::domain::code::State;
use crate::domain::find::contains;
use crate::domain::likeness::Likeness;
use crate::domain::query::Query;
use crate::domain::relevance::SearchOrder;
use crate::store::like::{LikeQuery, like};
use crate::store::search::{Scope, SearchPlan, SearchResult, page};

engines! {
    every_part_of_every_text_is_found_and_nothing_else,
    pages_go_back_in_time_without_gap_or_repeat,
    imported_cases_stand_where_they_were_received,
    filters_narrow_and_states_follow,
    numbers_are_found_whole_by_beginning_and_by_end,
    notes_and_replies_are_found,
    the_most_relevant_come_first_and_what_fits_a_page_is_counted,
    what_people_type_is_never_syntax,
    callers_are_searched_only_by_those_who_may,
    repeats_come_first_among_like_cases,
    the_same_trouble_in_other_words_is_found_by_place_and_matter,
    a_storm_of_like_calls_is_answered_in_bounded_work,
}

/// A generator of numbers, the same each time (splitmix64).
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }

    pub(super) fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

const PIECES: &[&str] = &[
    "夜间",
    "施工",
    "噪音",
    "噪声",
    "扰民",
    "幸福里",
    "小区",
    "3号线",
    "C盘",
    "京A12345",
    "路灯",
    "不亮",
    "水管",
    "爆裂",
    "WiFi",
    "垃圾",
    "清运",
    "，",
    "。",
    " ",
    "（",
    "）",
    "138-0013-8000",
    "2号楼",
    "停水",
    "两天",
    "音乐",
    "广场舞",
    "ＡＢＣ",
    "電動車",
    "的",
    "了",
    "在",
    "民",
    "生",
    "\n",
    "APP",
    "12345",
    "12306",
    "😀",
    "物业费",
    "100元",
];

fn sentence(dice: &mut Dice) -> String {
    (0..4 + dice.below(20)).map(|_| dice.one(PIECES)).collect()
}

pub(super) fn plan(query: &str) -> SearchPlan {
    SearchPlan {
        query: Query::parse(query),
        departments: None,
        matters: None,
        divisions: None,
        takers: None,
        since: None,
        until: None,
        now: minute(5),
        asking: agent().name.clone(),
        scope: Scope::All,
        callers: true,
        order: SearchOrder::Newest,
        limit: 5000,
        after: None,
    }
}

impl City {
    fn search(&self, plan: &SearchPlan) -> SearchResult {
        self.read(|tx| page(tx, plan)).unwrap()
    }

    fn texts(&self, query: &str) -> Vec<String> {
        self.search(&plan(query)).hits.into_iter().map(|hit| hit.case.intake.text).collect()
    }

    pub(super) async fn all(&self, filings: Vec<Filing<'static>>) -> Vec<Case> {
        let filed = self.store.write(move |tx| {
            filings.iter().map(|filing| file(tx, filing.clone(), rules()).map(|filed| filed.case)).collect()
        });
        let filed: Result<_, FilingError> = filed.await;
        filed.unwrap()
    }
}

async fn every_part_of_every_text_is_found_and_nothing_else(city: City) {
    let mut dice = Dice(12345);
    let filings: Vec<_> = (0..2000)
        .map(|n| {
            let mut filing = Filing { received_at: minute(n), ..filing(&sentence(&mut dice)) };
            filing.intake.title = "标题".to_owned();
            filing
        })
        .collect();
    // In groups, so that segments are merged between.
    let mut cases = Vec::new();
    for group in filings.chunks(100) {
        cases.extend(city.all(group.to_vec()).await);
    }
    let mut queries: Vec<String> = PIECES.iter().map(|piece| (*piece).to_owned()).collect();
    for _ in 0..120 {
        let text = &cases[dice.below(cases.len())].intake.text;
        let chars: Vec<char> = text.chars().collect();
        let from = dice.below(chars.len());
        let part: String = chars[from..].iter().take(1 + dice.below(7)).collect();
        queries.push(part.clone());
        queries.push(format!("\"{}\"", part.replace('"', "")));
        queries.push(format!("{} -{}", dice.one(PIECES), dice.one(PIECES)));
        queries.push(format!("{} {} {}", dice.one(PIECES), dice.one(PIECES), dice.one(PIECES)));
    }
    for text in &queries {
        let query = Query::parse(text);
        if !query.filters.is_empty() || query.words.is_empty() {
            continue;
        }
        let fits = |case: &&Case| {
            query.words.iter().all(|word| {
                let found = contains(&case.intake.text, &word.text, word.exact)
                    || contains(&case.intake.title, &word.text, word.exact)
                    || contains(&case.intake.caller.name, &word.text, word.exact)
                    || number_found(case.number.as_str(), &word.text, word.exact);
                found != word.excluded
            })
        };
        let expected: Vec<_> = cases.iter().filter(fits).map(|case| case.id).rev().collect();
        let found: Vec<_> = city.search(&plan(text)).hits.iter().map(|hit| hit.case.id).collect();
        assert_eq!(found, expected, "{text}");
    }
}

/// The scan's view of a bare number among case numbers.
fn number_found(number: &str, word: &str, exact: bool) -> bool {
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    let plain = word.chars().all(|c| c.is_ascii_digit() || c == '-');
    match digits.len() {
        _ if exact || !plain => false,
        4 => number.ends_with(&digits),
        6.. => number.starts_with(&digits),
        _ => false,
    }
}

async fn pages_go_back_in_time_without_gap_or_repeat(city: City) {
    let same_time = (0..25).map(|_| filing("同一时刻的事")).collect();
    city.all(same_time).await;
    city.all((1..40).map(|n| Filing { received_at: minute(n), ..filing("同一件事") }).collect()).await;
    for query in ["", "同一", "state:registered -没有"] {
        let mut plan = SearchPlan { limit: 10, ..plan(query) };
        let (mut seen, mut times) = (std::collections::BTreeSet::new(), Vec::new());
        loop {
            let result = city.search(&plan);
            assert!(result.hits.len() <= 10);
            seen.extend(result.hits.iter().map(|hit| hit.case.id));
            times.extend(result.hits.iter().map(|hit| hit.case.received_at));
            let Some(next) = result.next else { break };
            plan.after = Some(i64::from(next).into());
        }
        assert_eq!((seen.len(), times.len()), (64, 64), "{query}");
        assert!(times.is_sorted_by(|newer, older| newer >= older), "{query}");
    }
}

async fn imported_cases_stand_where_they_were_received(city: City) {
    city.all(vec![filing("新的"), Filing { received_at: minute(-1000), ..filing("旧的") }]).await;
    city.all(vec![Filing { received_at: minute(-500), ..filing("不旧不新的") }]).await;
    assert_eq!(city.texts("的"), ["新的", "不旧不新的", "旧的"]);
    let between = SearchPlan { since: Some(minute(-1000)), until: Some(minute(-500)), ..plan("的") };
    assert_eq!(city.search(&between).hits[0].case.intake.text, "旧的");
    assert_eq!(city.search(&between).hits.len(), 1);
    // Twenty of one time stand on keys of later ones, and are still found by their own.
    city.all((0..20).map(|_| Filing { received_at: minute(-800), ..filing("挤") }).collect()).await;
    let instant = minute(-800);
    let just = SearchPlan {
        since: Some(instant),
        until: Some(instant + SignedDuration::from_millis(1)),
        ..plan("")
    };
    assert_eq!(city.search(&just).hits.len(), 20);
}

use jiff::SignedDuration;

async fn filters_narrow_and_states_follow(city: City) {
    let mut report = filing("举报排污");
    report.intake.kind = Kind::Report;
    report.intake.matter = Some("Env.1".parse().unwrap());
    report.intake.place.division = Some("d-01".parse().unwrap());
    let [report, plain] = city.all(vec![report, filing("投诉排污")]).await.try_into().unwrap();
    let count = |plan: SearchPlan| city.search(&plan).hits.len();
    assert_eq!(city.texts("排污 kind:report"), ["举报排污"]);
    assert_eq!(city.texts("kind:report kind:complaint").len(), 2);
    assert_eq!(count(SearchPlan { matters: Some(vec!["Env.1".parse().unwrap()]), ..plan("") }), 1);
    assert_eq!(count(SearchPlan { matters: Some(vec!["env.1".parse().unwrap()]), ..plan("") }), 0);
    assert_eq!(count(SearchPlan { matters: Some(Vec::new()), ..plan("排污") }), 0);
    assert_eq!(count(SearchPlan { divisions: Some(vec!["d-01".parse().unwrap()]), ..plan("排污") }), 1);
    assert_eq!(count(SearchPlan { takers: Some(vec!["xiaowu".parse().unwrap()]), ..plan("") }), 0);
    assert_eq!(city.texts("is:mine").len(), 2);
    assert_eq!(city.texts("is:open").len(), 2);

    let dispatched = city.act(acting(&report, Act::Dispatch(order("hb")))).await.unwrap().case;
    assert_eq!(city.texts("state:registered"), ["投诉排污"]);
    assert_eq!(city.texts("state:dispatched 排污"), ["举报排污"]);
    let hb = || vec!["hb".parse().unwrap()];
    assert_eq!(count(SearchPlan { departments: Some(hb()), ..plan("排污") }), 1);
    assert_eq!(count(SearchPlan { scope: Scope::Departments(hb()), ..plan("") }), 1);
    assert_eq!(count(SearchPlan { scope: Scope::Departments(Vec::new()), ..plan("") }), 0);
    let due = dispatched.due_at().unwrap();
    assert_eq!(count(SearchPlan { now: due, ..plan("is:overdue") }), 0);
    let late = due + SignedDuration::from_secs(1);
    assert_eq!(count(SearchPlan { now: late, ..plan("is:overdue 排污") }), 1);
    assert_eq!(count(SearchPlan { now: late, ..plan("is:overdue is:mine state:registered") }), 0);

    let handler = person("hb-1", Role::Handler, &["hb"]);
    let back = Act::Return { department: "hb".parse().unwrap(), reason: "不属".to_owned() };
    let back = city.act(ActOrder { actor: handler, ..acting(&dispatched, back) }).await.unwrap().case;
    assert_eq!(city.texts("is:returned"), ["举报排污"]);
    assert_eq!(count(SearchPlan { scope: Scope::Departments(hb()), ..plan("") }), 0);
    let closed = city.act(acting(&back, Act::Close { result: "已告知".to_owned() })).await.unwrap().case;
    assert_eq!(closed.state(), State::Closed);
    assert_eq!(city.texts("is:open"), ["投诉排污"]);
    assert_eq!(city.texts("is:returned").len(), 0);
    assert_eq!(city.texts("is:overdue").len(), 0);
    assert_eq!(plain.state(), State::Registered);
}

async fn numbers_are_found_whole_by_beginning_and_by_end(city: City) {
    let mut first = filing("甲事");
    first.intake.caller.number = Some("13800138000".parse().unwrap());
    let mut second = filing("乙事");
    second.intake.caller.contact = Some("010-62345678".parse().unwrap());
    second.intake.text = "乙事，另有联系人 13900139111".to_owned();
    let cases = city.all(vec![first, second]).await;
    for (query, expected) in [
        ("13800138000", "甲事"),
        ("138 0013 8000", "甲事"),
        ("+86 138-0013-8000", "甲事"),
        ("138001", "甲事"),
        ("8000", "甲事"),
        ("phone:8000 事", "甲事"),
        ("phone:138", "甲事"),
        ("01062345678", "乙事，另有联系人 13900139111"),
        ("62345678", "乙事，另有联系人 13900139111"),
        ("phone:62345678", "乙事，另有联系人 13900139111"),
        ("００８６ 138 0013 8000", "甲事"),
        ("5678", "乙事，另有联系人 13900139111"),
        ("13900139111", "乙事，另有联系人 13900139111"),
    ] {
        assert_eq!(city.texts(query), [expected], "{query}");
    }
    assert!(city.texts("phone:13900139111").is_empty());
    assert!(city.texts("13800138001").is_empty());
    let number = &cases[0].number;
    for query in [
        number.as_str().to_owned(),
        number.grouped(),
        format!("no:{number}"),
        number.as_str()[..17].to_owned(),
    ] {
        assert_eq!(city.texts(&query), ["甲事"], "{query}");
    }
    assert_eq!(city.texts(&number.as_str()[..10]).len(), 2);
    assert!(city.texts(&format!("phone:{number}")).is_empty());
    let end = &number.as_str()[14..];
    assert!(city.texts(end).contains(&"甲事".to_owned()), "{end}");
}

async fn notes_and_replies_are_found(city: City) {
    let case =
        city.file(Filing { outcome: FirstAct::Dispatch(order("cg")), ..filing("占道") }).await.unwrap().case;
    let case =
        city.act(acting(&case, Act::Note { text: "来电人补充说有摩托".to_owned() })).await.unwrap().case;
    let handler = person("cg-1", Role::Handler, &["cg"]);
    let department = || "cg".parse().unwrap();
    let by = |order| ActOrder { actor: handler, ..order };
    let case = city.act(by(acting(&case, Act::Sign { department: department() }))).await.unwrap().case;
    let reply = Act::Reply {
        department: department(),
        reply: "已劝离".to_owned(),
        public_answer: "摊贩撤走".to_owned(),
    };
    city.act(by(acting(&case, reply))).await.unwrap();
    for query in ["摩托", "劝离", "撤走", "占道", "尽快"] {
        assert_eq!(city.texts(query), ["占道"], "{query}");
    }
    // No phrase reaches from one text into the next.
    assert!(city.texts("劝离摊贩").is_empty());
    let hit = city.search(&plan("劝离")).hits.remove(0);
    assert_eq!(hit.written, ["请尽快办理", "来电人补充说有摩托", "已劝离", "摊贩撤走"]);
}

async fn the_most_relevant_come_first_and_what_fits_a_page_is_counted(city: City) {
    let of = |n, title: &str, text: &str| {
        let mut filing = Filing { received_at: minute(n), ..filing(text) };
        filing.intake.title = title.to_owned();
        filing
    };
    let passing =
        "前面说的是别的事情，很长很长，说了许多许多，一直说到后来，最后才顺便提到一句，附近也有噪声";
    let filings = vec![
        of(0, "夜间噪声", "工地噪声大，天天有噪声"),
        of(1, "别的事", passing),
        of(2, "咨询", "楼下有噪声"),
        of(3, "路灯", "路灯不亮"),
    ];
    city.all(filings).await;
    let ranked = |limit| SearchPlan { order: SearchOrder::Relevance, limit, ..plan("噪声") };
    let titles = |plan: &SearchPlan| -> Vec<String> {
        city.search(plan).hits.into_iter().map(|hit| hit.case.intake.title).collect()
    };
    assert_eq!(titles(&ranked(10)), ["夜间噪声", "咨询", "别的事"]);
    assert_eq!(titles(&ranked(1)), ["夜间噪声"]);
    assert_eq!(titles(&plan("噪声")), ["咨询", "别的事", "夜间噪声"]);
    let count = |plan: &SearchPlan| city.search(plan).count.map(|count| (count.counted, count.exact));
    assert_eq!(count(&plan("噪声")), Some((3, true)));
    assert_eq!(count(&SearchPlan { limit: 2, ..plan("噪声") }), Some((2, false)));
    assert_eq!(count(&ranked(1)), Some((3, true)));
    assert_eq!(count(&plan("没有的")), Some((0, true)));
    let first = city.search(&SearchPlan { limit: 2, ..plan("噪声") });
    assert_eq!(count(&SearchPlan { after: first.next, ..plan("噪声") }), None);
}

async fn what_people_type_is_never_syntax(city: City) {
    city.all(vec![filing("a AND b OR c NOT d NEAR body caller 噪音")]).await;
    let deep = "(".repeat(5000);
    for query in [
        "AND",
        "OR",
        "NOT",
        "NEAR(a b)",
        "body:a",
        "caller : a",
        "a*",
        "^a",
        "{body} : a",
        "\"",
        "\"\"",
        "'",
        "-",
        "--",
        "a\0b",
        "*",
        "噪\u{200b}音",
        "%",
        "_",
        "\\",
        "'; drop table case_file;--",
        "$1",
        "?1",
        "\u{1e}",
        "0z",
        "0e",
        "0sregistered",
        &deep,
        "，。",
        "-噪音 -",
        "phone:",
        "is:",
        "no:x",
        "since:昨天",
    ] {
        city.search(&plan(query));
        city.search(&SearchPlan { callers: false, ..plan(query) });
    }
    assert_eq!(city.texts("AND OR NEAR").len(), 1);
    assert_eq!(city.texts("噪\u{200b}音").len(), 1);
    assert!(city.texts("0e").is_empty(), "a person's text is never a fact's token");
}

async fn callers_are_searched_only_by_those_who_may(city: City) {
    let mut secret = filing("匿名举报");
    secret.intake.caller.name = "欧阳测试".to_owned();
    secret.intake.caller.number = Some("13800138000".parse().unwrap());
    city.all(vec![secret]).await;
    for query in ["欧阳", "13800138000", "138001", "8000", "phone:13800138000", "匿名 欧阳"] {
        assert_eq!(city.texts(query).len(), 1, "{query}");
        assert!(city.search(&SearchPlan { callers: false, ..plan(query) }).hits.is_empty(), "{query}");
    }
    assert_eq!(city.search(&SearchPlan { callers: false, ..plan("匿名 -欧阳") }).hits.len(), 1);
    assert_eq!(city.search(&SearchPlan { callers: false, ..plan("匿名 kind:complaint") }).hits.len(), 1);
}

fn typed(text: &str, detail: &str) -> LikeQuery {
    LikeQuery {
        text: text.to_owned(),
        detail: detail.to_owned(),
        division: None,
        matter: None,
        except: None,
        now: minute(60),
    }
}

async fn repeats_come_first_among_like_cases(city: City) {
    let mut dice = Dice(7);
    let crowd = (0..300).map(|n| Filing { received_at: minute(n / 10), ..filing(&sentence(&mut dice)) });
    city.all(crowd.collect()).await;
    let text = "幸福里小区2号楼地下室水管爆裂，停水两天，物业不管";
    let mut near = filing("幸福里小区水管爆裂漏水严重，已经停水两天，请尽快处理");
    near.intake.place.detail = "幸福里小区2号楼".to_owned();
    let cases = city
        .all(vec![Filing { received_at: minute(-90_000), ..filing(text) }, near, filing("路灯不亮")])
        .await;
    let found = city.read(|tx| like(tx, &typed(text, "幸福里小区2号楼"))).unwrap();
    assert_eq!(found[0].case.id, cases[0].id);
    assert_eq!(found[0].alike.because[0], Likeness::SameText);
    assert_eq!(
        found[1].case.id,
        cases[1].id,
        "{:?}",
        found.iter().map(|like| &like.alike).collect::<Vec<_>>()
    );
    assert!(found[1].alike.because.contains(&Likeness::SameDetail));
    assert!(found.len() <= 10 && found.iter().all(|like| like.case.id != cases[2].id));
    let except = LikeQuery { except: Some(cases[0].id), ..typed(text, "") };
    let found = city.read(|tx| like(tx, &except)).unwrap();
    assert!(found.iter().all(|like| like.case.id != cases[0].id));
    for nothing in ["", "，", "无关紧要的一句话而已"] {
        assert!(city.read(|tx| like(tx, &typed(nothing, ""))).unwrap().is_empty(), "{nothing}");
    }
}

async fn the_same_trouble_in_other_words_is_found_by_place_and_matter(city: City) {
    let at = |text: &str, division: &str, matter: &str, received_at| {
        let mut filing = Filing { received_at, ..filing(text) };
        filing.intake.place.division = division.parse().ok();
        filing.intake.matter = matter.parse().ok();
        filing
    };
    let day = 24 * 60;
    let cases = city
        .all(vec![
            at("大坑没人填，摔了一跤", "990102001", "020101", minute(60 - 2 * day)),
            at("大坑没人填，摔了一跤", "990102001", "020101", minute(60 - 20 * day)),
            at("大坑没人填，摔了一跤", "990102002", "020101", minute(60 - 2 * day)),
            at("大坑没人填，摔了一跤", "990102001", "020102", minute(60 - 2 * day)),
        ])
        .await;
    let query = LikeQuery {
        division: "990102001".parse().ok(),
        matter: "020101".parse().ok(),
        ..typed("路面塌陷，车子进不去", "")
    };
    let found = city.read(|tx| like(tx, &query)).unwrap();
    assert_eq!(found.iter().map(|like| like.case.id).collect::<Vec<_>>(), [cases[0].id]);
    let because = [Likeness::SameDivision, Likeness::SameMatter, Likeness::Recent];
    assert_eq!(found[0].alike.because, because);
}

async fn a_storm_of_like_calls_is_answered_in_bounded_work(city: City) {
    let storm = (0..300).map(|n| {
        let text = format!("人民路主管爆裂，整片停水，第{n}位来电人反映");
        Filing { received_at: minute(n / 30), ..filing(&text) }
    });
    city.all(storm.collect()).await;
    let found = city.read(|tx| like(tx, &typed("人民路主管爆裂，整片停水", ""))).unwrap();
    assert_eq!(found.len(), 10);
    assert!(found.iter().all(|like| like.alike.because.contains(&Likeness::NearText)));
    let long = "人民路主管爆裂，整片停水，".repeat(1500);
    assert!(!city.read(|tx| like(tx, &typed(&long, ""))).unwrap().is_empty());
}
