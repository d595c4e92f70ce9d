-- Schema 7. What is opened by an address instead of a login: sign-off links and calendar feeds. Of
-- the secret in the address only its SHA-256 is here.
CREATE TABLE link(
  hash TEXT NOT NULL PRIMARY KEY,
  id TEXT, kind TEXT, team TEXT, person TEXT, "case" TEXT, approval TEXT, round INTEGER,
  digest TEXT, maker TEXT, created INTEGER, expires INTEGER, used INTEGER, revoked INTEGER,
  wrong INTEGER, wrong_at INTEGER
) WITHOUT ROWID;
CREATE INDEX link_team ON link(team, person);
CREATE INDEX link_case ON link(team, "case");
