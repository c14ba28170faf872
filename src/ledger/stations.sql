-- What people at workstations are asked to do now; one row for each workflow that waits for them.
CREATE TABLE station_step (
  workflow TEXT PRIMARY KEY,
  station  TEXT NOT NULL,
  body     TEXT NOT NULL CHECK (json_valid(body))
) STRICT, WITHOUT ROWID;

-- How the last scan or answer at each station was taken.
CREATE TABLE station (station TEXT PRIMARY KEY, body TEXT NOT NULL CHECK (json_valid(body))) STRICT, WITHOUT ROWID;
