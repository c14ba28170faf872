-- Parts of the site that a person or a host has locked: an area, an aisle, cells, a place, an exit.
CREATE TABLE part_lock (part TEXT PRIMARY KEY, body TEXT NOT NULL CHECK (json_valid(body))) STRICT, WITHOUT ROWID;
