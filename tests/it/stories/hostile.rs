//! Text that means harm, typed here and served back: it is kept as evidence, and shown as what it is.

use huiyin::desk::model::Severity;
use huiyin::desk::screens::intake::FieldId;

use crate::harness::{Desk, Server};

/// What each does to a program that draws it as it is; the harness reads every frame for it.
const HOSTILE: &[&str] = &[
    "\u{1b}]52;c;Y3VybCBldmls\u{7}清除屏幕\u{1b}[2J\u{1b}[6n",
    "未完的\u{1b}]0;标题",
    "\u{9b}2J\u{9d}0;x\u{9c}",
    "号码\u{202e}0008310831\u{2066}倒过来\u{2069}",
    "隐\u{200b}藏\u{feff}的\u{e0041}字",
    "家\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}旗\u{1f1e8}\u{1f1f3}手\u{1f44d}\u{1f3fd}",
    "叠e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\u{30b}\u{30c}\u{30d}\u{30e}\u{30f}\u{310}完",
    "私用\u{e000}\u{f8ff}区𠮷㐂",
    "回车\r换行\r\n制表\t退格\u{8}删除\u{7f}",
    "'; drop table cases;-- ${jndi:ldap://x} {{7*7}} $1",
];

#[test]
fn it_is_stored_as_typed_and_shown_harmlessly_everywhere() {
    let server = Server::start();
    let text = HOSTILE.join("\n");
    let case = server.file_with(&text, |case| {
        "标题\u{1b}[2J\u{202e}反".clone_into(&mut case.intake.title);
        "周\u{9b}2J小\u{200b}满".clone_into(&mut case.intake.caller.name);
        "阳光\u{2066}小区\u{1b}]0;x".clone_into(&mut case.intake.place.detail);
        "\u{e000}施工方".clone_into(&mut case.intake.target);
        case.intake.tags = vec!["标\u{1b}[6n签".to_owned()];
        "备\u{7}注".clone_into(&mut case.intake.remark);
    });
    assert_eq!(case.text, text);
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Number, "13900005678")
        .until_shows("来电历史 1 件")
        .assert_shows(&["标题␛[2J<202E>反"]);
    desk.field(FieldId::Text).paste("清除屏幕家旗手叠完私用区回车换行制表退格删除").settle();
    desk.keys("f3").paste("清除").assert_shows(&["共 1 件", "标题␛[2J<202E>反"]);
    desk.keys("enter").assert_shows(&["␛]52;c;Y3VybCBldmls␇清除屏幕␛[2J␛[6n", "<202E>"]);
    desk.keys("u").assert_shows(&["本次查看已记录"]);
    desk.keys("pagedown pagedown end").resize(120, 36).resize(200, 60).resize(80, 24);
    for size in [(81, 24), (97, 30), (160, 50)] {
        desk.resize(size.0, size.1).keys("f3 f2 f4 f3");
    }
}

#[test]
fn it_is_pasted_and_typed_into_every_field() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    for (index, field) in FieldId::ALL.iter().enumerate() {
        if desk.model().intake.current().form.fields().any(|there| there == *field) {
            desk.field(*field).paste(HOSTILE[index % HOSTILE.len()]);
            if desk.model().toast.as_ref().is_some_and(|toast| toast.severity == Severity::Error) {
                desk.assert_shows(&["没有录入"]);
            }
            desk.type_text("\u{202e}\u{200b}\u{1f468}\u{200d}\u{1f469}")
                .keys("left left left backspace right esc");
        }
    }
    desk.field(FieldId::Text).keys("ctrl-end");
    for text in HOSTILE {
        desk.field(FieldId::Text).paste(text).keys("up up home end left");
    }
    desk.field(FieldId::Occurred).paste(&"长".repeat(90)).assert_shows(&["粘贴内容超出上限"]);
    desk.until_saved().resize(120, 40).resize(80, 24);
    desk.keys("f3").paste(HOSTILE[0]).paste(HOSTILE[3]).keys("left left ctrl-u");
}
