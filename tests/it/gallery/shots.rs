//! What is in the gallery: who sits where, and what is pressed until it is seen.

use std::sync::Arc;
use std::time::Duration;

use huiyin::desk::model::{Connection, Screen};
use huiyin::desk::screens::intake::FieldId;
use huiyin::desk::snippets::Snippets;
use huiyin::domain::act::Act;
use huiyin::domain::amendment::Amendment;
use huiyin::domain::code::Urgency;
use huiyin::domain::secret::Secret;
use huiyin::journal::Journal;
use huiyin::journal::crashes::Crashes;
use huiyin::wire::case::Outcome;

use super::roles;
use crate::harness::{Desk, PASSWORD, SETUP, Seat, Server, order};

/// One picture.
pub(super) struct Shot {
    /// What it is called.
    pub(super) name: &'static str,
    /// The screen in front.
    pub(super) screen: Screen,
    /// What lies over it.
    pub(super) over: Option<&'static str>,
    /// Sets the stage.
    pub(super) stage: fn() -> (Server, Desk),
    /// What is done there; of a dialog what is under it is known without.
    pub(super) reach: fn(&Server, &mut Desk),
}

const fn screen(
    name: &'static str,
    screen: Screen,
    stage: fn() -> (Server, Desk),
    reach: fn(&Server, &mut Desk),
) -> Shot {
    Shot { name, screen, over: None, stage, reach }
}

const fn over(
    name: &'static str,
    (screen, over): (Screen, &'static str),
    stage: fn() -> (Server, Desk),
    reach: fn(&Server, &mut Desk),
) -> Shot {
    Shot { name, screen, over: Some(over), stage, reach }
}

/// Every picture.
pub(super) const SHOTS: &[Shot] = &[
    screen("sign_in", Screen::SignIn, outside, |_, _| {}),
    screen("sign_in_refused", Screen::SignIn, outside, |_, desk| desk.sign_in("agent", "不是这个密码吧")),
    screen("first_account", Screen::SignIn, unfounded, |_, _| {}),
    screen("intake", Screen::Intake, inside, |_, _| {}),
    screen("intake_calling", Screen::Intake, calling, |_, _| {}),
    screen("intake_beside", Screen::Intake, calling, |_, desk| {
        desk.keys("f6 down");
    }),
    screen("intake_faults", Screen::Intake, inside, |_, desk| {
        desk.fill(FieldId::Number, "12").fill(FieldId::Occurred, "不知道").keys("ctrl-s").until_saved();
    }),
    screen("intake_candidates", Screen::Intake, inside, |_, desk| {
        desk.fill(FieldId::Matter, "zs").keys("down").until_saved();
    }),
    screen("intake_drafts", Screen::Intake, inside, |server, desk| {
        desk.fill(FieldId::Text, "阳光小区噪声").keys("ctrl-n").fill(FieldId::Number, "139 0013 8000");
        desk.keys("alt-e alt-e ctrl-n").fill(FieldId::Occurred, "不知道").keys("ctrl-s ctrl-n");
        server.later(Duration::from_secs(72));
    }),
    screen("intake_answer", Screen::Intake, inside, |_, desk| {
        desk.fill(FieldId::Title, &"路".repeat(112)).keys("f8").field(FieldId::Answer);
        desk.type_text("请带身份证到便民中心办理。").until_saved();
    }),
    screen("intake_offline", Screen::Intake, inside, |server, desk| {
        server.go_dark();
        desk.until("the word that the server is gone", |model| {
            matches!(model.connection, Connection::Offline(_))
        });
        // Only now is it sure that the question for one's work is not answered; the next key takes that word away.
        desk.keys("f4").heed().until("the word of it", |model| model.toast.is_some()).keys("f2");
    }),
    screen("search", Screen::Search, inside, |_, desk| {
        desk.keys("f3").type_text("施工 工地");
    }),
    screen("search_list", Screen::Search, inside, |_, desk| {
        desk.keys("f3 tab down");
    }),
    screen("search_nothing", Screen::Search, inside, |_, desk| {
        desk.keys("f3").type_text("鳄鱼");
    }),
    screen("case", Screen::Case, inside, |_, desk| {
        desk.keys("f3").type_text("施工").keys("enter");
    }),
    screen("work", Screen::Work, working, |_, _| {}),
    screen("work_nothing", Screen::Work, inside, |_, desk| {
        desk.keys("f4 3");
    }),
    screen("drafts", Screen::Drafts, inside, |server, desk| {
        desk.fill(FieldId::Text, "垃圾桶没人清运").field(FieldId::Outcome).keys("left ctrl-s").keys("enter");
        desk.fill(FieldId::Text, "望湖路路灯三天不亮").field(FieldId::Outcome).keys("left");
        let id = desk.model().intake.current().id.unwrap();
        server.go_dark();
        desk.keys("ctrl-s").keys("enter");
        server.file_under("agent2", id, "别的内容");
        server.come_back();
        desk.until("the conflict", |model| model.outlook.aside == 1).heed();
        server.go_dark();
        desk.keys("ctrl-n").fill(FieldId::Text, "井盖破损有人摔伤").field(FieldId::Outcome).keys("left");
        desk.keys("ctrl-s").keys("enter ctrl-n").fill(FieldId::Text, "暖气一直不热");
        desk.keys("alt-d").until("the list", |model| model.drafts.ledger.is_some());
    }),
    screen("locked", Screen::Intake, inside, |_, desk| {
        desk.fill(FieldId::Text, "垃圾桶没人清运").keys("alt-q").type_text("不对的密码").keys("enter");
    }),
    screen("drafts_none", Screen::Drafts, inside, |_, desk| {
        desk.keys("alt-d").until("the list", |model| model.drafts.ledger.is_some());
    }),
    screen("drafts_broken", Screen::Drafts, broken_on, |_, desk| {
        desk.keys("alt-d").until("the list", |model| model.drafts.ledger.is_some());
    }),
    screen("tour", Screen::Intake, led, |_, _| {}),
    over("help", (Screen::Work, "help"), working, |_, desk| {
        desk.keys("f1 down");
    }),
    over("palette", (Screen::Work, "palette"), working, |_, desk| {
        desk.keys("ctrl-p").type_text("f").keys("down");
    }),
    over("templates", (Screen::Intake, "chooser"), inside, |_, desk| {
        desk.field(FieldId::Text).keys("f7 down");
    }),
    over("tags", (Screen::Intake, "chooser"), inside, |_, desk| {
        desk.field(FieldId::Tags).keys("f7 down");
    }),
    over("snippets", (Screen::Intake, "chooser"), inside, |_, desk| {
        desk.fill(FieldId::Remark, "gx").keys("alt-/");
    }),
    over("saved_searches", (Screen::Search, "chooser"), inside, |_, desk| {
        desk.keys("f3").type_text("噪声 状态:待派单").keys("alt-s").type_text("夜间").keys("ctrl-s");
        desk.keys("ctrl-u").type_text("路灯").keys("alt-s ctrl-s").keys("alt-s down");
    }),
    over("hot_topics", (Screen::Work, "chooser"), told_by_many, |_, desk| {
        desk.keys("f4 alt-f down");
    }),
    over("menu", (Screen::Work, "menu"), working, |_, desk| {
        desk.keys("f10");
    }),
    over("knowledge", (Screen::Work, "knowledge"), working, |_, desk| {
        desk.keys("alt-w").type_text("tc");
    }),
    over("prompt", (Screen::Case, "prompt"), opened, |_, desk| {
        desk.keys("n").type_text("来电人补充：昨晚又施工");
    }),
    over("prompt_refused", (Screen::Case, "prompt"), opened, |_, desk| {
        desk.keys("n ctrl-s").paste(&"催".repeat(470));
        desk.keys("ctrl-a delete ctrl-s");
    }),
    over("dispatch", (Screen::Case, "dispatch"), opened, |_, desk| {
        desk.keys("d ctrl-s").type_text("s").keys("down");
    }),
    over("clash", (Screen::Intake, "clash"), opened, |server, desk| {
        desk.keys("g").field(FieldId::Text).keys("ctrl-a").type_text("工地夜里十一点还在打桩");
        let theirs = Amendment {
            text: Some("工地夜里十点以后仍在施工，居民多次反映".to_owned()),
            target: Some("阳光小区二期项目部".to_owned()),
            ..Amendment::default()
        };
        let case = server.found("施工").remove(0);
        server.person("lead").act(&case, Act::Amend(Box::new(theirs))).unwrap();
        desk.keys("ctrl-s").until("the question", |model| model.overlay.is_some());
    }),
    over("aside", (Screen::Intake, "aside"), opened, |server, desk| {
        desk.keys("g").field(FieldId::Remark).type_text("来电人补充：昨晚又施工");
        let case = server.found("施工").remove(0);
        server.person("lead").act(&case, Act::Close { result: "已停工".to_owned() }).unwrap();
        desk.keys("ctrl-s").until("the choice", |model| model.overlay.is_some()).until_saved();
    }),
    over("receipt", (Screen::Intake, "receipt"), inside, |_, desk| {
        desk.fill(FieldId::Text, "望湖路路灯三天不亮").field(FieldId::Outcome).keys("left ctrl-s");
    }),
    over("themes", (Screen::Work, "themes"), working, |_, desk| {
        desk.keys("alt-t");
    }),
    over("password", (Screen::Work, "password"), working, |_, desk| {
        desk.keys("ctrl-p").type_text("gmm").keys("enter").type_text("海边").keys("tab");
    }),
    over("password_refused", (Screen::Work, "password"), working, |_, desk| {
        desk.keys("ctrl-p").type_text("gmm").keys("enter").type_text("海边").keys("ctrl-s");
    }),
    over("sign_in_again", (Screen::Work, "sign_in"), working, |server, desk| {
        server.later(Duration::from_hours(48));
        desk.keys("f5");
    }),
    over("first_keys", (Screen::Work, "first_keys"), working, |_, desk| {
        desk.keys("ctrl-p").type_text("sgj").keys("enter");
    }),
    over("discard", (Screen::Intake, "confirm"), inside, |_, desk| {
        desk.fill(FieldId::Text, "望湖路路灯").keys("alt-delete");
    }),
    over("same_event", (Screen::Intake, "confirm"), calling, |_, desk| {
        desk.keys("alt-b");
    }),
    over("quit", (Screen::Work, "confirm"), working, |_, desk| {
        desk.keys("ctrl-q");
    }),
];

/// A server with five cases of as many states, some by a caller who calls again, one past its limit and one near it.
pub(super) fn busy() -> Server {
    let server = Server::start();
    server.file_with("阳光小区门口井盖破损，昨晚有人摔伤，要求马上处理", |case| {
        case.outcome = Outcome::Dispatch(order("zjj").into());
        case.intake.urgency = Urgency::Emergency;
        case.intake.confidential = true;
    });
    server.later(Duration::from_hours(30));
    server.file("路灯三天不亮了，晚上走路很危险，请尽快维修");
    let noise = server.file_with(
        "阳光小区3栋楼下工地夜间施工到凌晨两点，噪声扰民，要求停止施工，此前多次投诉没有结果",
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
        case.intake.urgency = Urgency::Urgent;
    });
    server.later(Duration::from_mins(25));
    server
}

fn seat() -> Seat {
    Seat { theme: Some(roles::theme()), ..Seat::default() }
}

fn outside() -> (Server, Desk) {
    let server = Server::start();
    let desk = seat().open(&server);
    (server, desk)
}

fn unfounded() -> (Server, Desk) {
    let server = Server::empty();
    let desk = Seat { setup: Some(SETUP), ..seat() }.open(&server);
    (server, desk)
}

fn inside() -> (Server, Desk) {
    let server = busy();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("snippets.toml");
    std::fs::write(&file, "gxld = \"感谢来电\"\ngxjb = \"感谢举报\"\n").unwrap();
    let snippets = Arc::new(Snippets::load(&file).unwrap());
    let desk = Seat { snippets, ..seat() }.signed_in(&server, "agent");
    (server, desk)
}

/// A call as it is half written down.
fn calling() -> (Server, Desk) {
    let (server, mut desk) = inside();
    desk.fill(FieldId::Number, "139 0000 5678").fill(FieldId::Name, "周小满");
    desk.fill(FieldId::Detail, "阳光小区3栋");
    desk.fill(FieldId::Text, "昨晚阳光小区3栋楼下工地夜间施工，噪声扰民，要求停止施工");
    desk.until("like cases", |model| model.intake.current().side.like.is_some()).until_saved();
    (server, desk)
}

fn working() -> (Server, Desk) {
    let server = busy();
    let mut desk = seat().signed_in(&server, "agent2");
    desk.keys("f4 2");
    (server, desk)
}

/// A lead, after three callers have told of a street without water and three of a dark one.
fn told_by_many() -> (Server, Desk) {
    let server = busy();
    let told = [
        ("990102001", "人民路整条街停水了，没有人通知", "zls"),
        ("990102006", "东门桥上的路灯全不亮，晚上走路很危险", "cgj"),
    ];
    for ((division, text, department), n) in
        told.into_iter().flat_map(|topic| (0..3).map(move |n| (topic, n)))
    {
        server.later(Duration::from_mins(4));
        server.file_with(text, |case| {
            case.intake.caller.number = format!("1380013800{n}").parse().ok();
            case.intake.place.division = division.parse().ok();
            case.outcome = Outcome::Dispatch(order(department).into());
        });
    }
    let desk = seat().signed_in(&server, "lead");
    (server, desk)
}

/// Two drafts, on one of which the desk broke twice.
fn broken_on() -> (Server, Desk) {
    let server = busy();
    let folder = server.folder_for("desk");
    let sit = || Seat { folder: Some(folder.clone()), ..seat() }.signed_in(&server, "agent");
    let mut desk = sit();
    desk.fill(FieldId::Text, "望湖路路灯三天不亮").until_saved();
    let id = desk.model().intake.current().id.unwrap();
    desk.keys("ctrl-n").fill(FieldId::Text, "暖气一直不热").until_saved();
    let drafts = desk.model().intake.all();
    let changes = drafts.iter().find(|draft| draft.id == Some(id)).unwrap().changes;
    drop(desk);
    let journal = Journal::open(&folder, "stories", &server.clock, |_| {}).unwrap();
    journal.unlock(&"agent".parse().unwrap(), &Secret::new(PASSWORD.to_owned())).unwrap();
    let mut crashes = Crashes::read(&journal);
    (0..2).for_each(|_| crashes.count(id, changes));
    crashes.keep(&journal).unwrap();
    drop(journal);
    let desk = sit();
    (server, desk)
}

fn opened() -> (Server, Desk) {
    let (server, mut desk) = inside();
    desk.keys("f3").type_text("施工").keys("enter");
    (server, desk)
}

fn led() -> (Server, Desk) {
    let server = busy();
    let desk = Seat { tour: true, ..seat() }.signed_in(&server, "agent");
    (server, desk)
}
