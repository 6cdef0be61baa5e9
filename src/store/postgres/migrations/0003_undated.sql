-- What somebody has open without a deadline, in its order: without an index of its own, all cases were walked through from
-- the oldest on.
CREATE INDEX case_undated_by_taker ON case_row (taken_by, key) WHERE unfinished = 1 AND due_at IS NULL;
