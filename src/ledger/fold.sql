-- Where each load unit is by the movements up to one of them, so that a start reads only those after it.
CREATE TABLE fold (load_unit TEXT PRIMARY KEY, place TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- That movement. No row: the history has to be read from its first movement on.
CREATE TABLE fold_end (
  id   INTEGER PRIMARY KEY CHECK (id = 1),
  no   INTEGER NOT NULL,                   -- the last movement in the fold
  hash TEXT    NOT NULL                    -- as it stands in that movement
) STRICT;

-- A start needs few of the missions and labels that there ever were.
CREATE INDEX mission_open ON mission (mission) WHERE moving IS NOT NULL OR verdict IS NULL;
CREATE INDEX label_open ON label (label) WHERE status NOT IN ('verified', 'failed');
