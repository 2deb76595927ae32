-- Where every object stood at a revision, so that neither a start nor a look into the past reads the
-- whole journal: the rows at or below the checkpoint are found by their keys, later ones by order.
CREATE TABLE journal_checkpoint (
  revision   BIGINT      NOT NULL PRIMARY KEY,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE TABLE journal_checkpoint_row (
  checkpoint      BIGINT NOT NULL REFERENCES journal_checkpoint ON DELETE CASCADE,
  persistence_id  TEXT COLLATE "C" NOT NULL,
  sequence_number BIGINT NOT NULL,
  PRIMARY KEY (checkpoint, persistence_id)
);

-- The newest row's key of each persistence id in a range, as of a revision.
CREATE FUNCTION journal_newest(from_id TEXT, to_id TEXT, as_of BIGINT)
  RETURNS TABLE (persistence_id TEXT, sequence_number BIGINT)
LANGUAGE sql STABLE AS $$
  WITH base AS (
    SELECT coalesce(max(c.revision), 0) AS revision FROM journal_checkpoint c
     WHERE c.revision <= as_of)
  SELECT u.persistence_id, max(u.sequence_number) FROM (
    SELECT r.persistence_id, r.sequence_number FROM journal_checkpoint_row r
     WHERE r.checkpoint = (SELECT revision FROM base)
       AND r.persistence_id >= from_id AND r.persistence_id < to_id
    UNION ALL
    SELECT j.persistence_id, j.sequence_number FROM event_journal j
     WHERE j.ordering > (SELECT revision FROM base) AND j.ordering <= as_of
       AND j.persistence_id >= from_id AND j.persistence_id < to_id) u
   GROUP BY u.persistence_id
$$;
