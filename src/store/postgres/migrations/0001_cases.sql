-- Cases and their events, the search index, accounts, sessions, stations, presence and the audit trail.
-- Times are milliseconds since 1970, documents are JSON text, ids are UUIDs in canonical text.
--
-- What grows without end lies in a partition for each month of intake: `case_row`, `event_row` and `case_terms`, by the
-- key of the case, which is its time of receipt or a free one soon after. Beside them two narrow tables without
-- partitions say where to look: by id, number and caller (`case_map`), by event id and place in the feed (`event_map`).
-- The commands know neither; they read and write the views `case_file` and `case_event`.

CREATE TABLE meta (
  name TEXT COLLATE "C" PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);
-- Changed when the store is put back from a backup.
INSERT INTO meta (name, value) VALUES ('epoch', replace(gen_random_uuid()::text, '-', ''));
-- No desk gets a new station up to this one: after a backup was put back, somebody may hold it without a row.
INSERT INTO meta (name, value) VALUES ('stations_skipped', '0');

-- The feed. A place is the number of the transaction and a count within it: places below that of the oldest transaction
-- still under way are settled, for nobody will write there any more. A sequence could not tell that, since it is asked
-- before the commit.
CREATE TABLE feed_base (
  base BIGINT NOT NULL                    -- added to every place: a cluster that was restored counts transactions anew
);
INSERT INTO feed_base (base) VALUES (0);
CREATE FUNCTION feed_floor(xid XID8) RETURNS BIGINT LANGUAGE sql STABLE AS
  $$ SELECT base + (xid::text::bigint << 20) FROM feed_base $$;
CREATE FUNCTION next_place() RETURNS BIGINT LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  first BIGINT := feed_floor(pg_current_xact_id());
  place BIGINT := nullif(current_setting('huiyin.place', true), '')::bigint;
BEGIN
  place := CASE WHEN place >= first THEN place + 1 ELSE first END;
  IF place >= first + (1 << 20) THEN
    RAISE EXCEPTION 'too many events in one transaction' USING ERRCODE = 'program_limit_exceeded';
  END IF;
  PERFORM set_config('huiyin.place', place::text, true);
  RETURN place;
END $$;

-- Which months there are.
CREATE TABLE case_month (
  starts BIGINT PRIMARY KEY,              -- the first key of the month, in UTC
  ends BIGINT NOT NULL,                   -- the first of the next
  name TEXT COLLATE "C" NOT NULL UNIQUE   -- YYYYMM, with which the names of its partitions end
);

-- One row a case: the projection of its events, with what is searched and sorted by beside the document.
CREATE TABLE case_map (
  key BIGINT PRIMARY KEY,
  id TEXT COLLATE "C" NOT NULL UNIQUE,
  number TEXT COLLATE "C" NOT NULL UNIQUE,
  caller_key TEXT COLLATE "C",
  contact_key TEXT COLLATE "C"
);
CREATE INDEX case_by_caller ON case_map (caller_key) WHERE caller_key IS NOT NULL;
CREATE INDEX case_by_contact ON case_map (contact_key) WHERE contact_key IS NOT NULL;

CREATE TABLE case_row (
  key BIGINT PRIMARY KEY,
  version INTEGER NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  unfinished INTEGER NOT NULL,
  departments TEXT COLLATE "C" NOT NULL,  -- the codes, the lead first, with a blank between
  taken_by TEXT COLLATE "C" NOT NULL,
  received_at BIGINT NOT NULL,
  due_at BIGINT,                          -- while a department has it
  returned_at BIGINT,                     -- while it waits for dispatch after a return
  content BYTEA NOT NULL,                 -- SHA-256 of what was filed
  written TEXT COLLATE "C" NOT NULL,      -- what later events added to the text, for search
  document TEXT COLLATE "C" NOT NULL
) PARTITION BY RANGE (key);
CREATE INDEX case_by_taker ON case_row (taken_by, key);
CREATE INDEX case_open_by_taker ON case_row (taken_by, due_at) WHERE unfinished = 1;
CREATE INDEX case_returned_by_taker ON case_row (taken_by, returned_at) WHERE returned_at IS NOT NULL;

-- The truth: append-only.
CREATE TABLE event_row (
  key BIGINT NOT NULL,                    -- of the case
  seq INTEGER NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,        -- of the case after it
  content BYTEA,                          -- SHA-256 of the act; NULL for what came with the filing
  body TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (key, seq)
) PARTITION BY RANGE (key);
CREATE TABLE event_map (
  place BIGINT PRIMARY KEY,
  id TEXT COLLATE "C" NOT NULL UNIQUE,
  key BIGINT NOT NULL,
  seq INTEGER NOT NULL,
  UNIQUE (key, seq)
);

CREATE FUNCTION is_append_only() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER event_row_is_never_changed BEFORE UPDATE OR DELETE ON event_row
  FOR EACH ROW EXECUTE FUNCTION is_append_only();
CREATE TRIGGER event_map_is_never_changed BEFORE UPDATE ON event_map
  FOR EACH ROW EXECUTE FUNCTION is_append_only();
-- Only what lies in no month any more may go (`drop_month`).
CREATE FUNCTION event_is_kept() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM case_month WHERE starts <= OLD.key AND OLD.key < ends) THEN
    RAISE EXCEPTION 'case_event is append-only' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER event_map_is_never_deleted BEFORE DELETE ON event_map
  FOR EACH ROW EXECUTE FUNCTION event_is_kept();

-- Tokens are made by the program (store/tokens.rs). Rows are kept whole and inline, so that the newest are looked
-- through without unpacking them.
CREATE TABLE case_terms (
  key BIGINT PRIMARY KEY,
  terms TSVECTOR NOT NULL
) PARTITION BY RANGE (key);
CREATE INDEX case_by_terms ON case_terms USING gin (terms) WITH (fastupdate = off);

-- The months that hold the cases and events.
CREATE FUNCTION make_month(of BIGINT) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
  month TIMESTAMP := date_trunc('month', to_timestamp(of / 1000.0) AT TIME ZONE 'UTC');
  first BIGINT := extract(epoch FROM month)::bigint * 1000;
  after BIGINT := extract(epoch FROM month + interval '1 month')::bigint * 1000;
  suffix TEXT := to_char(month, 'YYYYMM');
BEGIN
  -- 'HYmo': one at a time, and the second finds it made.
  PERFORM pg_advisory_xact_lock(1213820271);
  IF EXISTS (SELECT 1 FROM case_month WHERE starts = first) THEN
    RETURN;
  END IF;
  -- Made beside and attached, which locks out no reader and no writer.
  EXECUTE format('CREATE TABLE case_row_%1$s (LIKE case_row INCLUDING ALL)', suffix);
  EXECUTE format('CREATE TABLE event_row_%1$s (LIKE event_row INCLUDING ALL)', suffix);
  EXECUTE format('CREATE TABLE case_terms_%1$s (LIKE case_terms INCLUDING ALL) WITH (toast_tuple_target = 8160)', suffix);
  EXECUTE format('ALTER TABLE case_row ATTACH PARTITION case_row_%1$s FOR VALUES FROM (%2$s) TO (%3$s)', suffix, first, after);
  EXECUTE format('ALTER TABLE event_row ATTACH PARTITION event_row_%1$s FOR VALUES FROM (%2$s) TO (%3$s)', suffix, first, after);
  EXECUTE format('ALTER TABLE case_terms ATTACH PARTITION case_terms_%1$s FOR VALUES FROM (%2$s) TO (%3$s)', suffix, first, after);
  INSERT INTO case_month (starts, ends, name) VALUES (first, after, suffix);
END $$;
-- Forgets the cases of one month for good; answers how many there were.
CREATE FUNCTION drop_month(suffix TEXT) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
  month case_month;
  dropped BIGINT;
BEGIN
  PERFORM pg_advisory_xact_lock(1213820271);
  DELETE FROM case_month WHERE name = suffix RETURNING * INTO month;
  IF month IS NULL THEN
    RETURN 0;
  END IF;
  EXECUTE format('DROP TABLE case_row_%1$s, event_row_%1$s, case_terms_%1$s', suffix);
  DELETE FROM event_map WHERE key >= month.starts AND key < month.ends;
  DELETE FROM case_map WHERE key >= month.starts AND key < month.ends;
  GET DIAGNOSTICS dropped = ROW_COUNT;
  RETURN dropped;
END $$;

-- What the commands know.
CREATE VIEW case_file AS
  SELECT r.key, m.id, m.number, r.version, r.state, r.unfinished, r.departments, r.taken_by, r.received_at, r.due_at,
    r.returned_at, m.caller_key, m.contact_key, r.content, r.written, r.document
  -- An outer join, which goes away where nothing of the map is asked for.
  FROM case_row r LEFT JOIN case_map m ON m.key = r.key;
CREATE FUNCTION case_file_is_written() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (SELECT 1 FROM case_month WHERE starts <= NEW.key AND NEW.key < ends) THEN
      -- The program makes the month, and files again.
      RAISE EXCEPTION 'there is no such month' USING ERRCODE = 'HY001', DETAIL = NEW.key;
    END IF;
    INSERT INTO case_map (key, id, number, caller_key, contact_key)
      VALUES (NEW.key, NEW.id, NEW.number, NEW.caller_key, NEW.contact_key);
    INSERT INTO case_row (key, version, state, unfinished, departments, taken_by, received_at, due_at, returned_at,
        content, written, document)
      VALUES (NEW.key, NEW.version, NEW.state, NEW.unfinished, NEW.departments, NEW.taken_by, NEW.received_at,
        NEW.due_at, NEW.returned_at, NEW.content, NEW.written, NEW.document);
    RETURN NEW;
  END IF;
  IF (NEW.key, NEW.id, NEW.number) IS DISTINCT FROM (OLD.key, OLD.id, OLD.number) THEN
    RAISE EXCEPTION 'a case keeps its names' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.caller_key, NEW.contact_key) IS DISTINCT FROM (OLD.caller_key, OLD.contact_key) THEN
    UPDATE case_map SET caller_key = NEW.caller_key, contact_key = NEW.contact_key WHERE key = NEW.key;
  END IF;
  UPDATE case_row SET version = NEW.version, state = NEW.state, unfinished = NEW.unfinished,
      departments = NEW.departments, taken_by = NEW.taken_by, received_at = NEW.received_at, due_at = NEW.due_at,
      returned_at = NEW.returned_at, content = NEW.content, written = NEW.written, document = NEW.document
    WHERE key = NEW.key;
  RETURN NEW;
END $$;
CREATE TRIGGER case_file_is_written INSTEAD OF INSERT OR UPDATE ON case_file
  FOR EACH ROW EXECUTE FUNCTION case_file_is_written();

CREATE VIEW case_event AS
  SELECT p.place, m.id AS case_id, e.seq, p.id, e.at, e.actor, e.kind, e.state, e.content, e.body
  FROM event_map p JOIN event_row e ON e.key = p.key AND e.seq = p.seq JOIN case_map m ON m.key = p.key;
CREATE FUNCTION case_event_is_written() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
  of BIGINT;
BEGIN
  SELECT key INTO of FROM case_map WHERE id = NEW.case_id;
  IF of IS NULL THEN
    RAISE EXCEPTION 'there is no such case' USING ERRCODE = 'foreign_key_violation';
  END IF;
  NEW.place := coalesce(NEW.place, next_place());
  INSERT INTO event_map (place, id, key, seq) VALUES (NEW.place, NEW.id, of, NEW.seq);
  INSERT INTO event_row (key, seq, at, actor, kind, state, content, body)
    VALUES (of, NEW.seq, NEW.at, NEW.actor, NEW.kind, NEW.state, NEW.content, NEW.body);
  RETURN NEW;
END $$;
CREATE TRIGGER case_event_is_written INSTEAD OF INSERT ON case_event
  FOR EACH ROW EXECUTE FUNCTION case_event_is_written();
CREATE TRIGGER case_event_is_never_changed INSTEAD OF UPDATE OR DELETE ON case_event
  FOR EACH ROW EXECUTE FUNCTION is_append_only();

CREATE TABLE account (
  name TEXT COLLATE "C" PRIMARY KEY,
  role TEXT COLLATE "C" NOT NULL,
  departments TEXT COLLATE "C" NOT NULL,  -- JSON list of codes
  disabled INTEGER NOT NULL,
  password TEXT COLLATE "C" NOT NULL,     -- PHC string
  created_at BIGINT NOT NULL
);

CREATE TABLE session (
  token BYTEA PRIMARY KEY,                -- SHA-256 of the token
  id TEXT COLLATE "C" NOT NULL UNIQUE,    -- by which its owner may end it
  account TEXT COLLATE "C" NOT NULL REFERENCES account (name),
  created_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX session_by_account ON session (account, created_at);

-- Failed sign-ins. No reference: names that do not exist are tried too.
CREATE TABLE attempt (
  place BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account TEXT COLLATE "C" NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX attempt_by_account ON attempt (account, at);
CREATE INDEX attempt_by_time ON attempt (at);

CREATE TABLE station (
  code INTEGER PRIMARY KEY,
  desk TEXT COLLATE "C" NOT NULL UNIQUE,
  account TEXT COLLATE "C" NOT NULL,
  leased_until BIGINT NOT NULL
);
CREATE INDEX station_by_lease ON station (leased_until);

-- Passing: nothing is lost with a row, and none outlives its end.
CREATE TABLE presence (
  case_id TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  doing TEXT COLLATE "C" NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (case_id, account)
);
CREATE INDEX presence_by_end ON presence (until);

CREATE TABLE audit (
  place BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT COLLATE "C",                 -- NULL where nobody is signed in
  action TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,      -- the case, account or session it was done to; may be empty
  request TEXT COLLATE "C" NOT NULL,
  detail TEXT COLLATE "C" NOT NULL
);
CREATE INDEX audit_by_subject ON audit (subject, place) WHERE subject <> '';
CREATE INDEX audit_by_actor ON audit (actor, place);
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OR DELETE ON audit
  FOR EACH ROW EXECUTE FUNCTION is_append_only();
