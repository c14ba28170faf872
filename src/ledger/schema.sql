-- Every start of a controller on this ledger. Rows are never changed or removed.
CREATE TABLE claim (
  epoch INTEGER PRIMARY KEY,               -- generation; PLCs refuse a lower one
  nonce INTEGER NOT NULL,                  -- random: tells two copies of one ledger apart
  at_ms INTEGER NOT NULL                   -- UTC, milliseconds since 1970
) STRICT;

-- Every fact and wish that counted. The same cause can be told twice, but counts once.
CREATE TABLE inbox (
  cause TEXT    PRIMARY KEY,               -- says who and what: crane-1/event/204
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Every step of every load unit, in order. Rows are never changed or removed.
CREATE TABLE movement (
  no        INTEGER PRIMARY KEY,           -- dense from 1
  at_ms     INTEGER NOT NULL,
  cause     TEXT    NOT NULL,
  load_unit TEXT    NOT NULL,
  from_id   TEXT    NOT NULL,              -- OUTSIDE: it came in
  to_id     TEXT    NOT NULL,              -- OUTSIDE: it left
  by_id     TEXT    NOT NULL,              -- device, person or host
  order_id  TEXT,                          -- NULL: for no order
  hash      TEXT    NOT NULL,              -- SHA-256 of the previous hash and this row
  UNIQUE (cause, load_unit, to_id)         -- one fact moves a load unit once
) STRICT;
CREATE INDEX movement_load_unit ON movement (load_unit);
CREATE TRIGGER movement_update BEFORE UPDATE ON movement
BEGIN SELECT RAISE(ABORT, 'movement is append-only'); END;
CREATE TRIGGER movement_delete BEFORE DELETE ON movement
BEGIN SELECT RAISE(ABORT, 'movement is append-only'); END;

-- What is owed to the hosts, in this order, until each of them has acknowledged it.
CREATE TABLE outbox (
  sequence INTEGER PRIMARY KEY,            -- dense from 1, over all names
  epoch    INTEGER NOT NULL,               -- generation of the numbering
  name     TEXT    NOT NULL,               -- movement, order, loadUnit, label, signal
  at_ms    INTEGER NOT NULL,
  subject  TEXT    NOT NULL,
  data     TEXT    NOT NULL CHECK (json_valid(data))
) STRICT;
CREATE TRIGGER outbox_update BEFORE UPDATE ON outbox
BEGIN SELECT RAISE(ABORT, 'outbox is append-only'); END;

-- Commands of hosts and what they were answered: a repetition gets the same answer.
CREATE TABLE answered (
  host    TEXT    NOT NULL,
  id      TEXT    NOT NULL,
  content TEXT    NOT NULL,                -- name and data as canonical JSON
  reply   TEXT    NOT NULL CHECK (json_valid(reply)),
  at_ms   INTEGER NOT NULL,
  PRIMARY KEY (host, id)
) STRICT, WITHOUT ROWID;

-- Why something was chosen, refused or done.
CREATE TABLE reason (
  no      INTEGER PRIMARY KEY,
  subject TEXT    NOT NULL,                -- order, load unit, location or device
  at_ms   INTEGER NOT NULL,
  text    TEXT    NOT NULL
) STRICT;
CREATE INDEX reason_subject ON reason (subject, no);

-- The tables below hold the present. `body` is the whole row as JSON; the columns beside it are
-- those that a constraint or a person needs.

-- Load units, announced, present and gone. Places follow from movement.
CREATE TABLE load_unit (
  load_unit TEXT PRIMARY KEY,
  handle    INTEGER NOT NULL UNIQUE,       -- its number for the PLCs
  status    TEXT NOT NULL,
  place     TEXT NOT NULL,
  cell      TEXT UNIQUE,                   -- the place, where it holds only one; else NULL
  body      TEXT NOT NULL CHECK (json_valid(body))
) STRICT, WITHOUT ROWID;

-- Master data as the hosts put it.
CREATE TABLE sku (sku TEXT PRIMARY KEY, body TEXT NOT NULL CHECK (json_valid(body))) STRICT, WITHOUT ROWID;

-- Orders of hosts and of people on site.
CREATE TABLE transport_order (
  order_id TEXT PRIMARY KEY,
  host     TEXT NOT NULL,
  status   TEXT NOT NULL,
  body     TEXT NOT NULL CHECK (json_valid(body))
) STRICT, WITHOUT ROWID;

-- Locations promised to load units under way, each to one.
CREATE TABLE reservation (
  location  TEXT PRIMARY KEY,
  load_unit TEXT NOT NULL,
  body      TEXT NOT NULL CHECK (json_valid(body))
) STRICT, WITHOUT ROWID;

-- Locations closed until a person opens them.
CREATE TABLE location_lock (location TEXT PRIMARY KEY, body TEXT NOT NULL CHECK (json_valid(body))) STRICT, WITHOUT ROWID;

-- Workflows that wait for a crane.
CREATE TABLE crane_request (workflow TEXT PRIMARY KEY, body TEXT NOT NULL CHECK (json_valid(body))) STRICT, WITHOUT ROWID;

-- What cranes were told to do. A row is committed before its first frame.
CREATE TABLE mission (
  mission TEXT    PRIMARY KEY,             -- crane/seq; a seq is never reused
  crane   TEXT    NOT NULL,
  seq     INTEGER NOT NULL,
  moving  TEXT    UNIQUE,                  -- the crane, while this moves it; else NULL: one open mission each
  verdict TEXT CHECK (verdict IN ('done', 'notTaken', 'unknown')),
  body    TEXT    NOT NULL CHECK (json_valid(body))
) STRICT, WITHOUT ROWID;

-- What is known of each PLC: numbers stored, the open command, doubt.
CREATE TABLE crane (crane TEXT PRIMARY KEY, body TEXT NOT NULL CHECK (json_valid(body))) STRICT, WITHOUT ROWID;
CREATE TABLE decision_point (point TEXT PRIMARY KEY, body TEXT NOT NULL CHECK (json_valid(body))) STRICT, WITHOUT ROWID;

-- Labels: one row, one label.
CREATE TABLE label (label TEXT PRIMARY KEY, status TEXT NOT NULL, body TEXT NOT NULL CHECK (json_valid(body))) STRICT, WITHOUT ROWID;

-- Where floor and books differ, or may, until a person has settled it.
CREATE TABLE discrepancy (no TEXT PRIMARY KEY, state TEXT NOT NULL, body TEXT NOT NULL CHECK (json_valid(body))) STRICT, WITHOUT ROWID;

-- How far each host has acknowledged.
CREATE TABLE host (host TEXT PRIMARY KEY, body TEXT NOT NULL CHECK (json_valid(body))) STRICT, WITHOUT ROWID;

-- Where each workflow stands, and when it wants to be woken.
CREATE TABLE workflow (workflow TEXT PRIMARY KEY, machine TEXT NOT NULL, body TEXT NOT NULL CHECK (json_valid(body))) STRICT, WITHOUT ROWID;
CREATE TABLE timer (timer TEXT PRIMARY KEY, due_ms INTEGER NOT NULL, body TEXT NOT NULL CHECK (json_valid(body))) STRICT, WITHOUT ROWID;
CREATE INDEX timer_due ON timer (due_ms);

-- Series of numbers: the last one given out.
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL, body TEXT NOT NULL CHECK (json_valid(body))) STRICT, WITHOUT ROWID;
