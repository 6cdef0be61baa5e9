-- Cases and their events, the search index, accounts, sessions, stations and the audit trail.
-- Times are milliseconds since 1970, documents are JSON text, ids are UUIDs in canonical text.

-- One row a case: the projection of its events, with what is searched and sorted by beside the document.
CREATE TABLE case_file (
  key INTEGER PRIMARY KEY,                -- received_at, or the next free millisecond: time order
  id TEXT NOT NULL UNIQUE,
  number TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  unfinished INTEGER NOT NULL,
  departments TEXT NOT NULL,              -- the codes, the lead first, with a blank between
  taken_by TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  due_at INTEGER,                         -- while a department has it
  returned_at INTEGER,                    -- while it waits for dispatch after a return
  caller_key TEXT,
  contact_key TEXT,
  content BLOB NOT NULL,                  -- SHA-256 of what was filed
  written TEXT NOT NULL,                  -- what later events added to the text, for search
  document TEXT NOT NULL
) STRICT;
CREATE INDEX case_by_caller ON case_file (caller_key) WHERE caller_key IS NOT NULL;
CREATE INDEX case_by_contact ON case_file (contact_key) WHERE contact_key IS NOT NULL;
CREATE INDEX case_by_taker ON case_file (taken_by, key);
CREATE INDEX case_open_by_taker ON case_file (taken_by, due_at) WHERE unfinished = 1;
CREATE INDEX case_returned_by_taker ON case_file (taken_by, returned_at) WHERE returned_at IS NOT NULL;

-- The truth: append-only.
CREATE TABLE case_event (
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  case_id TEXT NOT NULL REFERENCES case_file (id),
  seq INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,                    -- of the case after it
  content BLOB,                           -- SHA-256 of the act; NULL for what came with the filing
  body TEXT NOT NULL,
  UNIQUE (case_id, seq)
) STRICT;
CREATE TRIGGER case_event_is_never_changed BEFORE UPDATE ON case_event
BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END;
CREATE TRIGGER case_event_is_never_deleted BEFORE DELETE ON case_event
BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END;

-- Terms are made by the program (domain/terms.rs); the tokenizer only splits at blanks.
CREATE VIRTUAL TABLE case_search USING fts5(
  body, caller, filters, content = '', contentless_delete = 1, tokenize = 'ascii'
);
-- Merging is the writer's, in idle moments and in bounded steps.
INSERT INTO case_search (case_search, rank) VALUES ('automerge', 0);
INSERT INTO case_search (case_search, rank) VALUES ('usermerge', 2);
INSERT INTO case_search (case_search, rank) VALUES ('crisismerge', 64);

CREATE TABLE account (
  name TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  departments TEXT NOT NULL,              -- JSON list of codes
  disabled INTEGER NOT NULL,
  password TEXT NOT NULL,                 -- PHC string
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  token BLOB PRIMARY KEY,                 -- SHA-256 of the token
  id TEXT NOT NULL UNIQUE,                -- by which its owner may end it
  account TEXT NOT NULL REFERENCES account (name),
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_account ON session (account, created_at);

-- Failed sign-ins. No reference: names that do not exist are tried too.
CREATE TABLE attempt (
  place INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX attempt_by_account ON attempt (account, at);
CREATE INDEX attempt_by_time ON attempt (at);

CREATE TABLE station (
  code INTEGER PRIMARY KEY,
  desk TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL,
  leased_until INTEGER NOT NULL
) STRICT;
CREATE INDEX station_by_lease ON station (leased_until);

CREATE TABLE audit (
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT,                             -- NULL where nobody is signed in
  action TEXT NOT NULL,
  subject TEXT NOT NULL,                  -- the case, account or session it was done to; may be empty
  request TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_subject ON audit (subject, place) WHERE subject <> '';
CREATE INDEX audit_by_actor ON audit (actor, place);
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
