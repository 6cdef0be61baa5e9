//! The parts that screens are made of: inputs, lists, bars, popups. They know nothing of the theme, the case or the
//! API: styles come in as small structs of [`ratatui::style::Style`], texts as strings, and each draws itself into a
//! buffer. A focused input returns where the real cursor belongs, for input-method windows follow it.

pub mod bars;
mod clusters;
pub mod cut;
pub mod edit;
mod editor;
pub mod field;
pub mod list;
pub mod number;
#[cfg(test)]
mod odd_columns;
pub mod overlay;
mod rows;
pub mod screen;
pub mod scroll;
pub mod table;
pub mod textarea;
pub mod toast;
