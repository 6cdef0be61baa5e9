//! 受理: what a call-taker types, sees beside it, and sends.

use huiyin::desk::screens::intake::FieldId;
use huiyin::domain::code::State;

use crate::harness::{Desk, Server};

#[test]
fn a_complaint_is_typed_and_its_number_is_shown_grouped() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Number, "13800138000").fill(FieldId::Name, "周小满");
    desk.fill(FieldId::Text, "阳光小区3栋楼下夜间施工，噪声扰民，要求停止施工。");
    desk.fill(FieldId::Lead, "csglj").keys("tab ctrl-s");
    desk.assert_shows(&["工单已受理", "261123 154203 0001", "请告知来电人：已转 市城市管理局"]);
    let case = server.only_case();
    assert_eq!(case.text, "阳光小区3栋楼下夜间施工，噪声扰民，要求停止施工。");
    assert_eq!((case.row.state, case.row.taken_by.as_str()), (State::Dispatched, "agent"));
}
