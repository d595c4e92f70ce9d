-- Schema 4. The secrets that other tools sign with what they send to a team's hooks. Which hooks
-- there are stands in the team's rules.
CREATE TABLE hook(
  team text COLLATE "C" NOT NULL, hook text COLLATE "C" NOT NULL,
  secret text COLLATE "C", old_secret text COLLATE "C", old_until bigint, since bigint,
  person text COLLATE "C",
  PRIMARY KEY(team, hook)
);

ALTER TABLE hook ENABLE ROW LEVEL SECURITY;
ALTER TABLE hook FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON hook USING (team = current_setting('signoff.team', true));
