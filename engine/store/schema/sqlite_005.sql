-- Schema 5. Where the team's entries are delivered to, and what could not be delivered at once. How
-- far each endpoint has come is a reader's cursor, as that of any reader of entries.
CREATE TABLE endpoint(
  team TEXT NOT NULL, endpoint TEXT NOT NULL,
  url TEXT, format TEXT, kinds TEXT, workflows TEXT, internal INTEGER, language TEXT,
  signature TEXT, secret TEXT, old_secret TEXT, old_until INTEGER, paused TEXT, since INTEGER,
  PRIMARY KEY(team, endpoint)
) WITHOUT ROWID;

CREATE TABLE delivery(
  team TEXT NOT NULL, endpoint TEXT NOT NULL, seq INTEGER NOT NULL,
  status TEXT, attempts INTEGER, "next" INTEGER, tried INTEGER, code INTEGER, error TEXT,
  person TEXT,
  PRIMARY KEY(team, endpoint, seq)
) WITHOUT ROWID;
