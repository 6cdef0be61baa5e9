//! A profile is broken one way at a time, and the checker must say where.

use std::collections::HashSet;
use std::fs;

use super::*;

/// The demonstration city in a directory of its own, with one file written anew.
fn city_with(file: &str, bytes: impl AsRef<[u8]>) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for source in source::demonstration() {
        fs::write(dir.path().join(source.file), source.text).unwrap();
    }
    fs::write(dir.path().join(file), bytes).unwrap();
    dir
}

/// One file of the demonstration city with `from` replaced by `to`.
fn edited(file: &str, from: &str, to: &str) -> String {
    let text = source::demonstration().into_iter().find(|s| s.file == file).unwrap().text;
    assert!(text.contains(from), "{file} does not hold {from}");
    text.replacen(from, to, 1)
}

/// The findings as `file:line code what`, one a line.
fn told(dir: &tempfile::TempDir) -> String {
    let of = |f: &Finding| format!("{} {} {}", f.place(), f.code, f.what);
    check(dir.path()).iter().map(of).collect::<Vec<_>>().join("\n")
}

fn line_of(text: &str, needle: &str) -> usize {
    text[..text.find(needle).unwrap()].matches('\n').count() + 1
}

#[test]
fn the_demonstration_city_is_as_large_as_a_real_one() {
    let profile = Profile::demonstration();
    let districts = profile.divisions().iter().filter(|d| d.parent.is_none()).count();
    let authorities = profile.departments().iter().filter(|d| d.division.is_none()).count();
    assert!(
        authorities >= 48
            && profile.departments().iter().all(|d| d.keywords.len() >= 5 && !d.duties.is_empty())
    );
    assert!(districts >= 8 && profile.divisions().len() - districts >= 72);
    assert_eq!(profile.matters().len(), 517);
    assert!(profile.templates().len() >= 30);
    assert!(profile.divisions().iter().all(|d| profile.department_of(&d.code).is_some()));
    assert_eq!(profile.calendar().time_zone.iana_name(), Some("Asia/Shanghai"));
}

#[test]
fn holidays_and_make_up_days_of_the_demonstration_city() {
    let calendar = Profile::demonstration().calendar();
    let works = |day: &str| calendar.is_working(day.parse().unwrap());
    assert!(works("2026-02-14") && works("2026-02-28") && works("2026-10-08") && works("2025-01-26"));
    assert!(!works("2026-02-16") && !works("2026-10-07") && !works("2025-10-08") && !works("2026-11-22"));
}

#[test]
fn a_profile_written_to_a_directory_is_the_same_profile() {
    let dir = city_with("city.toml", edited("city.toml", "kinds", "kinds"));
    let profile = Profile::load(dir.path()).unwrap();
    assert_eq!(profile.etag(), Profile::demonstration().etag());
    assert_eq!(profile.matters(), Profile::demonstration().matters());
    let other = city_with("city.toml", edited("city.toml", "演示城市", "城市"));
    assert_ne!(Profile::load(other.path()).unwrap().etag(), profile.etag());
}

#[test]
fn departments_are_found_by_code_name_other_name_and_part() {
    let found = |text: &str| -> Vec<&str> {
        Profile::demonstration().resolve_department(text).iter().map(|d| d.code.as_str()).collect()
    };
    assert_eq!(found("cgj"), ["cgj"]);
    assert_eq!(found(" 城管局 "), ["cgj"]);
    assert_eq!(found("市生态环境局"), ["sthj"]);
    assert_eq!(found("公积金管理")[0], "gjj");
    assert!(found("街道办事处").len() > 40);
    assert!(found("").is_empty() && found("不存在的单位").is_empty());
}

#[test]
fn matters_without_codes_are_numbered_in_the_order_of_the_file() {
    let text = "level1,level2,level3\n甲,一,子\n甲,一,丑\n甲,二,子\n乙,一,子\n甲,二,丑\n";
    let dir = city_with("matters.csv", text);
    // It answers matters that are none of these.
    fs::remove_file(dir.path().join("knowledge.toml")).unwrap();
    let profile = Profile::load(dir.path()).unwrap();
    let codes: Vec<_> = profile.matters().iter().map(|m| m.code.as_str()).collect();
    assert_eq!(codes, ["010101", "010102", "010201", "020101", "010202"]);
}

#[test]
fn an_alias_means_one_thing_only() {
    let own = "aliases = [\"消防\"]";
    for (alias, first) in [
        // The alias of another, the name of another, and either as somebody else would type it.
        ("交警", "aliases = [\"交警支队\", \"交警\"]"),
        ("市公安局", "name = \"市公安局\""),
        (" 交警　", "aliases = [\"交警支队\", \"交警\"]"),
    ] {
        let text = edited("departments.toml", own, &format!("aliases = [\"{alias}\"]"));
        let start = |needle: &str| {
            let before = &text[..text.find(needle).unwrap()];
            line_of(&text, needle) - before.rsplit("[[").next().unwrap().matches('\n').count()
        };
        let (line, meant) = (start(&format!("[\"{alias}\"]")), start(first));
        let dir = city_with("departments.toml", &text);
        let [finding] = &check(dir.path())[..] else { panic!("{}", told(&dir)) };
        assert_eq!(
            (finding.place(), finding.code),
            (format!("departments.toml:{line}"), FindingCode::AmbiguousAlias)
        );
        assert_eq!(finding.detail, format!("departments.toml:{meant}"));
    }
    // Streets of two districts may share one, of one district not.
    let shared = |to: &str| {
        let text = edited("divisions.toml", "aliases = [\"湖滨路\"]", &format!("aliases = [\"{to}\"]"));
        told(&city_with("divisions.toml", text))
    };
    assert!(shared("钟楼广场").contains("ambiguous_alias 钟楼广场"));
    assert_eq!(shared("市中心"), "", "a district and its street may share one");
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_line() {
    let duplicate = edited("departments.toml", "\"jjzd\"", "\"gaj\"");
    let cases = [
        ("city.toml", edited("city.toml", "hotline =", "hotlien ="), "city.toml:13:1 unknown_key hotlien"),
        ("city.toml", edited("city.toml", "\"12345\"", "12345"), "city.toml:13:11 wrong_type"),
        (
            "city.toml",
            edited("city.toml", "Asia/Shanghai", "Asia/Yunting"),
            "city.toml unknown_zone Asia/Yunting",
        ),
        ("city.toml", edited("city.toml", "\"help\"", "\"consult\""), "city.toml duplicate_code consult"),
        ("city.toml", edited("city.toml", "云汀市\"", "云汀\\u202e市\""), "city.toml unsafe_text 云汀"),
        ("city.toml", edited("city.toml", "[city]", "[city"), "syntax"),
        ("departments.toml", duplicate.clone(), "duplicate_code gaj"),
        (
            "departments.toml",
            edited("departments.toml", "parent = \"gaj\"", "parent = \"no\""),
            "unknown_parent no",
        ),
        (
            "departments.toml",
            edited("departments.toml", "parent = \"gaj\"", "parent = \"jjzd\""),
            "cycle jjzd",
        ),
        (
            "departments.toml",
            edited("departments.toml", "\"市公安局\"", "\" \""),
            "departments.toml:3 empty_name",
        ),
        (
            "departments.toml",
            edited("departments.toml", "\"gaj\"", "\"公安\""),
            "bad_value `公安` is not a department",
        ),
        (
            "departments.toml",
            edited("departments.toml", "duties", "duty"),
            "departments.toml:7:1 unknown_key duty",
        ),
        (
            "matters.csv",
            edited("matters.csv", "安全生产,事故处理", "安全生产,"),
            "matters.csv:2 missing_level",
        ),
        ("matters.csv", edited("matters.csv", "010102", "010101"), "matters.csv:3 duplicate_code 010101"),
        ("matters.csv", edited("matters.csv", ",zjj", ",nobody"), "matters.csv:2 unknown_department nobody"),
        ("matters.csv", edited("matters.csv", ",department", ",depart"), "matters.csv:1 unknown_key depart"),
        ("matters.csv", edited("matters.csv", ",zjj", ",zjj,x"), "matters.csv:2 bad_value"),
        (
            "divisions.toml",
            edited("divisions.toml", "\"990102001\"", "\"990102002\""),
            "duplicate_code 990102002",
        ),
        ("divisions.toml", "division = []\n".to_owned(), "divisions.toml empty_list"),
        ("deadlines.toml", edited("deadlines.toml", "otherwise =", "other ="), "unknown_key other"),
        (
            "deadlines.toml",
            edited("deadlines.toml", "otherwise =", "# "),
            "deadlines.toml:1:1 missing_key otherwise",
        ),
        (
            "deadlines.toml",
            edited("deadlines.toml", "amount = 24", "amount = 0"),
            "deadlines.toml:7 empty_term",
        ),
        (
            "deadlines.toml",
            edited("deadlines.toml", "amount = 24", "amount = -1"),
            "deadlines.toml:7:43 bad_value",
        ),
        (
            "calendar.toml",
            edited("calendar.toml", "2026-02-14", "2026-02-16"),
            "holiday_is_workday 2026-02-16",
        ),
        ("calendar.toml", edited("calendar.toml", "2026-02-14", "2026-02-30"), "bad_value"),
        (
            "calendar.toml",
            edited("calendar.toml", "to = \"2026-10-07\"", "to = \"9026-10-07\""),
            "bad_value 2026-10-01",
        ),
        ("templates.toml", edited("templates.toml", "use = \"text\"", "use = \"song\""), "bad_value"),
    ];
    for (file, text, expected) in cases {
        let told = told(&city_with(file, text));
        assert!(told.contains(expected), "expected {expected}, told:\n{told}");
    }
    let line = line_of(&duplicate, "name = \"市公安局交通警察支队\"") - 2;
    assert!(
        told(&city_with("departments.toml", duplicate))
            .contains(&format!("departments.toml:{line} duplicate_code gaj"))
    );
}

#[test]
fn a_rule_for_a_kind_out_of_use_is_told() {
    let dir = city_with("city.toml", edited("city.toml", ", \"praise\"", ""));
    assert_eq!(told(&dir), "deadlines.toml:11 rule_for_unused_kind praise");
}

#[test]
fn one_cause_is_one_finding() {
    let dir = city_with("departments.toml", "");
    fs::remove_file(dir.path().join("departments.toml")).unwrap();
    assert_eq!(told(&dir), "departments.toml missing_file departments.toml");
    fs::remove_file(dir.path().join("city.toml")).unwrap();
    assert_eq!(told(&dir).lines().next(), Some("city.toml missing_file city.toml"));
    assert_eq!(told(&dir).lines().count(), 2);
}

#[test]
fn what_is_wrong_with_an_article_is_told_with_its_line() {
    for (from, to, expected) in [
        ("\"150204\"", "\"159999\"", "knowledge.toml:4 unknown_matter 159999"),
        ("2026-01-01", "2026-02-30", "knowledge.toml:17:14 bad_value"),
        ("\"yb-remote\"", "\"yb-card\"", "duplicate_code yb-card"),
        ("body = ", "text = ", "unknown_key text"),
    ] {
        let told = told(&city_with("knowledge.toml", edited("knowledge.toml", from, to)));
        assert!(told.contains(expected), "expected {expected}, told:\n{told}");
    }
}

#[test]
fn a_city_may_do_without_a_knowledge_base() {
    let dir = city_with("city.toml", edited("city.toml", "kinds", "kinds"));
    fs::remove_file(dir.path().join("knowledge.toml")).unwrap();
    let profile = Profile::load(dir.path()).unwrap();
    assert!(profile.knowledge().is_empty() && Profile::demonstration().knowledge().len() >= 30);
}

#[test]
fn several_bad_rows_are_told_at_once() {
    let text = edited("departments.toml", "duties", "duty").replacen("phone", "telephone", 2);
    assert_eq!(told(&city_with("departments.toml", text)).lines().count(), 2);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    assert_eq!(told(&city_with("city.toml", b"\n\xd4\xc6\xcd\xa1")), "city.toml:2 not_utf8 city.toml");
    let marked = format!("\u{feff}{}", edited("city.toml", "kinds", "kinds"));
    assert_eq!(told(&city_with("city.toml", marked)), "city.toml:1:1 bom city.toml");
    let zeroed = edited("matters.csv", "事故处理", "事故\0处理");
    assert!(told(&city_with("matters.csv", zeroed)).contains("matters.csv:2 unsafe_text"));
}

#[test]
fn a_huge_file_and_a_directory_in_place_of_a_file_are_refused() {
    let dir = city_with("matters.csv", "");
    fs::File::create(dir.path().join("matters.csv")).unwrap().set_len(MAX_BYTES + 1).unwrap();
    assert_eq!(told(&dir), "matters.csv too_large matters.csv");
    fs::remove_file(dir.path().join("matters.csv")).unwrap();
    fs::create_dir(dir.path().join("matters.csv")).unwrap();
    assert_eq!(told(&dir), "matters.csv unreadable matters.csv");
}

#[test]
fn a_circle_is_told_once_and_ends() {
    let row = |code: &str, parent: &str| {
        format!("[[division]]\ncode = \"{code}\"\nname = \"{code}\"\nparent = \"{parent}\"\n")
    };
    let text: String = [row("a", "b"), row("b", "c"), row("c", "b"), row("d", "a")].concat();
    let told = told(&city_with("divisions.toml", text));
    assert_eq!(told.lines().filter(|line| line.contains(" cycle ")).count(), 1, "{told}");
}

#[test]
fn every_finding_has_a_sentence_in_both_languages() {
    let mut seen = HashSet::new();
    for code in FindingCode::ALL {
        let finding = Finding::of_file("city.toml", *code, "某\u{202e}物").with_detail("细节");
        for locale in ["zh-CN", "en"] {
            let text = finding.text(locale);
            assert!(
                !text.contains("profile.finding") && !text.contains('%') && !text.contains('\u{202e}'),
                "{text}"
            );
            assert!(seen.insert(text), "{code} in {locale} is said like another");
        }
    }
}
