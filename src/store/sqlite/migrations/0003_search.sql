-- The search index without places of words: a third of the size. What stands beside what is told by terms of two, and
-- seen on the case itself (sqlite/search.rs). Rows of the index are numbered by seconds, so keys are whole seconds.

CREATE TABLE key_of_second (old INTEGER PRIMARY KEY, key INTEGER NOT NULL) STRICT;
INSERT INTO key_of_second (old, key)
  SELECT key, 1000 * (place + max((key + 999) / 1000 - place) OVER (ORDER BY key ROWS UNBOUNDED PRECEDING))
  FROM (SELECT key, row_number() OVER (ORDER BY key) AS place FROM case_file);
UPDATE case_file SET key = -(SELECT new.key FROM key_of_second new WHERE new.old = case_file.key);
UPDATE case_file SET key = -key;
DROP TABLE key_of_second;

DROP TABLE case_search;
CREATE VIRTUAL TABLE case_search USING fts5(
  terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
-- Merging is the writer's, in idle moments and in bounded steps.
INSERT INTO case_search (case_search, rank) VALUES ('automerge', 0);
INSERT INTO case_search (case_search, rank) VALUES ('usermerge', 2);
INSERT INTO case_search (case_search, rank) VALUES ('crisismerge', 64);
