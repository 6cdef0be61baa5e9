//! How many keys a case costs, counted by typing it key by key at the real desk of the demonstration city.
//!
//! What counts as a stroke: every key that is pressed, digits of the caller's number and letters of a picker among
//! them, and for a key with Ctrl or Alt two. What counts as the text itself, and is told apart: the characters that
//! an input method commits into free text, that is the caller's name, the door, the text of the case. Nothing is
//! prepared: the account is new, so no ranking by use helps, and no history fills anything in.

use huiyin::desk::screens::intake::FieldId;
use huiyin::domain::code::{Kind, State};

use crate::harness::{Desk, Server};

/// Types at a desk and counts.
struct Typist {
    desk: Desk,
    strokes: usize,
    text: usize,
}

impl Typist {
    fn at(server: &Server) -> Self {
        Self { desk: Desk::open(server, "agent"), strokes: 0, text: 0 }
    }

    /// Presses keys, one after the other.
    fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace() {
            let held = key.len() > 1 && (key.starts_with("ctrl-") || key.starts_with("alt-"));
            self.strokes += if held { 2 } else { 1 };
            self.desk.keys(key);
        }
        self
    }

    /// Presses the keys of these letters or digits.
    fn letters(&mut self, letters: &str) -> &mut Self {
        letters.chars().for_each(|letter| {
            self.press(&letter.to_string());
        });
        self
    }

    /// Commits free text, as an input method does.
    fn text(&mut self, text: &str) -> &mut Self {
        self.text += text.chars().count();
        self.desk.type_text(text);
        self
    }

    fn is_in(&mut self, field: FieldId) -> &mut Self {
        assert_eq!(self.desk.model().intake.current().form.focus, field, "{}", self.desk.screen());
        self
    }

    #[expect(clippy::print_stdout, reason = "the figure is what the story is for")]
    /// Says what it cost, and that it cost no more than `most`.
    fn cost(&self, what: &str, most: usize) {
        println!("{what}: {} strokes beside {} characters of text", self.strokes, self.text);
        assert!(self.strokes <= most, "{what} takes {} strokes, not {most}", self.strokes);
    }
}

/// Sixty characters.
const COMPLAINT: &str = "昨晚十一点起楼下工地夜间施工，搅拌机噪声很大，一直到凌晨三点，老人孩子整夜睡不着，已有一周，要求立即停止施工并给出答复！";

#[test]
fn a_complaint_is_filed_with_few_strokes() {
    assert_eq!(COMPLAINT.chars().count(), 60);
    let server = Server::start();
    let mut typist = Typist::at(&server);
    // Number and name; the contact is the number itself unless another is told.
    typist.letters("13800138000").press("enter").text("周小满").press("enter");
    // 人民路街道, then the door.
    typist.is_in(FieldId::Division).letters("rml").press("enter");
    typist.is_in(FieldId::Detail).text("12号楼3单元").press("enter");
    typist.is_in(FieldId::Text).text(COMPLAINT).press("tab");
    // The matter by its initials; the department as the matter proposes it; the opinion from the templates.
    typist.is_in(FieldId::Matter).letters("zywr").press("enter");
    typist.is_in(FieldId::Lead).press("enter").is_in(FieldId::Opinion).press("f7 enter");
    typist.press("f9").desk.assert_shows(&["工单已受理"]);
    typist.cost("a complaint with its matter picked", 40);
    let case = server.only_case();
    assert_eq!(
        (case.row.state, case.row.kind, case.text.as_str()),
        (State::Dispatched, Kind::Complaint, COMPLAINT)
    );
    assert_eq!(case.place_detail, "12号楼3单元");
    assert_eq!(case.row.division.unwrap().as_str(), "990102001");
    let assignment = case.assignment.unwrap();
    assert!(!assignment.opinion.is_empty() && !assignment.opinion.contains('{'), "{}", assignment.opinion);
    assert_eq!(case.row.matter.unwrap().as_str(), "040203");
}

#[test]
fn what_the_text_suggests_is_taken_with_a_stroke_each() {
    let server = Server::start();
    let mut typist = Typist::at(&server);
    typist.letters("13800138000").press("enter").text("周小满").press("enter");
    typist.letters("rml").press("enter").text("12号楼3单元").press("enter").text(COMPLAINT).press("tab");
    typist.press("enter enter f7 enter f9").desk.assert_shows(&["工单已受理"]);
    typist.cost("a complaint as the text suggests", 32);
    let case = server.only_case();
    assert!(case.row.matter.is_some() && case.assignment.is_some());
}

#[test]
fn a_consult_answered_on_the_spot_takes_few_strokes() {
    let server = Server::start();
    let mut typist = Typist::at(&server);
    typist.letters("13800138000").press("enter").text("周小满").press("enter enter enter");
    typist.is_in(FieldId::Text).text("身份证丢了，咨询在哪里补办，需要带什么材料？").press("f8");
    typist.is_in(FieldId::Answer).press("f7 enter f9").desk.assert_shows(&["已当场答复，工单已办结"]);
    typist.cost("a consult answered on the spot", 20);
    let case = server.only_case();
    assert_eq!((case.row.state, case.row.kind), (State::Answered, Kind::Consult));
    assert!(case.result.contains("派出所"), "{}", case.result);
}
