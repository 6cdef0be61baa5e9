//! Each screen once, as text, at 80 by 24: what a change of one shows in a review.

use huiyin::desk::screens::intake::FieldId;
use huiyin::domain::act::Act;
use huiyin::wire::case::Outcome;
use insta::assert_snapshot;

use crate::harness::{Desk, Seat, Server, order};

/// A server with three cases of three states.
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
    server.later(std::time::Duration::from_mins(25));
    server
}

#[test]
fn sign_in() {
    assert_snapshot!(Seat::default().open(&Server::start()).screen(), @r"
 回音                                                                     已连接





            ╭─ 登录 ───────────────────────────────────────────────╮
            │ 请输入账号和密码。                                   │
            │                                                      │
            │ 账号                                                 │
            │ 密码                                                 │
            │                                                      │
            │                                                      │
            │                                                      │
            │                                                      │
            │                                                      │
            │                                                      │
            ╰──────────────────────────────────────────────────────╯





F1 帮助  Ctrl-Q 退出
");
}

#[test]
fn intake() {
    let server = busy();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Number, "139 0000 5678").fill(FieldId::Name, "周小满");
    desk.fill(FieldId::Detail, "阳光小区3栋");
    desk.fill(FieldId::Text, "昨晚阳光小区3栋楼下工地夜间施工，噪声扰民，要求停止施工");
    desk.until_shows("相似工单 1 件").until_saved();
    assert_snapshot!(desk.screen(), @r"
     回音    受理    查询    我的工单     *通话 00:00  已连接  云汀市  agent 受理员
     来电号码 139 0000 5678    姓名     周小满           联系方式
     性别     < 未说明 >       渠道     < 电话 >         类型     < 投诉 >
     紧急程度 < 一般 >         保密     < 否 >           事发地
     详细地址 阳光小区3栋                                事发时间
     反映对象
     诉求内容 昨晚阳光小区3栋楼下工地夜间施工，噪声扰民，要求停止施工







     事项     建议：噪音污染（回车采纳）    标题     昨晚阳光小区3栋楼下工地夜间..
     旧工单                                 标签
     备注
     处理     < 派单 >         主办单位 建议：市住房和城乡建设局（回车采纳）
     协办单位 可选，可多个
     转派意见
     [x]何地 [x]何时 [x]何人 [x]何事 [x]何求                                 已保存
     来电历史 3 件，未结 2 医保卡丢了去哪.. 相似工单 1 件 阳光小区3栋楼下工地夜间..
     建议 Alt-J 噪音污染 市住房和城乡建设局 知识 Alt-W 4 条 工地几点到几点不能施工
    Ctrl-S 提交  F8 处理方式  F6 看相似  Ctrl-N 新草稿  F2 受理  F3 查询  F1 帮助
    ");
}

#[test]
fn receipt() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.fill(FieldId::Text, "望湖路路灯三天不亮").field(FieldId::Outcome).keys("left ctrl-s");
    assert_snapshot!(desk.screen(), @r"
     回音    受理    查询    我的工单     *通话 00:00  已连接  云汀市  agent 受理员
     来电号码 如 138 0013 8000 姓名                      联系方式
     性别     < 未说明 >       渠道     < 电话 >         类型     < 投诉 >
     ╭─ 工单已受理 261123 154203 0001 98 ─────────────────────────────────────────╮
     │                                                                            │
     │ ### ###  #   #  ### ###   #  ### # # ### ### ###  ### ### ###  #   ### ### │
     │   # #   ##  ##    #   #  ##  #   # #   # # #   #  # # # # # # ##   # # # # │
     │ ### ###  #   #  ### ###   #  ### ### ### # # ###  # # # # # #  #   ### ### │
     │ #   # #  #   #  #     #   #    #   # #   # #   #  # # # # # #  #     # # # │
     │ ### ### ### ### ### ###  ### ###   # ### ### ###  ### ### ### ###  ### ### │
     │                                                                            │
     │      二六幺幺二三             幺五四二零三           零零零幺       九八   │
     │                                                                            │
     │ 请告知来电人：                                                             │
     │ 您投诉的问题已登记，马上转有关单位处理。                                   │
     │ 查询进度请报以上工单编号。                                                 │
     │                                                                            │
     │                                                                            │
     │                                                                            │
     │                                                                            │
     ╰────────────────────────────────────────────────────────────────────────────╯
     来电历史：输入号码后显示               相似工单：录入内容后显示
     建议 Alt-J                             知识 Alt-W 0 条
    Enter 继续  Alt-C 复制编号  F4 看工单
    ");
}

#[test]
fn search() {
    let server = busy();
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f3").type_text("施工");
    assert_snapshot!(desk.screen(), @r"
     回音    受理    查询    我的工单                  已连接  云汀市  agent 受理员
     查询   施工
     共 1 件
    > 办理中        阳光小区3栋楼下工地夜间施工到凌晨两点                 25 分钟前









    ╭─ 261123 154203 9001 64 ──────────────────────────────────────────────────────╮
    │诉求内容   阳光小区3栋楼下工地夜间施工到凌晨两点，噪声扰民，要求停止施工      │
    │类型       投诉 / 电话 / 一般                                                 │
    │事发地     阳光小区3栋                                                        │
    │来电人     周**  139****5678                                                  │
    │受理       2026-11-23 15:42  25 分钟前  agent2                                │
    │主办单位   市城市管理局 (已签收)                                              │
    │转派意见   请核实处理                                                         │
    │办理时限   2026-11-30 18:00  7 天后                                           │
    ╰──────────────────────────────────────────────────────────────────────────────╯
    Enter 打开  F2 受理  F3 查询  F4 我的  F1 帮助  Ctrl-P 命令  Ctrl-Q 退出
    ");
}

#[test]
fn case_and_dispatch() {
    let server = busy();
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f3").type_text("施工").keys("enter");
    assert_snapshot!(desk.screen(), @r"
     回音    受理    查询    工单    我的工单          已连接  云汀市  agent 受理员
     261123 154203 9001 64  办理中
     阳光小区3栋楼下工地夜间施工到凌晨两点

     诉求内容   阳光小区3栋楼下工地夜间施工到凌晨两点，噪声扰民，要求停止施工
     类型       投诉 / 电话 / 一般
     事发地     阳光小区3栋
     来电人     周**  139****5678
     受理       2026-11-23 15:42  25 分钟前  agent2
     主办单位   市城市管理局 (已签收)
     转派意见   请核实处理
     办理时限   2026-11-30 18:00  7 天后

     办理经过（最新在前）
     2026-11-23 15:42  签收  cgj
       市城市管理局
     2026-11-23 15:42  派单  agent2
       市城市管理局
       请核实处理
       办理时限 2026-11-30 18:00
     2026-11-23 15:42  受理  agent2


    d 改派  n 备注  r 催办  (a 当场答复)  c 办结  (o 重启)  (v 作废)  F1 帮助
    ");
    desk.keys("f6").type_text("csglj");
    assert_snapshot!(desk.screen(), @r"
     回音    受理    查询    工单    我的工单          已连接  云汀市  agent 受理员
     261123 154203 9001 64  办理中
     阳光小区3栋楼下工地夜间施工到凌晨两点
       ╭─ 改派 ─────────────────────────────────────────────────────────────────╮
     诉│ 主办单位  csglj                                                        │
     类│ 协办单位                                                               │
     事│ 转派意见                                                               │
     来│ 理由                                                                   │
     受│                                                                        │
     主│ 派出后办理时限：2026-11-30 18:00                                       │
     转│                                                                        │
     办│ > 市城市管理局  管理市容环境卫生、占道经营、户外广告、违法建设、生活垃 │
       │                                                                        │
     办│                                                                        │
     20│                                                                        │
       │                                                                        │
     20│                                                                        │
       │                                                                        │
       │                                                                        │
       │                                                                        │
     20╰────────────────────────────────────────────────────────────────────────╯


    Ctrl-S 提交  Tab 下一项  Esc 取消
    ");
}

#[test]
fn work() {
    let server = busy();
    let mut desk = Desk::open(&server, "agent2");
    desk.keys("f4");
    assert_snapshot!(desk.screen(), @r"
     回音    受理    查询    我的工单                 已连接  云汀市  agent2 受理员
      1 今日受理 3   2 未办结 2   3 被退回 0
      状态          标题                                                  时限
    > 办理中        阳光小区3栋楼下工地夜间施工到凌晨两点                 7 天后
      待派单        路灯三天不亮了，晚上走路很危险


















    Enter 打开  F2 受理  / 查询  F4 我的  F1 帮助  : 命令  q 退出
    ");
}

#[test]
fn help() {
    let server = Server::start();
    let mut desk = Desk::open(&server, "agent");
    desk.keys("f1");
    assert_snapshot!(desk.screen(), @r"
     回音    受理    查询    我的工单                  已连接  云汀市  agent 受理员
     来电号码 如 138 0013 8000 姓名                      联系方式
      ╭─ 此处可用的按键 ─────────────────────────────────────────────────────────╮
      │ 输入汉字、拼音或首字母筛选；上下键滚动                                   │
      │ 受理                                                                     │
      │ Ctrl-S F9       提交         检查并提交正在录入的工单                    │
      │                              现在不能：还没有录入内容                    │
      │ F8              处理方式     在派单、当场答复、待派单之间轮换，并到它的  │
      │                              字段                                        │
      │ F6              看相似       到右边的来电历史和相似工单，再按一次回来    │
      │                              现在不能：还没有来电历史或相似工单可看      │
      │ F7              模板         在当前字段里选用模板或标签                  │
      │                              现在不能：模板用于诉求内容、转派意见、答复  │
      │                              内容和标签，请先到该项                      │
      │ Alt-K           换类型       换成下一种诉求类型，不必走到那个字段        │
      │ Alt-J           采纳建议     采用按内容推荐的事项和单位                  │
      │                              现在不能：还没有建议：录入诉求内容后给出    │
      │ Ctrl-N          新草稿       另开一份草稿；现在这份保留                  │
      │ Ctrl-T          下一份草稿   换到下一份草稿                              │
      │                              现在不能：只有一份草稿                      │
     [│ Alt-Delete      丢弃草稿     丢弃这份草稿，先问一次                      │
      ╰──────────────────────────────────────────────────────────────────────────╯
     建议 Alt-J                             知识 Alt-W 0 条
    Esc 关闭
    ");
}
