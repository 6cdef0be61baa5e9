//! Cases: what a desk sends to file one, and what the server shows of one.

mod filing;
mod shown;

pub use filing::*;
pub use shown::*;
