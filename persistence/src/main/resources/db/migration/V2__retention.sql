-- Rows that a kind's retention removed, so that verifying the chain can tell them from a theft.
CREATE TABLE journal_retired (
  retired_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  kind       TEXT        NOT NULL,
  revisions  BIGINT[]    NOT NULL
);
