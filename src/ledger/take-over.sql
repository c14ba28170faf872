-- Claims of other controllers that a person has set aside: by machine, the last one. Every later start draws a higher epoch.
CREATE TABLE take_over (
  device TEXT    PRIMARY KEY,
  epoch  INTEGER NOT NULL,
  body   TEXT    NOT NULL CHECK (json_valid(body))
) STRICT, WITHOUT ROWID;
