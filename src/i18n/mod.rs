//! What the program says, in the person's language: Chinese first, English second.
