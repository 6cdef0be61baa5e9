//! The five elements a case should tell (要素): where, when, who, what, and what is asked for.
//!
//! Read from the fields and, where these are empty, from the words of the text by plain rules. It is a reminder for
//! the call-taker, never a bar: the rules are easily fooled, and then they should err towards being silent.

use super::normalise::normalise;

/// Characters: 小区电梯坏了三天 is about the shortest complaint there is.
const ENOUGH: usize = 8;

/// What is known of a case being typed.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one field that is filled or not")]
pub struct ElementsInput {
    /// What the text as typed so far tells.
    pub told: Told,
    /// A division is picked or a place typed.
    pub has_place: bool,
    /// 发生时间 is filled.
    pub has_time: bool,
    /// The caller's name or a number is filled.
    pub has_caller: bool,
    /// 被反映对象 is filled.
    pub has_target: bool,
    /// A matter is picked.
    pub has_matter: bool,
}

/// What the words of a text tell, whatever the fields hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that is told or not")]
pub struct Told {
    where_: bool,
    when: bool,
    ask: bool,
    /// Whether there is a letter at all.
    some: bool,
    /// Whether there are as many as a matter takes.
    enough: bool,
}

impl Told {
    /// Reads the whole text.
    pub fn by(text: &str) -> Self {
        let text = normalise(text);
        let letters = text.chars().filter(|c| c.is_alphanumeric()).take(ENOUGH).count();
        Self {
            where_: tells_where(&text),
            when: tells_when(&text),
            ask: tells_ask(&text),
            some: letters > 0,
            enough: letters == ENOUGH,
        }
    }
}

/// Which of the five elements are told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Elements {
    /// Where it is.
    pub where_: bool,
    /// When it was, or since when.
    pub when: bool,
    /// Who calls, or who is spoken of.
    pub who: bool,
    /// What the matter is.
    pub what: bool,
    /// What the caller wants done or answered.
    pub ask: bool,
}

impl Elements {
    /// Reads them.
    pub fn of(input: &ElementsInput) -> Self {
        let told = input.told;
        Self {
            where_: input.has_place || told.where_,
            when: input.has_time || told.when,
            who: input.has_caller || input.has_target,
            what: told.enough || input.has_matter && told.some,
            ask: told.ask,
        }
    }

    /// Whether nothing is missing.
    pub fn complete(self) -> bool {
        self.count() == 5
    }

    /// How many of the five are told.
    pub fn count(self) -> usize {
        [self.where_, self.when, self.who, self.what, self.ask].into_iter().filter(|&told| told).count()
    }
}

/// A road, estate, building or the like that has a name or a number in front of it.
fn tells_where(text: &str) -> bool {
    const PLACES: &[&str] = &[
        "路",
        "街道",
        "大街",
        "巷",
        "胡同",
        "小区",
        "社区",
        "村",
        "镇",
        "广场",
        "公园",
        "大厦",
        "花园",
        "市场",
        "学校",
        "医院",
        "车站",
        "号楼",
        "栋",
        "单元",
        "大道",
        "桥",
        "园区",
        "路口",
        "地铁站",
        "幼儿园",
        "小学",
        "中学",
        "商场",
        "超市",
        "工地",
    ];
    // 道路, 马路, 公路 and 一路 name no place.
    const NOT_NAMES: &[char] =
        &['道', '马', '公', '一', '铁', '线', '电', '网', '本', '该', '这', '那', '个', '的', '在'];
    let named = PLACES.iter().any(|place| {
        text.match_indices(place).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            before.is_some_and(|c| c.is_alphanumeric() && !NOT_NAMES.contains(&c))
        })
    });
    named
        || has_word(
            text,
            &[
                "street",
                "st",
                "avenue",
                "ave",
                "road",
                "rd",
                "boulevard",
                "blvd",
                "lane",
                "park",
                "apt",
                "building",
            ],
        )
}

/// A day, a time of day or a length of time.
fn tells_when(text: &str) -> bool {
    const TIMES: &[&str] = &[
        "昨",
        "今天",
        "今日",
        "今早",
        "今晚",
        "前天",
        "刚才",
        "刚刚",
        "上周",
        "本周",
        "上个月",
        "上月",
        "这个月",
        "本月",
        "去年",
        "今年",
        "前年",
        "早上",
        "上午",
        "中午",
        "下午",
        "晚上",
        "夜间",
        "凌晨",
        "深夜",
        "半夜",
        "每天",
        "每晚",
        "最近",
        "近日",
        "近期",
        "目前",
        "长期",
        "一直",
        "周末",
        "星期",
        "小时",
        "分钟",
        "多年",
        "至今",
        "以来",
        "早晨",
        "傍晚",
    ];
    const UNITS: &[&str] = &[
        "年", "月", "日", "号上", "号下", "点", "时", "天", "周", "个月", "days", "hours", "weeks", "am",
        "pm",
    ];
    const COUNTS: &str = "0123456789一二三四五六七八九十两几半数多";
    let counted = UNITS.iter().any(|unit| {
        text.match_indices(unit)
            .any(|(at, _)| text[..at].trim_end().chars().next_back().is_some_and(|c| COUNTS.contains(c)))
    });
    let clock = text.split(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '-' | '/')).any(|piece| {
        let numbers: Vec<&str> = piece.split([':', '-', '/']).collect();
        let plain = numbers.iter().all(|number| (1..=4).contains(&number.len()));
        plain && (piece.contains(':') && numbers.len() >= 2 || numbers.len() == 3 && numbers[0].len() == 4)
    });
    TIMES.iter().any(|time| text.contains(time))
        || counted
        || clock
        || has_word(
            text,
            &[
                "today",
                "yesterday",
                "tonight",
                "morning",
                "afternoon",
                "evening",
                "night",
                "week",
                "month",
                "monday",
                "tuesday",
                "wednesday",
                "thursday",
                "friday",
                "saturday",
                "sunday",
                "ago",
                "since",
                "daily",
            ],
        )
}

/// Whether the text asks for an answer rather than for something to be done; the beginning decides.
pub fn is_question(text: &str) -> bool {
    const ASKS: &[&str] = &[
        "咨询",
        "请问",
        "想问",
        "问一下",
        "怎么办理",
        "怎么办",
        "如何",
        "怎样",
        "吗",
        "能否",
        "能不能",
        "可不可以",
        "是否可以",
        "什么时候",
        "何时",
        "多少",
        "哪里",
        "去哪",
        "在哪",
        "什么材料",
        "需要什么",
        "?",
    ];
    let text = normalise(&text.chars().take(400).collect::<String>());
    ASKS.iter().any(|ask| text.contains(ask)) || has_word(&text, &["how", "when", "where", "what", "which"])
}

/// A wish, a demand or a question.
fn tells_ask(text: &str) -> bool {
    const ASKS: &[&str] = &[
        "希望",
        "请求",
        "要求",
        "建议",
        "想问",
        "请问",
        "咨询",
        "请相关",
        "请有关",
        "请处理",
        "请尽快",
        "请帮",
        "请核实",
        "请解决",
        "请政府",
        "望有关",
        "望相关",
        "恳请",
        "诉求",
        "盼",
        "能否",
        "能不能",
        "可否",
        "可不可以",
        "是否",
        "如何",
        "怎么",
        "怎样",
        "什么时候",
        "何时",
        "为什么",
        "为何",
        "多少",
        "哪里",
        "吗",
        "求助",
        "需要",
        "申请",
        "尽快",
        "表扬",
        "感谢",
        "投诉",
        "举报",
        "?",
    ];
    ASKS.iter().any(|ask| text.contains(ask))
        || has_word(
            text,
            &[
                "please", "request", "requests", "want", "wants", "ask", "asks", "need", "needs", "would",
                "could", "how", "when", "why", "hope",
            ],
        )
}

fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !c.is_ascii_alphabetic()).any(|word| words.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let elements = Elements::of(&ElementsInput { told: Told::by(text), ..ElementsInput::default() });
        let marks = [
            (elements.where_, "where"),
            (elements.when, "when"),
            (elements.what, "what"),
            (elements.ask, "ask"),
        ];
        marks.into_iter().filter_map(|(told, name)| told.then_some(name)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn reads_the_text() {
        for (text, expected) in [
            ("", ""),
            ("噪声", ""),
            ("小区电梯坏了", ""),
            ("幸福小区3号樓電梯壞了三天，希望尽快维修。", "where when what ask"),
            ("昨天下午３点滨河路积水严重", "where when what"),
            ("道路积水没有人来处理", "what"),
            ("新生儿医保怎么办理？", "what ask"),
            ("11月23日起停水，请求送水", "when what ask"),
            ("施工到22:30还不停止", "when what"),
            ("产品价格为三元五角一斤", "what"),
            ("Loud music at 5 Main Street last night, please send someone", "where when what ask"),
            ("The light is broken", "what"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn fields_count_as_told() {
        let input = ElementsInput {
            told: Told::by("噪声"),
            has_place: true,
            has_time: true,
            has_caller: true,
            ..ElementsInput::default()
        };
        let elements = Elements::of(&input);
        assert_eq!((elements.count(), elements.what, elements.ask), (3, false, false));
        let full = ElementsInput { told: Told::by("噪声，请处理"), has_matter: true, ..input };
        assert!(Elements::of(&full).complete());
    }
}
