//! Which columns make which field: guessed from the headers, overruled by `--map`.

use std::collections::BTreeMap;

use rust_i18n::t;

use super::super::failure::Failure;
use super::columns::{FIELDS, Field, Rule, plain};
use super::file::Cell;

/// What a field is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Column(usize),
    Template(Vec<Piece>),
    Word(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Column(usize),
}

/// The sources of the fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mapping(BTreeMap<Field, Source>);

impl Mapping {
    /// Guesses from `columns`, then follows `rules`. A table without any text, or without times, is of no use.
    pub(super) fn new(columns: &[String], rules: &[Rule]) -> Result<Self, Failure> {
        let headers: Vec<_> = columns.iter().map(|column| plain(column)).collect();
        let mut sources = BTreeMap::new();
        let mut taken = Vec::new();
        for rule in rules {
            // A field that is mapped by hand is not guessed, not even one that is mapped to nothing.
            taken.push(rule.field);
            if !rule.what.is_empty() {
                sources.insert(rule.field, source(rule, columns, &headers)?);
            }
        }
        let used: Vec<_> = sources.values().filter_map(Source::column).collect();
        for (field, _, known) in FIELDS.iter().filter(|(field, ..)| !taken.contains(field)) {
            let found = known.iter().find_map(|known| {
                headers
                    .iter()
                    .enumerate()
                    .position(|(index, header)| header == known && !used.contains(&index))
            });
            if let Some(index) = found {
                sources.insert(*field, Source::Column(index));
            }
        }
        for (needed, name) in [
            ([Field::Text, Field::Title].as_slice(), "text"),
            ([Field::ReceivedAt].as_slice(), "received_at"),
        ] {
            if !needed.iter().any(|field| sources.contains_key(field)) {
                let columns = columns.join(", ");
                return Err(Failure::usage(
                    "import_missing",
                    t!("cli.import.missing", field = name, columns = columns),
                ));
            }
        }
        Ok(Self(sources))
    }

    /// The mapping for a person to read, one field a line.
    pub(super) fn told(&self, columns: &[String]) -> Vec<String> {
        let name = |index: &usize| columns.get(*index).cloned().unwrap_or_default();
        let tell = |source: &Source| match source {
            Source::Column(index) => name(index),
            Source::Word(word) => format!("“{word}”"),
            Source::Template(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Literal(text) => text.clone(),
                    Piece::Column(index) => format!("{{{}}}", name(index)),
                })
                .collect(),
        };
        self.0.iter().map(|(field, source)| format!("{} = {}", field.name(), tell(source))).collect()
    }

    /// The cell of a field that is one column, for types that a text would lose.
    pub(super) fn cell<'a>(&self, field: Field, cells: &'a [Cell]) -> Option<&'a Cell> {
        match self.0.get(&field)? {
            Source::Column(index) => cells.get(*index),
            _ => None,
        }
    }

    /// The text of a field, without the white space around it; none if that leaves nothing.
    pub(super) fn text(&self, field: Field, cells: &[Cell]) -> Option<String> {
        let text = match self.0.get(&field)? {
            Source::Column(index) => cells.get(*index)?.text(),
            Source::Word(word) => word.clone(),
            Source::Template(pieces) => {
                let values: Vec<_> = pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Literal(text) => text.clone(),
                        Piece::Column(index) => cells.get(*index).map(Cell::text).unwrap_or_default(),
                    })
                    .collect();
                let filled = pieces.iter().zip(&values);
                // A template of empty columns is empty, whatever stands between them.
                if !filled
                    .clone()
                    .any(|(piece, value)| matches!(piece, Piece::Column(_)) && !value.trim().is_empty())
                {
                    return None;
                }
                values.concat()
            }
        };
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

impl Source {
    fn column(&self) -> Option<usize> {
        if let Self::Column(index) = self { Some(*index) } else { None }
    }
}

fn source(rule: &Rule, columns: &[String], headers: &[String]) -> Result<Source, Failure> {
    if rule.what.contains('{') {
        return template(&rule.what, columns, headers).map(Source::Template);
    }
    match find(&rule.what, columns, headers) {
        Ok(index) => Ok(Source::Column(index)),
        Err(_) if rule.field.takes_a_word() => Ok(Source::Word(rule.what.clone())),
        Err(failure) => Err(failure),
    }
}

fn template(text: &str, columns: &[String], headers: &[String]) -> Result<Vec<Piece>, Failure> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after
            .split_once('}')
            .ok_or_else(|| Failure::usage("import_map_form", t!("cli.import.map.form", text = text)))?;
        if !before.is_empty() {
            pieces.push(Piece::Literal(before.to_owned()));
        }
        pieces.push(Piece::Column(find(name, columns, headers)?));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest.to_owned()));
    }
    Ok(pieces)
}

/// The column of that very name, or of that name as [`plain`] leaves it.
fn find(name: &str, columns: &[String], headers: &[String]) -> Result<usize, Failure> {
    let exact = columns.iter().position(|column| column.trim() == name.trim());
    exact.or_else(|| headers.iter().position(|header| *header == plain(name))).ok_or_else(|| {
        let columns = columns.join(", ");
        Failure::usage("import_map_column", t!("cli.import.map.column", name = name, columns = columns))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn told(names: &[&str], rules: &[&str]) -> Vec<String> {
        let columns = columns(names);
        let rules: Vec<_> = rules.iter().map(|rule| Rule::parse(rule).unwrap()).collect();
        Mapping::new(&columns, &rules).unwrap().told(&columns)
    }

    #[test]
    fn headers_are_recognised_in_both_languages() {
        assert_eq!(
            told(&["留言编号", "留言主题", "留言时间", "留言详情", "点赞数"], &[]),
            ["received_at = 留言时间", "title = 留言主题", "text = 留言详情"]
        );
        assert_eq!(
            told(
                &[
                    "Unique Key",
                    "Created Date",
                    "Complaint Type",
                    "Descriptor",
                    "Incident Address",
                    "Location"
                ],
                &[]
            ),
            [
                "received_at = Created Date",
                "title = Complaint Type",
                "text = Descriptor",
                "place = Incident Address"
            ]
        );
        assert_eq!(
            told(&["受理时间（北京）", " 内 容 "], &[]),
            ["received_at = 受理时间（北京）", "text =  内 容 "]
        );
    }

    #[test]
    fn a_rule_overrules_a_guess() {
        let names = ["Created Date", "Complaint Type", "Descriptor", "Agency"];
        let rules = ["title={Complaint Type}: {Descriptor}", "kind=complaint", "text=Agency"];
        assert_eq!(
            told(&names, &rules),
            [
                "received_at = Created Date",
                "title = {Complaint Type}: {Descriptor}",
                "text = Agency",
                "kind = “complaint”"
            ]
        );
        assert_eq!(told(&names, &["text="]), ["received_at = Created Date", "title = Complaint Type"]);
    }

    #[test]
    fn what_cannot_be_mapped_is_said() {
        for rule in ["title", "colour=Agency", "title=Nothing", "title={Agency"] {
            let made = Rule::parse(rule)
                .and_then(|rule| Mapping::new(&columns(&["time", "text", "Agency"]), &[rule]));
            assert!(matches!(made, Err(Failure::Usage(_))), "{rule}");
        }
        assert!(matches!(Mapping::new(&columns(&["a", "b"]), &[]), Err(Failure::Usage(_))));
    }

    #[test]
    fn a_template_of_empty_columns_is_empty() {
        let rule = Rule::parse("title={a}: {b}").unwrap();
        let mapping = Mapping::new(&columns(&["a", "b", "time"]), &[rule]).unwrap();
        let text =
            |a: &str, b: &str| mapping.text(Field::Title, &[Cell::Text(a.into()), Cell::Text(b.into())]);
        assert_eq!(text(" ", ""), None);
        assert_eq!(text("Noise", "Loud").as_deref(), Some("Noise: Loud"));
    }
}
