//! Which field of the form stands where: a table of rows for narrow bodies and one for wide ones, laid into an area.
//! Painting and the mouse both go by it.

use ratatui::layout::Rect;

use super::form::{FieldId, Form, OutcomeChoice};
use crate::desk::layout::Class;
use crate::desk::paint::{columns, rows};

/// Columns of a label.
const LABEL: u16 = 9;
/// The fewest rows in which groups are headed.
const HEADED: u16 = 28;
/// The fewest rows in which a blank row stands before each group.
const SPACED: u16 = 40;
/// The fewest rows of a text.
const LEAST: u16 = 3;

/// A field, its label and its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Which.
    pub(super) field: FieldId,
    /// Where its label stands.
    pub(super) label: Rect,
    /// Where it is typed into.
    pub(super) input: Rect,
}

/// The form laid out.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Every field that is shown, in the order of the screen.
    pub(super) places: Vec<Place>,
    /// The heads of the groups: `group.CODE`.
    pub(super) heads: Vec<(Rect, &'static str)>,
    /// The last row.
    pub(super) foot: Rect,
}

/// A row of the form: fields side by side with their shares of the width, or a text.
enum Row {
    Line(&'static [(FieldId, u16)]),
    Area(FieldId),
}

/// A group of rows under one head.
struct Group {
    head: &'static str,
    rows: &'static [Row],
}

use FieldId as F;
use Row::{Area, Line};

/// For 80 columns: up to three side by side, so that the text has a third of the screen.
const NARROW: &[Group] = &[
    Group {
        head: "caller",
        rows: &[
            Line(&[(F::Number, 1), (F::Name, 1), (F::Contact, 1)]),
            Line(&[(F::Sex, 1), (F::Channel, 1), (F::Kind, 1)]),
        ],
    },
    Group {
        head: "place",
        rows: &[
            Line(&[(F::Urgency, 1), (F::Confidential, 1), (F::Division, 1)]),
            Line(&[(F::Detail, 2), (F::Occurred, 1)]),
            Line(&[(F::Target, 1)]),
        ],
    },
    Group { head: "text", rows: &[Area(F::Text)] },
    Group {
        head: "matter",
        rows: &[
            Line(&[(F::Matter, 1), (F::Title, 1)]),
            Line(&[(F::Earlier, 1), (F::Tags, 1)]),
            Line(&[(F::Remark, 1)]),
        ],
    },
];

/// For a form beside a panel: two side by side, grouped.
const BROAD: &[Group] = &[
    Group {
        head: "caller",
        rows: &[Line(&[(F::Number, 1), (F::Name, 1)]), Line(&[(F::Contact, 1), (F::Sex, 1)])],
    },
    Group {
        head: "nature",
        rows: &[Line(&[(F::Channel, 1), (F::Kind, 1)]), Line(&[(F::Urgency, 1), (F::Confidential, 1)])],
    },
    Group {
        head: "place",
        rows: &[
            Line(&[(F::Division, 1)]),
            Line(&[(F::Detail, 1)]),
            Line(&[(F::Occurred, 1), (F::Target, 1)]),
        ],
    },
    Group { head: "text", rows: &[Area(F::Text)] },
    Group {
        head: "matter",
        rows: &[
            Line(&[(F::Matter, 1)]),
            Line(&[(F::Title, 1)]),
            Line(&[(F::Earlier, 1), (F::Tags, 1)]),
            Line(&[(F::Remark, 1)]),
        ],
    },
];

/// What the outcome asks for, in either.
fn outcome(form: &Form, narrow: bool) -> &'static [Row] {
    match form.outcome {
        OutcomeChoice::Dispatch if narrow => {
            &[Line(&[(F::Outcome, 1), (F::Lead, 2)]), Line(&[(F::Assisting, 1)]), Line(&[(F::Opinion, 1)])]
        }
        OutcomeChoice::Dispatch => {
            &[Line(&[(F::Outcome, 1), (F::Lead, 1)]), Line(&[(F::Assisting, 1)]), Line(&[(F::Opinion, 1)])]
        }
        OutcomeChoice::Answer => &[Line(&[(F::Outcome, 1)]), Area(F::Answer)],
        OutcomeChoice::Register => &[Line(&[(F::Outcome, 1)])],
    }
}

/// Lays the form into `area`, of a screen of `class`.
pub(super) fn plan(form: &Form, area: Rect, class: Class) -> Plan {
    let narrow = class == Class::Compact;
    let ends = Group { head: "outcome", rows: outcome(form, narrow) };
    let asked: Vec<_> = form.fields().collect();
    // What the form does not ask for leaves no gap.
    let is_shown = |row: &&Row| match row {
        Line(cells) => cells.iter().any(|(field, _)| asked.contains(field)),
        Area(field) => asked.contains(field),
    };
    let is_there = |group: &&Group| group.rows.iter().any(|row| is_shown(&row));
    let groups = || (if narrow { NARROW } else { BROAD }).iter().chain([&ends]).filter(is_there);
    let all = || groups().flat_map(|group| group.rows).filter(is_shown);
    let lines = all().filter(|row| matches!(row, Line(_))).count();
    let areas = all().count() - lines;
    let (headed, spaced) = (area.height >= HEADED, area.height >= SPACED);
    let heads = if headed { groups().count() } else { 0 };
    let gaps = if spaced { groups().count() - 1 } else { 0 };
    let fixed = u16::try_from(lines + heads + gaps).unwrap_or(u16::MAX).saturating_add(1);
    let room = area.height.saturating_sub(fixed);
    let of_text = if areas == 2 { (room * 3 / 5).max(LEAST) } else { room };

    let inside = columns(area, 1, area.width.saturating_sub(2));
    let mut plan = Plan { foot: rows(inside, area.height.saturating_sub(1), 1), ..Plan::default() };
    let mut top = 0;
    for (index, group) in groups().enumerate() {
        top += u16::from(spaced && index > 0);
        if headed {
            plan.heads.push((rows(inside, top, 1), group.head));
            top += 1;
        }
        for row in group.rows.iter().filter(is_shown) {
            match row {
                Line(cells) => {
                    let cells = || cells.iter().filter(|(field, _)| asked.contains(field));
                    let whole: u16 = cells().map(|(_, share)| share).sum();
                    let (mut left, mut before) = (0, 0);
                    for (field, share) in cells() {
                        before += share;
                        let end = inside.width * before / whole;
                        // A column stays free between two.
                        let gap = u16::from(before < whole);
                        let cell = rows(columns(inside, left, end - left - gap), top, 1);
                        plan.places.push(place(*field, cell));
                        left = end;
                    }
                    top += 1;
                }
                Area(field) => {
                    let high = if *field == F::Text { of_text } else { room.saturating_sub(of_text).max(1) };
                    let place = place(*field, rows(inside, top, high));
                    plan.places.push(place);
                    top += high;
                }
            }
        }
    }
    plan
}

fn place(field: FieldId, cell: Rect) -> Place {
    let label = rows(columns(cell, 0, LABEL), 0, 1);
    Place { field, label, input: columns(cell, LABEL, cell.width.saturating_sub(LABEL)) }
}

impl Plan {
    /// Where a field stands, if it is shown.
    pub(super) fn of(&self, field: FieldId) -> Option<&Place> {
        self.places.iter().find(|place| place.field == field)
    }
}

#[cfg(test)]
mod tests {
    use super::super::form::Purpose;
    use super::*;

    /// Every field of every outcome is shown once, in the order of the focus, inside the area and apart from others.
    #[test]
    fn every_field_has_a_place_of_its_own() {
        let amending = [true, false].map(|caller| (Purpose::Amending { caller }, OutcomeChoice::Dispatch));
        let filing = OutcomeChoice::ALL.iter().map(|outcome| (Purpose::Filing, *outcome));
        for (purpose, outcome) in filing.chain(amending) {
            for (width, height, class) in [
                (80, 20, Class::Compact),
                (80, 31, Class::Compact),
                (62, 22, Class::Standard),
                (100, 78, Class::Wide),
            ] {
                let mut form = Form::new();
                (form.purpose, form.outcome) = (purpose, outcome);
                let area = Rect::new(3, 1, width, height);
                let plan = plan(&form, area, class);
                let shown: Vec<_> = plan.places.iter().map(|place| place.field).collect();
                assert_eq!(shown, form.fields().collect::<Vec<_>>(), "{class:?}");
                for (at, one) in plan.places.iter().enumerate() {
                    assert_eq!(one.input.intersection(area), one.input, "{one:?}");
                    assert!(one.input.width >= 7 && one.input.height > 0, "{one:?}");
                    assert!(one.input.bottom() <= plan.foot.y, "{one:?}");
                    for other in &plan.places[at + 1..] {
                        assert!(
                            one.input.union(one.label).intersection(other.input).is_empty(),
                            "{one:?} {other:?}"
                        );
                    }
                }
            }
        }
    }

    /// On the smallest screen the text has the rows it needs.
    #[test]
    fn the_text_has_room() {
        let rows = |outcome, width, height, class| {
            let mut form = Form::new();
            form.outcome = outcome;
            let plan = plan(&form, Rect::new(0, 0, width, height), class);
            [FieldId::Text, FieldId::Answer].map(|field| plan.of(field).map_or(0, |place| place.input.height))
        };
        assert_eq!(rows(OutcomeChoice::Dispatch, 80, 20, Class::Compact), [8, 0]);
        assert_eq!(rows(OutcomeChoice::Answer, 80, 20, Class::Compact), [6, 4]);
        assert_eq!(rows(OutcomeChoice::Dispatch, 72, 34, Class::Standard), [13, 0]);
        assert_eq!(rows(OutcomeChoice::Answer, 72, 34, Class::Standard), [9, 6]);
        assert_eq!(rows(OutcomeChoice::Dispatch, 80, 58, Class::Wide), [32, 0]);
    }
}
