-- A month is let go by the program (`forget.rs`), which looks first whether it may and locks everybody out for a moment
-- only. What did it before knew neither.
DROP FUNCTION drop_month(TEXT);
