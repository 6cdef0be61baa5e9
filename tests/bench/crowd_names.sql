-- Before a database of filed cases is multiplied: what is quicker made at the end is dropped and written down, and the
-- copies are named. COPIES is how many each case gets, at most 999.
CREATE UNLOGGED TABLE later (name TEXT, sql TEXT);
INSERT INTO later
  SELECT conname, format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
  FROM pg_constraint WHERE conrelid IN ('case_map'::regclass, 'event_map'::regclass) AND contype IN ('p', 'u');
INSERT INTO later
  SELECT indexrelid::regclass::text, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') FROM pg_index
  WHERE indrelid IN ('case_map'::regclass, 'audit'::regclass, 'case_terms'::regclass) AND NOT indisprimary AND NOT indisunique;

-- A caller's number with four other digits in its middle, so that each has as many cases as before.
CREATE FUNCTION other_number(old TEXT, nth INTEGER) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN old ~ '^[0-9]{11,}$'
    THEN overlay(old PLACING lpad(((substr(old, 4, 4)::int + nth * 83) % 10000)::text, 4, '0') FROM 4 FOR 4)
    ELSE old END
$$;

-- Spread evenly between the first and the last case of their month, at a moment that no case has.
CREATE UNLOGGED TABLE multiplied AS
SELECT name AS month, key AS of, nth, at AS key,
  overlay(id PLACING lpad(to_hex(nth), 3, '0') FROM 16 FOR 3) COLLATE "C" AS id, id AS old_id,
  (body || lpad((98 - (body || '00')::numeric % 97)::text, 2, '0')) COLLATE "C" AS number, number AS old_number,
  other_number(caller_key, nth) AS caller_key, caller_key AS old_caller,
  other_number(contact_key, nth) AS contact_key, contact_key AS old_contact
FROM (
  SELECT *, to_char(to_timestamp(at / 1000.0) AT TIME ZONE 'Asia/Shanghai', 'YYMMDDHH24MISS') || 1000 + nth AS body
  FROM (
    SELECT f.*, nth, first + (rank * (COPIES + 1) + nth) * ((last - first) / (n * (COPIES + 1))) AS at
    FROM (
      SELECT m.*, name, row_number() OVER same - 1 AS rank, count(*) OVER months AS n,
        min(key) OVER months AS first, max(key) OVER months AS last
      FROM case_map m JOIN case_month ON starts <= key AND key < ends
      WINDOW months AS (PARTITION BY name), same AS (PARTITION BY name ORDER BY key)
    ) f, generate_series(1, COPIES) nth
  ) spread
) named
WHERE NOT EXISTS (SELECT FROM case_map taken WHERE taken.key = at);

-- Dropped once the copies are named, which looks for them.
DO $$
DECLARE
  what RECORD;
BEGIN
  FOR what IN SELECT * FROM later LOOP
    IF what.sql LIKE 'ALTER%' THEN
      EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', split_part(what.sql, ' ', 3), what.name);
    ELSE
      EXECUTE format('DROP INDEX %s', what.name);
    END IF;
  END LOOP;
END $$;
ANALYZE multiplied;

INSERT INTO audit (at, actor, action, subject, request, detail)
  SELECT at + m.key - of, actor, action, id, request, detail
  FROM multiplied m JOIN audit ON subject = old_id ORDER BY m.key;
-- The places behind those of the transaction that filed the case: it left room for a million.
INSERT INTO event_map (place, id, key, seq)
  SELECT place + nth * 1024, gen_random_uuid()::text, m.key, seq
  FROM multiplied m JOIN event_map p ON p.key = of ORDER BY m.key;
INSERT INTO case_map (key, id, number, caller_key, contact_key)
  SELECT key, id, number, caller_key, contact_key FROM multiplied ORDER BY key;
CREATE INDEX ON multiplied (month, of);
