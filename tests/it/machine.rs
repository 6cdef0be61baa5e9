//! What machines do to the real desk: a full disk, another desk, a file of a later program, a lid that is closed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::Signal;

use crate::harness::{Home, Pty};
use crate::serving::Serving;
use crate::terminal::TO_THE_TEXT;

/// A file system of three megabytes in memory.
struct Small(tempfile::TempDir);

impl Small {
    fn new() -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"])
            .arg(folder.path())
            .output()
            .map_err(|error| error.to_string())?;
        let said = String::from_utf8_lossy(&mounted.stderr).trim().to_owned();
        if mounted.status.success() { Ok(Self(folder)) } else { Err(said) }
    }

    /// Fills it to the last byte; gives what fills it.
    fn fill(&self) -> PathBuf {
        let file = self.0.path().join("filler");
        // It ends by itself when nothing fits any more.
        let _ = fs::write(&file, vec![1; 4 << 20]);
        file
    }
}

impl Small {
    /// Mounts it anew, to be written or only to be read.
    fn remount(&self, how: &str) {
        let done = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(self.0.path()).output();
        assert!(done.unwrap().status.success());
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).output();
    }
}

fn signed_in(home: &Home, server: &str) -> Pty {
    let mut desk = home.desk(&["--server", server]);
    desk.until_shows("已连接").until_shows("云汀市");
    desk
}

#[test]
fn on_a_full_disk_the_person_is_told_and_a_case_is_filed_all_the_same() {
    let small = match Small::new() {
        Ok(small) => small,
        Err(why) => return println!("skipped: {why}"),
    };
    let boss = Home::with_boss();
    let serving = Serving::start(&boss, &[]);
    fs::copy(boss.path().join("password"), small.0.path().join("password")).unwrap();
    let home = Home::at(small.0.path());
    let mut desk = signed_in(&home, &serving.url);
    let filler = small.fill();
    desk.type_text(TO_THE_TEXT).type_text("望湖路路灯三天不亮").until_shows("未写入磁盘");
    desk.function_key(8)
        .function_key(8)
        .until_shows("< 待派单 >")
        .type_text("\x13")
        .until_shows("工单已受理");
    desk.type_text("\r").until_gone("工单已受理");
    fs::remove_file(filler).unwrap();
    desk.type_text(TO_THE_TEXT).type_text("阳光小区夜间施工").until_shows("已保存").quit();
    let mut desk = signed_in(&home, &serving.url);
    desk.until_shows("阳光小区夜间施工").quit();
}

#[test]
fn on_a_disk_that_cannot_be_written_drafts_are_read_and_cases_go_by_memory_if_the_person_says_so() {
    let small = match Small::new() {
        Ok(small) => small,
        Err(why) => return println!("skipped: {why}"),
    };
    let boss = Home::with_boss();
    let serving = Serving::start(&boss, &[]);
    fs::copy(boss.path().join("password"), small.0.path().join("password")).unwrap();
    let home = Home::at(small.0.path());
    let mut desk = signed_in(&home, &serving.url);
    desk.type_text(TO_THE_TEXT).type_text("望湖路路灯三天不亮").until_shows("已保存").quit();
    small.remount("ro");
    let mut desk = home.desk(&["--server", &serving.url]);
    desk.until_shows("不落盘继续吗？").type_text("\x1b").until_shows("草稿无处保存").ended();
    let mut desk = home.desk(&["--server", &serving.url]);
    desk.until_shows("不落盘继续吗？").type_text("\r").until_shows("望湖路路灯三天不亮");
    desk.until_shows("!未写入磁盘!").until_shows("已连接").function_key(8).function_key(8);
    desk.until_shows("< 待派单 >").type_text("\x13").until_shows("工单已受理");
    desk.type_text("\r").until_gone("工单已受理").type_text(TO_THE_TEXT).type_text("阳光小区");
    desk.until_shows("阳光小区").type_text("\x11").until_shows("现在退出会丢失").type_text("\r").ended();
    small.remount("rw");
    // It was a draft when the disk was last written: it is the same case still.
    let mut desk = signed_in(&home, &serving.url);
    desk.until_shows("望湖路路灯三天不亮").function_key(8).function_key(8);
    desk.until_shows("< 待派单 >").type_text("\x13").until_shows("工单已受理");
    desk.type_text("\r").until_gone("工单已受理").quit();
    let found = boss.done(&["--server", &serving.url, "search", "路灯", "--json"]);
    assert_eq!(found.lines().count(), 1, "{found}");
}

#[test]
fn a_second_desk_is_told_so_and_a_killed_one_is_in_nobodys_way() {
    let boss = Home::with_boss();
    let serving = Serving::start(&boss, &[]);
    let home = Home::empty();
    let mut first = signed_in(&home, &serving.url);
    first.type_text(TO_THE_TEXT).type_text("望湖路路灯").until_shows("已保存");
    let mut second = home.desk(&["--server", &serving.url]);
    second.until_shows("另一个工作台正在使用这套数据").ended();
    first.type_text("三天不亮").until_shows("望湖路路灯三天不亮").until_shows("已保存");
    first.signal(Signal::KILL);
    drop(first);
    let mut third = signed_in(&home, &serving.url);
    third.until_shows("望湖路路灯三天不亮").quit();
}

#[test]
fn a_file_of_a_later_program_is_left_alone_and_the_person_is_told() {
    let boss = Home::with_boss();
    let serving = Serving::start(&boss, &[]);
    let home = Home::empty();
    let state = home.path().join("state");
    fs::create_dir_all(&state).unwrap();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/journal-1.db");
    let file = state.join("drafts.db");
    fs::copy(golden, &file).unwrap();
    rusqlite::Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(&file).unwrap();
    let mut desk = home.desk(&["--server", &serving.url]);
    desk.until_shows("草稿由更新版本保存").ended();
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn what_is_typed_while_the_machine_sleeps_is_there_when_it_wakes() {
    let boss = Home::with_boss();
    let serving = Serving::start(&boss, &[]);
    let home = Home::empty();
    let mut desk = signed_in(&home, &serving.url);
    desk.type_text(TO_THE_TEXT).type_text("望湖路").until_shows("已保存");
    desk.signal(Signal::STOP).type_text("路灯三天不亮").signal(Signal::CONT);
    desk.until_shows("望湖路路灯三天不亮").until_shows("已保存").quit();
}

#[test]
fn a_damaged_file_is_told_and_the_desk_goes_on() {
    let boss = Home::with_boss();
    let serving = Serving::start(&boss, &[]);
    let home = Home::empty();
    let state = home.path().join("state");
    fs::create_dir_all(&state).unwrap();
    fs::write(state.join("drafts.db"), "this is no database ".repeat(500)).unwrap();
    let mut desk = home.desk(&["--server", &serving.url]);
    desk.until_shows("草稿文件已损坏").until_shows("云汀市");
    desk.type_text(TO_THE_TEXT).type_text("望湖路路灯").until_shows("已保存").quit();
}

/// Every file in a folder and in those below it, with what is in it.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(
            |path| {
                if path.is_dir() { files(&path) } else { vec![(path.clone(), fs::read(&path).unwrap())] }
            },
        )
        .collect()
}

#[test]
fn nothing_of_a_caller_can_be_read_on_the_disk_and_nobody_else_gets_in() {
    let boss = Home::with_boss();
    let mut serving = Serving::start(&boss, &[]);
    let home = Home::empty();
    // As careless as a person can be.
    let program = ["/bin/sh", "-c", "umask 0; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_huiyin")];
    let arguments = ["--home", home.path().to_str().unwrap(), "--server", &serving.url];
    let words: Vec<_> = program.into_iter().chain(arguments).map(str::to_owned).collect();
    let mut desk = Pty::of(&words, &home.environment(), home.path());
    desk.until_shows("已连接").until_shows("云汀市");
    desk.type_text("13977665544\t欧阳探针").type_text(&TO_THE_TEXT[1..]).type_text("碧螺春巷口石狮松动");
    desk.until_shows("已保存").function_key(8).function_key(8).until_shows("< 待派单 >");
    serving.kill();
    desk.type_text("\x13").until_shows("工单已登记，待上传").type_text("\r").until_gone("工单已登记");
    desk.type_text(TO_THE_TEXT).type_text("琉璃瓦片坠落").until_shows("已保存");
    desk.signal(Signal::KILL);
    drop(desk);

    let kept = files(home.path());
    assert!(kept.iter().any(|(path, _)| path.ends_with("state/drafts.db-wal")), "it was not killed");
    for (path, bytes) in kept {
        for planted in ["13977665544", "77665544", "欧阳", "碧螺春", "琉璃瓦"] {
            let found = bytes.windows(planted.len()).any(|window| window == planted.as_bytes());
            assert!(!found, "{planted} in {}", path.display());
        }
    }
    let mode = |name: &str| fs::metadata(home.path().join(name)).unwrap().permissions().mode() & 0o077;
    for closed in ["data", "state", "cache", "state/drafts.db", "state/drafts.db-wal", "state/desk.lock"] {
        assert_eq!(mode(closed), 0, "{closed} is open to others");
    }
}
