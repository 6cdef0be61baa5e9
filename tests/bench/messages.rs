//! Real messages, told to a store one after the other in the order of time: how often the earlier one is found when one
//! comes again as it was, cut, or in other words. A figure and a test read the same; the test includes this file.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context as _;
use huiyin::domain::account::Actor;
use huiyin::domain::act::CityRules;
use huiyin::domain::case::{Caller, Intake, Place};
use huiyin::domain::code::{Channel, Kind, Role, Urgency};
use huiyin::domain::id::CaseId;
use huiyin::domain::normalise::normalise;
use huiyin::profile::Profile;
use huiyin::store::Store;
use huiyin::store::cases::{Filing, FilingError, FirstAct, file};
use huiyin::store::like::{LikeQuery, like};
use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Runtime;

/// Messages that are filed in one transaction.
const TOGETHER: usize = 200;
/// Of the longer messages every so many comes again cut and reworded.
const ASKED_AGAIN: usize = 30;
/// A longer message, in characters.
const LONGER: usize = 60;
/// How long after a message it is told again.
const LATER: SignedDuration = SignedDuration::from_hours(48);
/// Words for words: what another caller says of the same.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("噪音", "噪声"),
    ("小区", "社区"),
    ("业主", "住户"),
    ("没有", "未"),
    ("问题", "情况"),
    ("解决", "处理"),
    ("领导", "负责人"),
    ("我们", "大家"),
    ("现在", "目前"),
    ("因为", "由于"),
    ("但是", "不过"),
    ("已经", "早已"),
    ("居民", "群众"),
    ("严重", "厉害"),
    ("开发商", "房产公司"),
    ("孩子", "小孩"),
    ("相关部门", "有关单位"),
    ("反映", "投诉"),
    ("要求", "请求"),
    ("一直", "始终"),
    ("导致", "造成"),
    ("希望", "恳请"),
    ("请问", "想知道"),
    ("到底", "究竟"),
    ("根本", "完全"),
];

/// A message.
struct Message {
    at: Timestamp,
    text: String,
}

/// What is made of a message before it is told again.
type Change = fn(&str) -> String;

/// How often an earlier case was found.
#[derive(Default)]
pub(crate) struct Found {
    /// How it came again.
    pub(crate) how: &'static str,
    /// How many came again so.
    pub(crate) asked: usize,
    /// How often the earlier one came first.
    pub(crate) first: usize,
    /// How often it was among the first three.
    pub(crate) in_three: usize,
}

impl Found {
    fn count(&mut self, place: Option<usize>) {
        self.asked += 1;
        self.first += usize::from(place == Some(0));
        self.in_three += usize::from(place.is_some_and(|place| place < 3));
    }

    /// Percent among the first three.
    pub(crate) fn percent(&self) -> usize {
        self.in_three * 100 / self.asked.max(1)
    }
}

/// Files the messages of a table and asks for each that comes again: first the exact repeats, then the changed ones.
pub(crate) fn told_again(store: &Store, table: &Path) -> anyhow::Result<Vec<Found>> {
    let messages = read(table)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let plain: Vec<String> = messages.iter().map(|message| squeezed(&message.text)).collect();
    let mut exact = Found { how: "word for word", ..Found::default() };
    let mut earlier: HashMap<&str, Vec<CaseId>> = HashMap::new();
    let mut waiting = Vec::new();
    for (n, message) in (0_u64..).zip(&messages) {
        let same = earlier.entry(&plain[usize::try_from(n)?]).or_default();
        if !same.is_empty() || waiting.len() >= TOGETHER {
            filed(store, &runtime, std::mem::take(&mut waiting))?;
        }
        if !same.is_empty() {
            // As it was on that day: what came later is not there yet.
            exact.count(place(store, &message.text, message.at, same)?);
        }
        let id = CaseId::new(message.at.as_millisecond().unsigned_abs(), spread(n));
        same.push(id);
        waiting.push((id, message));
    }
    filed(store, &runtime, waiting)?;
    let mut found = vec![exact];
    let changes: [(&str, Change); 5] = [
        ("its first half", |text| part(text, 0, 2)),
        ("its last half", |text| part(text, 1, 2)),
        ("every second sentence", |text| sentences(text).into_iter().step_by(2).collect()),
        ("other words", reworded),
        ("other words, other order, cut by a quarter", |text| {
            let text = reworded(text);
            let mut kept: Vec<&str> = sentences(&text)
                .into_iter()
                .enumerate()
                .filter(|(n, _)| n % 4 != 3)
                .map(|(_, s)| s)
                .collect();
            kept.reverse();
            kept.concat()
        }),
    ];
    for (how, change) in changes {
        let mut row = Found { how, ..Found::default() };
        let longer = messages.iter().zip(&plain).filter(|(_, plain)| plain.chars().count() >= LONGER);
        for (message, plain) in longer.step_by(ASKED_AGAIN) {
            let same = earlier.get(plain.as_str()).context("a message that was filed")?;
            row.count(place(store, &change(&message.text), message.at + LATER, same)?);
        }
        found.push(row);
    }
    Ok(found)
}

/// The place among the like cases of one of these.
fn place(store: &Store, text: &str, now: Timestamp, wanted: &[CaseId]) -> anyhow::Result<Option<usize>> {
    let query = LikeQuery {
        text: text.to_owned(),
        detail: String::new(),
        division: None,
        matter: None,
        except: None,
        now,
    };
    let found = store.read_here(|tx| like(tx, &query))?;
    Ok(found.iter().position(|like| wanted.contains(&like.case.id)))
}

/// The messages of the table, the oldest first.
fn read(table: &Path) -> anyhow::Result<Vec<Message>> {
    let mut messages = Vec::new();
    for row in csv::Reader::from_path(table)?.records() {
        let row = row?;
        // `2019/2/28 11:25:05` or `2019-02-28 11:25:05`.
        let at = row[2].replace('/', "-");
        let at = jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", at.trim()).context("a time")?;
        let at = at.in_tz("Asia/Shanghai")?.timestamp();
        messages.push(Message { at, text: row[3].trim().to_owned() });
    }
    messages.retain(|message| !message.text.is_empty());
    messages.sort_by_key(|message| message.at);
    Ok(messages)
}

fn filed(store: &Store, runtime: &Runtime, messages: Vec<(CaseId, &Message)>) -> anyhow::Result<()> {
    let filings: Vec<_> =
        messages.into_iter().map(|(id, message)| (id, message.at, intake(&message.text))).collect();
    let rules = || {
        let city = Profile::demonstration();
        CityRules { deadlines: city.deadlines(), calendar: city.calendar() }
    };
    let name = "agent01".parse().ok().context("a name")?;
    let actor = Actor { name, role: Role::Agent, departments: Vec::new() };
    let filed = store.write(move |tx| {
        filings.iter().cloned().try_for_each(|(id, at, intake)| {
            let filing = Filing {
                id,
                number: None,
                received_at: at,
                judged: None,
                intake,
                outcome: FirstAct::Register,
                actor: &actor,
                at,
                request: "",
            };
            file(tx, filing, rules()).map(drop)
        })
    });
    Ok::<_, FilingError>(runtime.block_on(filed)?).map_err(Into::into)
}

fn intake(text: &str) -> Intake {
    Intake {
        channel: Channel::Web,
        kind: Kind::Complaint,
        caller: Caller::default(),
        matter: None,
        title: text.chars().take(20).collect(),
        text: text.to_owned(),
        place: Place::default(),
        occurred_at: None,
        target: String::new(),
        urgency: Urgency::Ordinary,
        confidential: false,
        earlier_case: None,
        tags: Vec::new(),
        remark: String::new(),
    }
}

fn spread(n: u64) -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&n.to_be_bytes());
    bytes
}

/// The text without blanks and lines, by which repeats are told.
fn squeezed(text: &str) -> String {
    normalise(text).split_whitespace().collect()
}

fn part(text: &str, which: usize, of: usize) -> String {
    let text: Vec<char> = text.chars().collect();
    let length = text.len() / of;
    text[which * length..(which + 1) * length].iter().collect()
}

fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(['，', '。', '！', '？', '；', '\n']).collect()
}

fn reworded(text: &str) -> String {
    OTHER_WORDS.iter().fold(text.to_owned(), |text, (word, other)| text.replace(word, other))
}
