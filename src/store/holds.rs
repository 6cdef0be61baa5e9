//! Whether a case holds an expression, read off its entry: for an engine whose index leaves that open.

use super::search::{Expression, IndexEntry};

/// Whether the entry holds the expression; the caller's part counts only where `callers` may be looked at.
pub(super) fn holds(entry: &IndexEntry, expression: &Expression, callers: bool) -> bool {
    let fields = [Some(&entry.body), callers.then_some(&entry.caller), Some(&entry.filters)];
    let fields: Vec<Vec<&str>> =
        fields.into_iter().flatten().map(|field| field.split(' ').collect()).collect();
    fits(&fields, expression)
}

fn fits(fields: &[Vec<&str>], expression: &Expression) -> bool {
    match expression {
        Expression::All(parts) => parts.iter().all(|part| fits(fields, part)),
        Expression::Any(parts) => parts.iter().any(|part| fits(fields, part)),
        Expression::Without(both) => fits(fields, &both[0]) && !fits(fields, &both[1]),
        Expression::Phrase { terms, prefix } => fields.iter().any(|field| {
            field.windows(terms.len().max(1)).any(|window| {
                window.iter().zip(terms).enumerate().all(|(at, (term, wanted))| {
                    if *prefix && at + 1 == terms.len() {
                        term.starts_with(wanted.as_str())
                    } else {
                        term == wanted
                    }
                })
            })
        }),
    }
}
