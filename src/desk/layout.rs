//! Where things stand: from the room there is to named areas, a function for each screen. Pure, and tested as tables.
//!
//! Three designs, by width: [`Class::Compact`] from 80 columns (one thing at a time), [`Class::Standard`] (two side
//! by side) and [`Class::Wide`] (three, as on two monitors). Height decides what stands below: a tall narrow window
//! has the panel under the form. Sizes between get the smaller design with the room shared out, never a cut one.

use ratatui::layout::{Rect, Size};

use super::paint::{columns, rows};

/// The smallest terminal that is drawn on.
pub const SMALLEST: (u16, u16) = (80, 24);

/// Whether a terminal of this size is drawn on.
pub const fn has_room(size: Size) -> bool {
    size.width >= SMALLEST.0 && size.height >= SMALLEST.1
}

/// From so many columns on two things stand side by side.
const STANDARD: u16 = 104;
/// From so many columns on three do.
const WIDE: u16 = 168;
/// From so many rows of a narrow body on the panel stands under the form.
const TALL: u16 = 40;
/// Rows of the form in a tall narrow body.
const TALL_FORM: u16 = 26;

/// Which of the designs a width gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// From 80 columns: one thing at a time.
    Compact,
    /// From 104 columns: two side by side.
    Standard,
    /// From 168 columns: three side by side.
    Wide,
}

impl Class {
    /// The design for a body as wide as `area`.
    pub const fn of(area: Rect) -> Self {
        match area.width {
            WIDE.. => Self::Wide,
            STANDARD.. => Self::Standard,
            _ => Self::Compact,
        }
    }
}

/// The areas of the intake screen; an area that has no place in a design is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Intake {
    /// The form.
    pub form: Rect,
    /// Two lines that stand for the panel where it has no room.
    pub glance: Rect,
    /// What belongs beside the form; laid over the form where it has no room of its own.
    pub panel: Rect,
    /// What is read in full: an earlier case, an article.
    pub reader: Rect,
    /// Whether the panel lies over the form.
    pub over: bool,
}

/// The intake screen. `looking` says that the panel has the keys: it needs room then, whatever the size.
pub fn intake(area: Rect, looking: bool) -> Intake {
    let empty = Rect { width: 0, height: 0, ..area };
    match Class::of(area) {
        Class::Wide => {
            let form = (area.width * 2 / 5).clamp(72, 100);
            let panel = (area.width / 4).clamp(44, 64);
            let [form, panel, reader] = across(area, form, panel);
            Intake { form, glance: empty, panel, reader, over: false }
        }
        Class::Standard => {
            let form = (area.width * 3 / 5).clamp(62, 92);
            let (form, panel) = (columns(area, 0, form), columns(area, form, area.width - form));
            let (panel, reader) = if looking { halves(panel) } else { (panel, empty) };
            Intake { form, glance: empty, panel, reader, over: false }
        }
        Class::Compact if area.height >= TALL => {
            let form = TALL_FORM.max(area.height * 11 / 20);
            let below = rows(area, form, area.height - form);
            let (panel, reader) = beside(below);
            Intake { form: rows(area, 0, form), glance: empty, panel, reader, over: false }
        }
        Class::Compact => {
            let form = rows(area, 0, area.height.saturating_sub(2));
            let glance = rows(area, area.height.saturating_sub(2), 2);
            let over = rows(area, 3, area.height.saturating_sub(3));
            let (panel, reader) = if looking { beside(over) } else { (empty, empty) };
            Intake { form, glance, panel, reader, over: looking }
        }
    }
}

/// The areas of a list with what is selected in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Listed {
    /// The rows.
    pub list: Rect,
    /// The selected one, read in full.
    pub preview: Rect,
    /// What happened to it, where there is room.
    pub timeline: Rect,
}

/// The search screen below its two lines: the preview under the list, beside it, and with the timeline beside that.
pub fn search(area: Rect) -> Listed {
    let empty = Rect { width: 0, height: 0, ..area };
    match Class::of(area) {
        Class::Wide => {
            let list = (area.width * 9 / 20).max(80);
            let [list, preview, timeline] = across(area, list, (area.width - list) * 3 / 5);
            Listed { list, preview, timeline }
        }
        Class::Standard => {
            let list = area.width * 11 / 20;
            let (list, preview) = (columns(area, 0, list), columns(area, list, area.width - list));
            Listed { list, preview, timeline: empty }
        }
        Class::Compact => {
            let list = area.height / 2;
            let (list, preview) = (rows(area, 0, list), rows(area, list, area.height - list));
            Listed { list, preview, timeline: empty }
        }
    }
}

/// The screen of one's own work below its tabs: the list alone, from 168 columns with the selected case beside it.
pub fn work(area: Rect) -> Listed {
    let empty = Rect { width: 0, height: 0, ..area };
    if Class::of(area) == Class::Wide {
        let list = area.width * 3 / 5;
        let (list, preview) = (columns(area, 0, list), columns(area, list, area.width - list));
        return Listed { list, preview, timeline: empty };
    }
    Listed { list: area, preview: empty, timeline: empty }
}

/// The drafts and items below their counts: the list, and a few lines of what is selected under it.
pub fn drafts(area: Rect) -> Listed {
    let below = if Class::of(area) == Class::Compact { 5 } else { 7 };
    let list = area.height.saturating_sub(below);
    let empty = Rect { width: 0, height: 0, ..area };
    Listed { list: rows(area, 0, list), preview: rows(area, list, below), timeline: empty }
}

/// The areas of one case below its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CaseAreas {
    /// The fields.
    pub facts: Rect,
    /// The timeline; empty where it follows the fields in one column.
    pub timeline: Rect,
}

/// One case: one column, or fields and timeline side by side. Lines longer than 110 columns are not read well, so the
/// fields leave the rest of a wide screen to the timeline.
pub fn case(area: Rect) -> CaseAreas {
    let empty = Rect { width: 0, height: 0, ..area };
    if Class::of(area) == Class::Compact {
        return CaseAreas { facts: area, timeline: empty };
    }
    let facts = (area.width * 3 / 5).min(112);
    CaseAreas {
        facts: columns(area, 0, facts.saturating_sub(2)),
        timeline: columns(area, facts, area.width - facts),
    }
}

/// The areas of the knowledge base, laid over a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnowledgeAreas {
    /// The dialog with its frame.
    pub whole: Rect,
    /// What is typed.
    pub query: Rect,
    /// The titles.
    pub list: Rect,
    /// The marked article.
    pub article: Rect,
}

/// The knowledge base: titles above the article, or beside it where an article then has 60 columns.
pub fn knowledge(area: Rect) -> KnowledgeAreas {
    let wide = area.width.saturating_sub(4).min(140);
    let whole = super::widgets::overlay::centred(area, wide, area.height.min(44));
    let inside = rows(columns(whole, 2, whole.width.saturating_sub(4)), 1, whole.height.saturating_sub(2));
    let query = rows(inside, 0, 1);
    let below = rows(inside, 2, inside.height.saturating_sub(2));
    if Class::of(area) == Class::Compact {
        let high = below.height * 2 / 5;
        let article = rows(below, high + 1, below.height.saturating_sub(high + 1));
        return KnowledgeAreas { whole, query, list: rows(below, 0, high), article };
    }
    let left = below.width * 2 / 5;
    let article = columns(below, left + 2, below.width.saturating_sub(left + 2));
    KnowledgeAreas { whole, query, list: columns(below, 0, left), article }
}

/// A dialog in the middle of `area`: `(columns, rows)` it needs, and up to a quarter more columns where there is room.
pub fn dialog(area: Rect, (wide, high): (u16, u16)) -> Rect {
    let wide = match Class::of(area) {
        Class::Compact => wide,
        Class::Standard => wide + wide / 8,
        Class::Wide => wide + wide / 4,
    };
    super::widgets::overlay::centred(area, wide, high)
}

/// How many rows each section of a panel gets of `height`: each is content with what it wants, and the rest is
/// shared by those who want more, the first ones first.
pub fn shares(height: u16, wants: &[u16]) -> Vec<u16> {
    let mut given = vec![0; wants.len()];
    let mut left = height;
    while left > 0 {
        let hungry: Vec<_> = (0..wants.len()).filter(|at| given[*at] < wants[*at]).collect();
        if hungry.is_empty() {
            break;
        }
        let each = (left / u16::try_from(hungry.len()).unwrap_or(1)).max(1);
        for at in hungry {
            let more = each.min(wants[at] - given[at]).min(left);
            given[at] += more;
            left -= more;
        }
    }
    given
}

/// Three beside each other: `first` and `second` columns wide, the third has the rest.
fn across(area: Rect, first: u16, second: u16) -> [Rect; 3] {
    let rest = area.width.saturating_sub(first + second);
    [columns(area, 0, first), columns(area, first, second), columns(area, first + second, rest)]
}

/// The upper half for a list, the lower for what is selected in it.
fn halves(area: Rect) -> (Rect, Rect) {
    let top = area.height / 2;
    (rows(area, 0, top), rows(area, top, area.height - top))
}

/// A list at the left, what is selected in it at the right.
fn beside(area: Rect) -> (Rect, Rect) {
    let left = area.width / 2;
    (columns(area, 0, left), columns(area, left, area.width - left))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The body of a terminal of this size: without header and footer.
    fn body(columns: u16, rows: u16) -> Rect {
        Rect::new(0, 1, columns, rows - 2)
    }

    const SIZES: [(u16, u16); 9] =
        [(80, 24), (80, 60), (100, 30), (104, 24), (120, 36), (160, 24), (168, 40), (200, 60), (300, 80)];

    #[test]
    fn each_size_has_its_design() {
        use Class::{Compact, Standard, Wide};
        let classes = SIZES.map(|(columns, rows)| Class::of(body(columns, rows)));
        assert_eq!(classes, [Compact, Compact, Compact, Standard, Standard, Standard, Wide, Wide, Wide]);
    }

    #[test]
    fn the_form_and_what_stands_beside_it() {
        let widths = SIZES.map(|(columns, rows)| {
            let areas = intake(body(columns, rows), false);
            [areas.form, areas.glance, areas.panel, areas.reader].map(|area| (area.width, area.height))
        });
        let none = (0, 0);
        assert_eq!(
            widths,
            [
                [(80, 20), (80, 2), none, none],
                [(80, 31), none, (40, 27), (40, 27)],
                [(100, 26), (100, 2), none, none],
                [(62, 22), none, (42, 22), none],
                [(72, 34), none, (48, 34), none],
                [(92, 22), none, (68, 22), none],
                [(72, 38), none, (44, 38), (52, 38)],
                [(80, 58), none, (50, 58), (70, 58)],
                [(100, 78), none, (64, 78), (136, 78)],
            ]
        );
    }

    /// Every design of every screen stays inside the body, and no two of its areas lie over each other.
    #[test]
    fn areas_stay_inside_and_apart() {
        for columns in (80..=300).step_by(4) {
            for rows in [24, 30, 36, 41, 42, 50, 60, 80] {
                let body = body(columns, rows);
                let (still, looking) = (intake(body, false), intake(body, true));
                let mut designs = vec![vec![still.form, still.glance, still.panel, still.reader]];
                if looking.over {
                    designs.push(vec![looking.panel, looking.reader]);
                } else {
                    designs.push(vec![looking.form, looking.panel, looking.reader]);
                }
                let (found, own, one) = (search(body), work(body), case(body));
                designs.push(vec![found.list, found.preview, found.timeline]);
                designs.push(vec![own.list, own.preview]);
                let kept = drafts(body);
                designs.push(vec![kept.list, kept.preview]);
                designs.push(vec![one.facts, one.timeline]);
                for areas in designs {
                    for (at, area) in areas.iter().enumerate() {
                        assert_eq!(area.intersection(body), *area, "{columns}x{rows}: {areas:?}");
                        for other in &areas[at + 1..] {
                            assert!(area.intersection(*other).is_empty(), "{columns}x{rows}: {areas:?}");
                        }
                    }
                }
                let panel = looking.panel;
                assert!(panel.width >= 34 && panel.height >= 10, "{columns}x{rows}: {panel:?}");
                assert!(still.form.height >= 20, "{columns}x{rows}: {:?}", still.form);
            }
        }
    }

    #[test]
    fn a_small_wish_is_met_and_the_rest_is_shared() {
        assert_eq!(shares(20, &[3, 30, 2, 30]), [3, 8, 2, 7]);
        assert_eq!(shares(20, &[3, 4]), [3, 4]);
        assert_eq!(shares(2, &[3, 4, 5]), [1, 1, 0]);
        assert_eq!(shares(0, &[3]), [0]);
    }
}
