-- What orders have taken of each SKU, day by day: a sliding window, so that nobody has to scan the history.
CREATE TABLE demand (sku TEXT PRIMARY KEY, body TEXT NOT NULL CHECK (json_valid(body))) STRICT, WITHOUT ROWID;

-- How each SKU stood when it was last looked at.
CREATE TABLE signal (sku TEXT PRIMARY KEY, body TEXT NOT NULL CHECK (json_valid(body))) STRICT, WITHOUT ROWID;
