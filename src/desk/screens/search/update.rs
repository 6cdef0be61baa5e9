//! What a key does to the search screen: each change of the query asks anew, and stale answers are dropped.

use std::collections::HashSet;

use super::{SearchScreen, complete};
use crate::desk::effects::Effect;
use crate::desk::find_here::Here;
use crate::desk::keymap::{Context, Control, Press};
use crate::desk::model::{Connection, Model, Screen, Severity};
use crate::desk::msg::{Answer, Turn};
use crate::desk::screens::case;
use crate::desk::widgets::edit::{Edit, Outcome};
use crate::domain::id::CaseId;
use crate::wire::search::{CaseHit, SearchOrder, SearchPage, SearchRequest};

/// Rows a page.
const PAGE: u32 = 50;
/// Rows before the end at which the next page is asked for.
const AHEAD: usize = 10;

/// Handles a key that is no action.
pub fn key(model: &mut Model, press: &Press) -> Vec<Effect> {
    let control = press.control(Context::List);
    if control == Some(Control::OpenRow) {
        let search = &model.search;
        if search.waiting && (search.hits.is_empty() || search.asked != search.query.text()) {
            // What is listed, if anything, still answers another query.
            model.search.open_first = true;
            return Vec::new();
        }
        return model.selected_case().map(|id| case::open(model, id)).unwrap_or_default();
    }
    let search = &mut model.search;
    let Some(edit) = press.edit() else {
        if control == Some(Control::NextTab) && search.in_query && take_offer(model) {
            return ask(model);
        }
        let search = &mut model.search;
        // The arrows, which change tabs elsewhere, move in the query.
        if matches!(control, Some(Control::NextTab | Control::PreviousTab)) {
            search.in_query = !search.in_query;
        }
        return Vec::new();
    };
    let moves = matches!(edit, Edit::Up | Edit::Down | Edit::PageUp | Edit::PageDown);
    if moves || !search.in_query {
        return match search.list.apply(&edit, search.hits.len()) {
            Outcome::Moved => moved(model),
            _ => Vec::new(),
        };
    }
    if search.query.apply(&edit).edited() { ask(model) } else { Vec::new() }
}

/// Completes the word before the caret, if it can become something.
fn take_offer(model: &mut Model) -> bool {
    let Some(offer) = complete::offers(model).into_iter().next() else { return false };
    let query = &mut model.search.query;
    // A blank may stand there already.
    let after = query.text()[offer.range.end..].starts_with(' ');
    let text = if after { offer.text.trim_end() } else { offer.text.as_str() };
    query.replace(offer.range, text) == 0
}

/// Takes a pasted query.
pub fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    model.search.in_query = true;
    let refused = model.search.query.paste(text);
    if refused > 0 {
        model.say(Severity::Error, rust_i18n::t!("desk.paste_refused", n = refused).into_owned());
    }
    ask(model)
}

/// Turns between the newest and the most relevant first.
pub fn next_order(model: &mut Model) -> Vec<Effect> {
    let order = &mut model.search.order;
    *order = if *order == SearchOrder::Newest { SearchOrder::Relevance } else { SearchOrder::Newest };
    ask(model)
}

/// Asks for the first page anew.
pub fn refresh(model: &mut Model) -> Vec<Effect> {
    ask(model)
}

/// Goes to the search screen and searches for this.
pub fn search_for(model: &mut Model, query: &str) -> Vec<Effect> {
    model.go(Screen::Search);
    model.search.query.set(query);
    model.search.in_query = false;
    ask(model)
}

fn ask(model: &mut Model) -> Vec<Effect> {
    let own = matches!(model.connection, Connection::Offline(_));
    let search = &mut model.search;
    (search.waiting, search.own) = (true, own);
    let turn = search.turn.another();
    if own {
        let here = Here::read(search.query.text(), model.city.as_deref(), model.now);
        return vec![Effect::SearchHere(turn, Box::new(here))];
    }
    vec![Effect::Search(turn, request(search.query.text(), None, search.order))]
}

fn request(query: &str, cursor: Option<String>, order: SearchOrder) -> SearchRequest {
    // The newest first is what is answered where nothing is said.
    let order = Some(order).filter(|order| *order != SearchOrder::Newest);
    SearchRequest { query: query.to_owned(), limit: Some(PAGE), cursor, order }
}

/// Selects a hit.
pub fn select(model: &mut Model, row: usize) -> Vec<Effect> {
    model.search.list.select(row);
    model.search.list.keep_within(model.search.hits.len());
    moved(model)
}

/// The selection moved: preview it, and fetch more before the end is reached.
fn moved(model: &mut Model) -> Vec<Effect> {
    let mut effects = model.read_beside();
    let search = &mut model.search;
    let near_end = search.list.selected() + AHEAD >= search.hits.len();
    if near_end
        && !search.waiting
        && let Some(cursor) = search.next.clone()
    {
        search.waiting = true;
        let turn = search.turn.another();
        effects.push(Effect::Search(turn, request(&search.asked, Some(cursor), search.order)));
    }
    effects
}

/// Puts the first page in the place of what was listed. Where it answers the same query once more, what was fetched
/// behind it stays: whoever reads the fourth page is not thrown back to the first by a case that was filed meanwhile.
fn renew(search: &mut SearchScreen, first: Vec<CaseHit>, next: Option<String>, again: bool) {
    let before = std::mem::replace(&mut search.hits, first);
    let last = search.hits.last().map(|hit| hit.row.id);
    let at = before.iter().position(|hit| Some(hit.row.id) == last);
    match at.filter(|_| again && next.is_some() && search.order == SearchOrder::Newest) {
        Some(at) if at + 1 < before.len() => {
            let there: HashSet<CaseId> = search.hits.iter().map(|hit| hit.row.id).collect();
            search.hits.extend(before.into_iter().skip(at + 1).filter(|hit| !there.contains(&hit.row.id)));
        }
        _ => search.next = next,
    }
}

/// A page came.
pub fn found(model: &mut Model, turn: Turn, goes_on: bool, answer: Answer<SearchPage>) -> Vec<Effect> {
    if turn != model.search.turn {
        return Vec::new();
    }
    let search = &mut model.search;
    search.waiting = false;
    match answer {
        Ok(page) if goes_on => {
            search.hits.extend(page.cases);
            search.next = page.next;
            Vec::new()
        }
        Ok(page) => {
            let kept = search.selected().map(|row| row.id).filter(|_| search.asked == search.query.text());
            let again = std::mem::replace(&mut search.asked, search.query.text().to_owned()) == search.asked;
            search.literal = page.literal;
            search.total = page.total;
            renew(search, page.cases, page.next, again);
            let at = kept.and_then(|id| search.hits.iter().position(|hit| hit.row.id == id));
            search.list.select(at.unwrap_or(0));
            match search.selected().map(|row| row.id) {
                Some(id) if std::mem::take(&mut search.open_first) && model.screen == Screen::Search => {
                    case::open(model, id)
                }
                _ => model.read_beside(),
            }
        }
        Err(error) => {
            let mut effects = model.failed(&error);
            if error.is_offline() && !goes_on {
                // What is on this desk is found all the same.
                effects.extend(ask(model));
            }
            effects
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::ids::Ids;
    use crate::desk::look::Look;
    use crate::desk::widgets::overlay::Borders;
    use crate::theme::{Depth, Theme};
    use crate::wire::search::Total;

    fn asked(effects: &[Effect]) -> Turn {
        match effects {
            [Effect::Search(turn, _)] => *turn,
            other => panic!("{other:?}"),
        }
    }

    fn exactly(count: u64) -> Total {
        Total { count, exact: true }
    }

    fn answer(count: u64) -> SearchPage {
        let total = Some(exactly(count));
        SearchPage { cases: Vec::new(), next: None, total, literal: Vec::new() }
    }

    #[test]
    fn an_answer_that_was_overtaken_changes_nothing_whether_it_comes_before_or_behind() {
        let look = Look::new(Theme::built_in("dark", Depth::True).unwrap(), Depth::True, Borders::Plain);
        let mut model = Model::new(look, false, Ids::new([1; 32]), jiff::Timestamp::UNIX_EPOCH);
        let [first, second, third] = ["噪", "声", "大"].map(|typed| asked(&paste(&mut model, typed)));
        found(&mut model, second, false, Ok(answer(2)));
        assert!(model.search.waiting && model.search.total.is_none());
        found(&mut model, third, false, Ok(answer(3)));
        assert!(!model.search.waiting);
        for (stale, goes_on) in [(first, false), (second, false), (first, true)] {
            found(&mut model, stale, goes_on, Ok(answer(9)));
            assert_eq!((model.search.total, model.search.asked.as_str()), (Some(exactly(3)), "噪声大"));
        }
    }
}
