-- Labels that hosts and people have asked for by name: the same one again prints nothing.
CREATE TABLE label_wish (
  label TEXT PRIMARY KEY,
  host  TEXT NOT NULL,
  body  TEXT NOT NULL CHECK (json_valid(body))
) STRICT, WITHOUT ROWID;
