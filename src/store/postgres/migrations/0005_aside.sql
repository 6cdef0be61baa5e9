-- Letting a month go takes long and writes no event, so the feed need not wait for it.
CREATE TABLE feed_aside (
  xid XID8 PRIMARY KEY                    -- of a transaction under way that will write no event
);
-- Places below it are settled: that of the oldest transaction under way that may write one. A copy does not know which
-- ones are under way, only which is the oldest.
CREATE FUNCTION feed_settled() RETURNS BIGINT LANGUAGE sql STABLE AS $$
  SELECT feed_floor(CASE WHEN pg_is_in_recovery() THEN pg_snapshot_xmin(seen.snapshot) ELSE least(
      (SELECT min(under_way) FROM pg_snapshot_xip(seen.snapshot) AS under_way
        WHERE NOT EXISTS (SELECT FROM feed_aside WHERE xid = under_way)),
      pg_current_xact_id_if_assigned(), pg_snapshot_xmax(seen.snapshot)) END)
    FROM (SELECT pg_current_snapshot() AS snapshot) AS seen
$$;
