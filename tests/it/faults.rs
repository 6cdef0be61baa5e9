//! The faults that the desk lives with, what the person sees of each, and what shows it.
//!
//! | the fault | what the person sees | the test |
//! |---|---|---|
//! | F1 the cable is out in a call | "离线", how many wait; typing goes on | `stories::safety::typing_goes_on_while_the_server_is_gone`, `stories::outbox::a_case_taken_offline_has_its_number_and_goes_by_itself` |
//! | F2 the answer is lost, or the request | the same number after the next try | `stories::outbox::a_case_whose_answer_is_lost_is_one_case_with_the_number_that_was_told`, `stories::faults::f2_an_answer_that_breaks_anywhere_leaves_one_case`, `stories::faults::f2_a_request_that_breaks_anywhere_leaves_one_case` |
//! | F3 a request comes twice, or in another order | nothing | `stories::faults::f3_what_arrives_twice_is_done_once`, `stories::faults::f3_what_arrives_in_another_order_is_all_there`, `repeats::a_thousand_equal_cases_at_once_are_one`, `repeats::an_act_sent_many_times_at_once_is_done_once`, `sync::whatever_happens_everything_submitted_ends_up_in_one_place` |
//! | F4 the server says nothing more | offline within ten seconds, no freeze | `draining::a_server_that_says_nothing_is_told_within_ten_seconds_and_what_waits_is_let_go`, `stories::faults::f4_a_line_that_swallows_everything_is_offline_before_the_answer_is_given_up`, `network::a_silent_or_endless_server_is_given_up` |
//! | F5 two hundred bytes a second | slower; nothing begins again and again | `stories::faults::f5_a_line_of_two_hundred_bytes_a_second_carries_a_case` |
//! | F6 messages get lost | nothing, but slower | `sync::whatever_happens_everything_submitted_ends_up_in_one_place` |
//! | F7 its name leads nowhere, or its certificate is not trusted | "查不到服务器地址", "服务器证书不可信" | `stories::faults::f7_a_name_that_leads_nowhere_is_said`, `stories::faults::t15_a_certificate_that_nobody_stands_for_is_said` |
//! | F8 something else answers: a sign-in page, another service, a server too old or too new | "应答的不是回音服务器", "!请升级程序", and the case waits | `stories::faults::f8_the_sign_in_page_of_a_network_is_no_success`, `stories::faults::f8_another_service_is_no_success_and_no_reason_to_stop`, `stories::faults::f8_a_server_of_another_version_stops_the_sending_until_it_is_another`, `network::only_a_server_of_ours_is_believed` |
//! | F9 the server is busy | "服务器忙，15:42 后再试" | `stories::faults::f9_a_server_without_room_says_when_it_is_asked_again`, `journal::schedule::tests::a_pause_that_the_server_asks_for_is_not_undercut` |
//! | F10 a case is refused | red, with the reason, and it opens | `stories::drafts::each_row_opens_where_something_can_be_done_about_it`, `journal::schedule::tests::what_is_put_aside_holds_up_its_own_case_only` |
//! | F11 the session ends | the sign-in stands over the draft | `stories::faults::f11_a_session_that_ends_in_mid_queue_asks_for_the_password_and_loses_nothing`, `stories::session::a_note_half_typed_outlives_the_session`, `journal::schedule::tests::an_ended_session_keeps_everything_until_somebody_signs_in` |
//! | F12 two people, one case | what was merged, or whose text stands | `stories::amend::different_fields_of_two_people_are_both_kept_and_named`, `stories::amend::eight_people_change_one_case_at_once_and_all_of_it_is_there` |
//! | F13 it is closed under the hands | that it is, and the text as a draft | `stories::amend::a_case_closed_under_the_hands_keeps_the_text_and_takes_it_as_a_note` |
//! | F14 the desk is killed | "恢复了 n 份草稿", the caret where it was | `stories::safety::a_killed_desks_draft_comes_back_with_its_caret`, `kills::two_hundred_kills_take_fifty_milliseconds_of_typing_and_no_case`, `kills::on_a_slow_disk_a_kill_takes_fifty_milliseconds_of_typing`, `sweep::every_write_and_every_sync_fails_or_is_the_last_and_nothing_saved_is_missing` |
//! | F15 the power goes | the same | `power::what_was_called_saved_or_submitted_outlives_a_power_cut`, `power::a_database_that_does_not_wait_for_the_disk_loses` |
//! | F16 the desk panics | the terminal as it was, where it panicked, nobody's text | `traps::a_panic_gives_the_terminal_back`, `broken::f16_a_desk_that_breaks_leaves_the_terminal_and_nothing_of_the_caller_and_the_draft_is_there` |
//! | F17 the disk is full | "未写入磁盘"; submitting works, and no receipt calls kept what is not | `stories::disk::f17_a_receipt_never_calls_kept_what_is_in_memory_only`, `machine::on_a_full_disk_the_person_is_told_and_a_case_is_filed_all_the_same`, `sweep::every_write_and_every_sync_fails_or_is_the_last_and_nothing_saved_is_missing` |
//! | F18 the disk is read-only, or closed to this person | whether to go on without: drafts are read, cases are filed, nothing is called saved | `machine::on_a_disk_that_cannot_be_written_drafts_are_read_and_cases_go_by_memory_if_the_person_says_so`, `stories::disk::f18_where_nothing_can_be_written_it_is_asked_and_then_nothing_is_called_saved`, `journal::tests::without_a_disk_nothing_is_called_written_and_what_lies_there_is_read` |
//! | F19 a sync fails | "未写入磁盘", then "已保存" when it is | `journal::writer::tests::after_a_failed_sync_all_since_the_last_success_is_written_again_and_the_log_begins_anew`, `sweep::every_write_and_every_sync_fails_or_is_the_last_and_nothing_saved_is_missing` |
//! | F20 the file is damaged | that it was set aside, and how much came back | `journal::tests::whatever_is_flipped_in_the_file_nothing_false_is_read_and_the_rest_is_there`, `journal::tests::a_damaged_file_is_set_aside_whole`, `machine::a_damaged_file_is_told_and_the_desk_goes_on` |
//! | F21 a wrong password, or a damaged key | two different sentences | `journal::seal::tests::a_wrong_password_is_not_damage` |
//! | F22 a second desk | that there is another; the first goes on | `machine::a_second_desk_is_told_so_and_a_killed_one_is_in_nobodys_way` |
//! | F23 an upgrade is cut short | nothing; an old copy is kept | `journal::golden::a_journal_of_every_format_opens_with_all_that_is_in_it`, `sweep::every_write_and_every_sync_fails_or_is_the_last_and_nothing_saved_is_missing` |
//! | F24 an older program | which one it takes; the file is not touched | `machine::a_file_of_a_later_program_is_left_alone_and_the_person_is_told` |
//! | F25 the clock is wrong | "本机时钟快 3 天"; deadlines are the server's | `stories::signs::f25_a_clock_that_is_days_off_is_said_and_a_case_is_filed_all_the_same`, `clocks::a_time_that_cannot_be_right_is_doubted_until_a_lead_confirms_it`, `clocks::the_deadline_runs_from_the_servers_time_whatever_the_desk_says`, `desk::screens::intake::put_off::tests::a_clock_that_is_set_back_keeps_nothing_from_the_journal` |
//! | F26 the window shrinks, closes, or the machine sleeps | "窗口太小"; the draft is there | `stories::safety::a_window_that_is_too_small_says_so_and_keeps_the_draft`, `terminal::a_terminal_that_goes_away_ends_it_and_loses_nothing`, `machine::what_is_typed_while_the_machine_sleeps_is_there_when_it_wakes` |
//! | F35 ten thousand wait | they go by themselves, to the last | `draining::the_last_of_any_number_is_sent_around_what_goes_at_once_and_its_multiples`, `draining::a_server_that_starts_again_in_the_middle_loses_none_and_doubles_none` |
//! | F36 a record that the program does not understand, or breaks on | how many were read in part; what can be read is in the form; what broke it twice is not opened by itself | `stories::disk::f36_a_record_that_nobody_understands_is_opened_as_far_as_it_can_be_read`, `desk::open_again::tests::what_a_later_program_or_nobody_wrote_is_opened_as_far_as_it_goes`, `broken::f36_a_draft_that_broke_the_desk_twice_is_kept_copied_tried_again_and_thrown_away_by_a_person`, `broken::f36_a_refused_case_that_broke_the_desk_twice_is_kept_tried_again_and_thrown_away_by_a_person` |
//!
//! [`every_fault_has_a_test`] looks whether the tests are there, here and in `docs/promises.md`.

use std::path::Path;

/// Whether there is a test of this name: its modules, then itself.
fn is_there(name: &str) -> bool {
    let top_level = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some((room, tested)) = name.rsplit_once("::") else { return false };
    // A module of tests stands in a file of its own or in that of what it tests.
    let rooms = [room, room.trim_end_matches("::tests")].map(|room| room.replace("::", "/"));
    let files = rooms.iter().flat_map(|room| {
        ["src", "tests/it"].map(|top| [format!("{top}/{room}.rs"), format!("{top}/{room}/mod.rs")])
    });
    let mut texts = files.flatten().filter_map(|file| std::fs::read_to_string(top_level.join(file)).ok());
    texts.any(|text| text.contains(&format!("fn {tested}(")))
}

#[test]
fn every_fault_has_a_test() {
    let table = include_str!("faults.rs").lines().take_while(|line| line.starts_with("//!"));
    let rows: Vec<_> = table.filter(|line| line.starts_with("//! | F")).collect();
    let promises = include_str!("../../docs/promises.md").lines().filter(|line| line.starts_with("- `"));
    let named = rows.iter().copied().chain(promises).flat_map(|line| line.split('`').skip(1).step_by(2));
    let missing: Vec<_> = named.filter(|name| name.contains("::") && !is_there(name)).collect();
    assert!(missing.is_empty(), "there is no {missing:?}");
    assert!(rows.iter().all(|row| row.contains("::")));
    let told = |n: u32| rows.iter().any(|row| row.starts_with(&format!("//! | F{n} ")));
    let untold: Vec<_> = (1..=26).chain(35..=36).filter(|n| !told(*n)).collect();
    assert!(untold.is_empty(), "there is no row for {untold:?}");
}
