-- How far a device may be used, where a person has set another mode than auto, or has set it back.
CREATE TABLE device_mode (
  device TEXT PRIMARY KEY,
  mode   TEXT NOT NULL CHECK (mode IN ('off', 'observe', 'manual', 'auto')),
  body   TEXT NOT NULL CHECK (json_valid(body))
) STRICT, WITHOUT ROWID;
