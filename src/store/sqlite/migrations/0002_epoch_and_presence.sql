-- What the store knows of itself, and who has a case before them now.

CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Changed when the store is put back from a backup.
INSERT INTO meta (name, value) VALUES ('epoch', lower(hex(randomblob(16))));
-- No desk gets a new station up to this one: after a backup was put back, somebody may hold it without a row.
INSERT INTO meta (name, value) VALUES ('stations_skipped', '0');

-- Passing: nothing is lost with a row, and none outlives its end.
CREATE TABLE presence (
  case_id TEXT NOT NULL,
  account TEXT NOT NULL,
  doing TEXT NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (case_id, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX presence_by_end ON presence (until);
