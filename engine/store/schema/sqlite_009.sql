-- Schema 9. The secrets that other tools sign with what they send to a team's hooks. Which hooks
-- there are stands in the team's rules.
CREATE TABLE hook(
  team TEXT NOT NULL, hook TEXT NOT NULL,
  secret TEXT, old_secret TEXT, old_until INTEGER, since INTEGER, person TEXT,
  PRIMARY KEY(team, hook)
) WITHOUT ROWID;
