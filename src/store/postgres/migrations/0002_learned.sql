-- What was learned from the history, as it was at a place of the feed. It can be made anew from the events at any time.

CREATE TABLE learned (
  name TEXT COLLATE "C" PRIMARY KEY,
  place BIGINT NOT NULL,                  -- of the last event it was learned from
  model BYTEA NOT NULL
);
