-- The journal: one row per change, named as pekko-persistence-jdbc names its columns.
CREATE TABLE event_journal (
  ordering           BIGSERIAL NOT NULL,           -- the revision
  persistence_id     TEXT COLLATE "C" NOT NULL,          -- type|namespace|name
  sequence_number    BIGINT    NOT NULL,           -- the object's own count of its changes
  deleted            BOOLEAN   NOT NULL DEFAULT FALSE,
  writer             TEXT      NOT NULL,
  write_timestamp    BIGINT    NOT NULL,
  adapter_manifest   TEXT      NOT NULL DEFAULT '',
  event_ser_id       INTEGER   NOT NULL DEFAULT 0,
  event_ser_manifest TEXT      NOT NULL,           -- 'object', 'removed', or a ledger's
  event_payload      BYTEA     NOT NULL,           -- UTF-8 JSON
  meta_ser_id        INTEGER,
  meta_ser_manifest  TEXT,
  meta_payload       BYTEA,
  -- The fence: a second writer of one object collides here.
  PRIMARY KEY (persistence_id, sequence_number)
);
CREATE UNIQUE INDEX event_journal_ordering ON event_journal (ordering);
-- Payloads are JSON of one or two kilobytes: compressing each costs more than it saves.
ALTER TABLE event_journal ALTER COLUMN event_payload SET STORAGE EXTERNAL;

-- The hash chain: one row per committed batch.
CREATE TABLE journal_batch (
  first_revision BIGINT NOT NULL PRIMARY KEY,
  last_revision  BIGINT NOT NULL,
  committed_at   TIMESTAMPTZ NOT NULL,
  digests        BYTEA  NOT NULL,                  -- 32 bytes for each row, in order
  previous_hash  BYTEA  NOT NULL,
  hash           BYTEA  NOT NULL
);

CREATE FUNCTION journal_digest(
    revision BIGINT, persistence_id TEXT, sequence_number BIGINT, written BIGINT,
    manifest TEXT, payload BYTEA) RETURNS BYTEA
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT sha256(convert_to(revision || '|' || sequence_number || '|' || written || '|' || manifest
    || '|' || persistence_id || '|', 'UTF8') || payload)
$$;

CREATE FUNCTION journal_hash(
    previous BYTEA, first_revision BIGINT, last_revision BIGINT, committed_at TIMESTAMPTZ,
    digests BYTEA) RETURNS BYTEA
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT sha256(previous || convert_to(first_revision || '|' || last_revision || '|'
    || (extract(epoch FROM committed_at) * 1000000)::bigint || '|', 'UTF8') || digests)
$$;

-- Revisions in commit order: whoever inserts holds this lock until the commit, and a sequence value
-- is taken only after it. It stands in the schema so that no writer can forget it.
CREATE FUNCTION journal_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7766353);
  RETURN NULL;
END $$;
CREATE TRIGGER journal_order BEFORE INSERT ON event_journal
  FOR EACH STATEMENT EXECUTE FUNCTION journal_order();

-- Runs after the lock was taken, and each of its statements takes a new snapshot (READ COMMITTED),
-- so it sees the batch before.
CREATE FUNCTION journal_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  previous BYTEA;
  first BIGINT;
  last BIGINT;
  digests BYTEA;
  now TIMESTAMPTZ := clock_timestamp();
BEGIN
  SELECT b.hash INTO previous FROM journal_batch b ORDER BY b.first_revision DESC LIMIT 1;
  SELECT min(i.ordering), max(i.ordering), string_agg(
      journal_digest(i.ordering, i.persistence_id, i.sequence_number, i.write_timestamp,
        i.event_ser_manifest, i.event_payload), ''::bytea ORDER BY i.ordering)
    INTO first, last, digests FROM inserted i;
  IF first IS NOT NULL THEN
    previous := coalesce(previous, ''::bytea);
    INSERT INTO journal_batch VALUES (first, last, now, digests, previous,
      journal_hash(previous, first, last, now, digests));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER journal_chain AFTER INSERT ON event_journal
  REFERENCING NEW TABLE AS inserted
  FOR EACH STATEMENT EXECUTE FUNCTION journal_chain();

-- For people: who changed what, when. json, not jsonb, since a string in an object may hold \u0000.
CREATE VIEW history AS
  SELECT j.ordering AS revision,
         to_timestamp((e.fact ->> 'time')::bigint / 1000.0) AS time,
         e.fact ->> 'user' AS "user",
         e.fact ->> 'verb' AS verb,
         e.fact ->> 'subresource' AS subresource,
         split_part(j.persistence_id, '|', 1) AS resource,
         split_part(j.persistence_id, '|', 2) AS namespace,
         split_part(j.persistence_id, '|', 3) AS name,
         j.sequence_number AS sequence,
         j.event_ser_manifest = 'removed' AS removed,
         e.fact -> 'groups' AS groups,
         e.fact ->> 'userAgent' AS user_agent,
         e.fact ->> 'fieldManager' AS field_manager,
         e.fact ->> 'requestId' AS request_id,
         e.fact -> 'object' AS object
    FROM event_journal j
    CROSS JOIN LATERAL (SELECT convert_from(j.event_payload, 'UTF8')::json AS fact) e
   WHERE j.event_ser_manifest IN ('object', 'removed');
