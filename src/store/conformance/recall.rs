//! Recall and precision: two hundred mixed queries of one to eight characters against a plain scan of the texts, which
//! reads them as they are and knows no terms.

use std::fmt::Write as _;

use super::searching::{Dice, plan};
use super::*;
use crate::domain::find::contains;
use crate::domain::normalise::normalise;
use crate::domain::query::Query;
use crate::store::search::page;

engines! {
    two_hundred_queries_find_what_a_scan_finds,
    two_hundred_queries_find_what_a_scan_finds_in_real_messages,
}

/// Sentences with what is hard: traditional, full width, mixed scripts, compatibility forms, Han beyond the first plane.
const HARD: &[&str] = &[
    "電動車充電樁壞了，請儘快維修",
    "裡面的麵館後門漏水",
    "１２号楼Ａ座电梯３天没修",
    "乘3号线到C盘小区，车牌京A12345挡路",
    "𠮷祥里的𨨏厂夜里冒烟",
    "㐂乐街，㎡单价乱收费",
    "葛\u{e0100}城路口，\u{200b}红绿灯\u{feff}不亮",
    "12345打不通；138-0013-8000是我的电话",
    "WiFi信号差，KTV太吵，B1层积水",
    "住\u{f92f}动局旁边，ｶﾞス站噪音",
    "한국 식당 옆 쓰레기",
    "😀物业费2.5元/㎡，涨到３．０元",
    "人人人从众，品晶磊鑫",
];

async fn two_hundred_queries_find_what_a_scan_finds(city: City) {
    let mut dice = Dice(2026);
    let texts: Vec<String> = (0..1200)
        .map(|_| {
            let mut text = String::new();
            for _ in 0..=dice.below(4) {
                let sentence: Vec<char> = dice.one(HARD).chars().collect();
                // Cut anywhere, so that words stand beside what they never stand beside.
                let from = dice.below(sentence.len());
                let part: String = sentence[from..].iter().take(2 + dice.below(14)).collect();
                let _ = write!(text, "{part}{}", dice.one(&["", "，", " ", "。"]));
            }
            text
        })
        .collect();
    compare(&city, texts, &mut dice).await;
}

async fn two_hundred_queries_find_what_a_scan_finds_in_real_messages(city: City) {
    let Some(folder) = std::env::var_os("HUIYIN_TEST_DATA") else {
        eprintln!("skipped: HUIYIN_TEST_DATA is not set");
        return;
    };
    let mut table = csv::Reader::from_path(std::path::Path::new(&folder).join("messages.csv")).unwrap();
    let texts = table.records().map(|row| row.unwrap()[3].trim().to_owned());
    // Scanned again and again by a build without optimisation: as many as that allows.
    let texts = texts.filter(|text| !text.is_empty()).step_by(3).map(|text| text.chars().take(600).collect());
    compare(&city, texts.collect(), &mut Dice(4326)).await;
}

/// Files the texts and asks for pieces of them in every spelling.
async fn compare(city: &City, texts: Vec<String>, dice: &mut Dice) {
    let mut ids = Vec::new();
    for (n, some) in texts.chunks(100).enumerate() {
        let filings = some.iter().zip(0..).map(|(text, at)| {
            let received_at = minute(i64::try_from(n).unwrap() * 100 + at);
            let mut filing = Filing { received_at, ..filing(text) };
            filing.intake.title = "标题".to_owned();
            filing
        });
        ids.extend(city.all(filings.collect()).await.into_iter().map(|case| case.id));
    }
    let normal: Vec<String> = texts.iter().map(|text| normalise(text)).collect();
    let (mut asked, mut hits) = (0, 0);
    while asked < 200 {
        let source: Vec<char> = texts[dice.below(texts.len())].chars().collect();
        let from = dice.below(source.len());
        let piece: String = source[from..].iter().take(1 + asked % 8).collect();
        let piece = piece.replace(['"', '“', '”', '「', '」', '-', ':', '：'], "");
        let text = match asked % 4 {
            0 => traditional(&piece),
            1 => full_width(&piece),
            _ => piece,
        };
        let wanted = normalise(&text);
        if wanted.is_empty() || Query::parse(&format!("\"{text}\"")).words.is_empty() {
            continue;
        }
        asked += 1;
        let is_han = |c: char| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}');
        let scanned = texts.iter().zip(&normal).zip(&ids).filter(|((text, normal), _)| {
            if wanted.chars().all(is_han) {
                normal.contains(&wanted)
            } else {
                // What a word is where scripts and signs meet is a rule of its own; nothing shorter can hold it.
                wanted.chars().filter(|c| c.is_alphanumeric()).all(|c| normal.contains(c))
                    && contains(text, &wanted, true)
            }
        });
        let mut expected: Vec<_> = scanned.map(|(_, id)| *id).collect();
        expected.reverse();
        let found = city.read(|tx| page(tx, &plan(&format!("\"{text}\"")))).unwrap().hits;
        let found: Vec<_> = found.iter().map(|hit| hit.case.id).collect();
        assert_eq!(found.len(), expected.len(), "{} characters", text.chars().count());
        assert_eq!(found, expected);
        hits += expected.len();
    }
    assert!(hits > 200, "{hits} hits in all");
}

/// The same in traditional characters, where there are any: what the normaliser's table says, backwards.
fn traditional(text: &str) -> String {
    let table: Vec<char> = include_str!("../../domain/simplified.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::chars)
        .collect();
    text.chars().map(|c| table.chunks_exact(2).find(|pair| pair[1] == c).map_or(c, |pair| pair[0])).collect()
}

fn full_width(text: &str) -> String {
    let wide = |c: char| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
        other => other,
    };
    text.chars().map(wide).collect()
}
