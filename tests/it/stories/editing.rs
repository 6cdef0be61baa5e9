//! Text is edited as people know it, in every input, and nothing typed is lost at any speed.

use huiyin::desk::screens::intake::FieldId;

use crate::harness::{Desk, Server};

#[test]
fn a_selection_is_copied_cut_and_pasted_between_fields_and_taken_back() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "阳光小区夜间施工").keys("shift-home ctrl-c").assert_shows(&["已复制 8 字"]);
    desk.keys("end").type_text("，请处理").keys("ctrl-shift-home ctrl-x");
    assert_eq!(desk.typed(), "");
    desk.keys("ctrl-z");
    assert_eq!(desk.typed(), "阳光小区夜间施工，请处理");
    desk.keys("ctrl-y ctrl-v ctrl-left shift-ctrl-right delete");
    assert_eq!(desk.typed(), "阳光小区夜间施工，请");
    desk.field(FieldId::Remark).keys("ctrl-v ctrl-a").type_text("无");
    assert_eq!(desk.model().intake.current().form.remark.text(), "无");
    // A line without a selection is copied whole; Ctrl-C never ends anything.
    desk.keys("ctrl-c").assert_shows(&["已复制 1 字"]).keys("f3 ctrl-v");
    assert_eq!(desk.model().search.query.text(), "无");
}

#[test]
fn what_is_typed_into_a_choice_does_not_vanish_unseen() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.field(FieldId::Kind).type_text("周").assert_shows(&["[!] 这一项不用录入：按 Right 或 Left 换"]);
    desk.paste("周小满").assert_shows(&["有 3 个字没有录入"]).keys("space").assert_shows(&["< 举报 >"]);
}

#[test]
fn what_finds_no_room_is_said_wherever_it_is_pasted() {
    let server = Server::start();
    server.file("阳光小区楼下夜间施工，噪声扰民，要求停止施工。");
    let mut desk = Desk::open(&server, "lead");
    desk.field(FieldId::Title).paste(&"字".repeat(130)).assert_shows(&["有 10 个字没有录入"]);
    desk.field(FieldId::Text).paste(&"字".repeat(20_007)).assert_shows(&["有 7 个字没有录入"]);
    desk.keys("f3").paste(&"字".repeat(203)).assert_shows(&["有 3 个字没有录入"]);
    desk.keys("ctrl-a").type_text("噪声").keys("enter").assert_shows(&["办理经过"]);
    desk.keys("n").paste(&"字".repeat(20_011)).assert_shows(&["有 11 个字没有录入"]);
    desk.keys("ctrl-a").type_text("已电话告知").keys("ctrl-s").assert_shows(&["已电话告知"]);
}

/// A text as a row of characters, with the marks between which it is selected.
#[derive(Default)]
struct Plain {
    text: Vec<char>,
    anchor: usize,
    caret: usize,
}

impl Plain {
    fn put(&mut self, what: &str) {
        let (from, to) = (self.anchor.min(self.caret), self.anchor.max(self.caret));
        self.text.splice(from..to, what.chars());
        self.caret = from + what.chars().count();
        self.anchor = self.caret;
    }

    /// One thing that a person does, as the terminal sends it.
    fn act(&mut self, dice: u32) -> String {
        let words = ["夜间施工", "a", "，", "路灯不亮\n", "12345 ", "𠮷"];
        let word = words[dice as usize / 100 % words.len()];
        match dice % 100 {
            0..60 => {
                let c = word.chars().next().unwrap_or_default();
                self.put(c.encode_utf8(&mut [0; 4]));
                return c.to_string();
            }
            60..66 => {
                self.put(word);
                return format!("\x1b[200~{}\x1b[201~", word.replace('\n', "\r"));
            }
            66..70 => {
                self.put("\n");
                return "\r".to_owned();
            }
            70..76 => {
                self.caret = if self.anchor == self.caret {
                    self.caret.saturating_sub(1)
                } else {
                    self.anchor.min(self.caret)
                };
                self.anchor = self.caret;
                "\x1b[D"
            }
            76..80 => {
                self.caret = if self.anchor == self.caret {
                    (self.caret + 1).min(self.text.len())
                } else {
                    self.anchor.max(self.caret)
                };
                self.anchor = self.caret;
                "\x1b[C"
            }
            80..86 => {
                self.caret = self.caret.saturating_sub(1);
                "\x1b[1;2D"
            }
            86..90 => {
                self.caret = (self.caret + 1).min(self.text.len());
                "\x1b[1;2C"
            }
            90..95 => {
                if self.anchor == self.caret {
                    self.anchor = self.caret.saturating_sub(1);
                }
                self.put("");
                "\x7f"
            }
            95..98 => {
                if self.anchor == self.caret {
                    self.anchor = (self.caret + 1).min(self.text.len());
                }
                self.put("");
                "\x1b[3~"
            }
            _ => {
                (self.anchor, self.caret) = (self.text.len(), self.text.len());
                "\x1b[1;5F"
            }
        }
        .to_owned()
    }
}

#[test]
fn ten_thousand_keys_and_pastes_at_once_leave_what_was_meant() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.field(FieldId::Text);
    let (mut plain, mut dice, mut sent) = (Plain::default(), 7_u32, Vec::new());
    for _ in 0..10_000 {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        sent.extend(plain.act(dice >> 8).into_bytes());
    }
    desk.pour(&sent, 977);
    assert_eq!(desk.typed(), plain.text.iter().collect::<String>());
    desk.until_saved();
}
