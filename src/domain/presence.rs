//! What somebody does with a case that is before them now.

use super::code::code_enum;

code_enum! {
    /// What somebody does with a case.
    Doing = "doing" {
        /// Reads it.
        Reading = "reading",
        /// Types something for it.
        Editing = "editing",
    }
}
