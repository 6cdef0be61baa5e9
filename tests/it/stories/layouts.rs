//! What holds at every size, and what is read beside the form. How each screen looks in each design is in the gallery.

use huiyin::desk::screens::intake::FieldId;
use huiyin::domain::act::Act;
use huiyin::wire::case::Outcome;

use crate::harness::{Desk, Seat, Server, order};

const WIDE: (u16, u16) = (200, 60);

/// A server with four cases of four states, one of them by a caller who calls again.
fn busy() -> Server {
    let server = Server::start();
    server.file("路灯三天不亮了，晚上走路很危险，请尽快维修");
    let noise = server.file_with(
        "阳光小区3栋楼下工地夜间施工到凌晨两点，噪声扰民，要求停止施工",
        |case| {
            "阳光小区3栋".clone_into(&mut case.intake.place.detail);
            case.outcome = Outcome::Dispatch(order("cgj").into());
        },
    );
    server.person("cgj").act(&noise, Act::Sign { department: "cgj".parse().unwrap() }).unwrap();
    server.file_with("医保卡丢了去哪里补办", |case| {
        case.outcome = Outcome::Answer("到便民中心".to_owned());
    });
    server.file_with("望湖路暖气一直不热，室温只有十五度，家里有老人", |case| {
        case.outcome = Outcome::Dispatch(order("reli").into());
    });
    server.later(std::time::Duration::from_mins(25));
    server
}

fn desk(server: &Server, size: (u16, u16), name: &str) -> Desk {
    Seat { size, ..Seat::default() }.signed_in(server, name)
}

/// A call as it is half written down.
fn calling(server: &Server, size: (u16, u16)) -> Desk {
    let mut desk = desk(server, size, "agent");
    desk.fill(FieldId::Number, "139 0000 5678").fill(FieldId::Name, "周小满");
    desk.fill(FieldId::Detail, "阳光小区3栋");
    desk.fill(FieldId::Text, "昨晚阳光小区3栋楼下工地夜间施工，噪声扰民，要求停止施工");
    desk.until_shows("相似工单 1 件").until_saved();
    desk
}

/// Fails where a frame is broken: above and below each upright line of a frame the frame goes on.
fn assert_frames_are_whole(desk: &Desk, (columns, rows): (u16, u16)) {
    let at = |x: u16, y: u16| desk.cell(x, y).symbol().chars().next().unwrap_or(' ');
    for y in 1..rows - 1 {
        for x in (0..columns).filter(|x| at(*x, y) == '│') {
            let (above, below) = (at(x, y - 1), at(x, y + 1));
            let whole = "│╭╮".contains(above) && "│╰╯".contains(below);
            assert!(whole, "the frame at {x},{y} is broken:\n{}", desk.screen());
        }
        for x in (0..columns).filter(|x| "╭╰".contains(at(*x, y))) {
            let end = (x + 1..columns).find(|x| "╮╯".contains(at(*x, y)));
            assert!(end.is_some(), "the frame at {x},{y} has no corner:\n{}", desk.screen());
        }
    }
}

#[test]
fn the_knowledge_base_answers_on_the_spot() {
    let server = busy();
    let mut desk = desk(&server, (80, 24), "agent");
    desk.fill(FieldId::Text, "医保卡丢了，想补办");
    desk.keys("alt-w").assert_shows(&["医保卡遗失怎么补办", "先挂失"]);
    desk.type_text("gnsj").assert_shows(&["供暖时间和室温标准"]);
    desk.keys("enter").assert_shows(&["已填入答复", "先报给供热单位"]);
    let form = &desk.model().intake.current().form;
    assert_eq!((form.focus, form.outcome.code()), (FieldId::Answer, "answer"));
}

#[test]
fn an_article_beside_the_form_is_taken_by_one_key() {
    let server = busy();
    let mut desk = desk(&server, WIDE, "agent");
    desk.fill(FieldId::Text, "家里闻到煤气味").assert_shows(&["闻到煤气味怎么办", "开窗，关总阀"]);
    desk.keys("f6").assert_shows(&["填入"]).keys("space");
    assert!(desk.model().intake.current().form.answer.text().contains("关总阀"));
}

/// The same at every size: no area over another, no frame broken, the cursor where the text is.
#[test]
fn sizes_between_get_a_whole_screen() {
    let server = busy();
    let mut desk = calling(&server, (80, 24));
    for size in [(80, 24), (100, 30), (104, 24), (160, 24), (80, 60), (170, 30), (300, 80)] {
        desk.resize(size.0, size.1).assert_shows(&["诉求内容", "139 0000 5678"]);
        assert_frames_are_whole(&desk, size);
        desk.keys("f6").keys("f6");
        for key in ["f3", "f4", "f2"] {
            desk.keys(key);
            assert_frames_are_whole(&desk, size);
        }
    }
}
