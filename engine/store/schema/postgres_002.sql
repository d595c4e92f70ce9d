-- Schema 2. Where the team's entries are delivered to, and what could not be delivered at once. How
-- far each endpoint has come is a reader's cursor, as that of any reader of entries.
CREATE TABLE endpoint(
  team text COLLATE "C" NOT NULL, endpoint text COLLATE "C" NOT NULL,
  url text COLLATE "C", format text COLLATE "C", kinds text COLLATE "C", workflows text COLLATE "C",
  internal smallint, language text COLLATE "C", signature text COLLATE "C", secret text COLLATE "C",
  old_secret text COLLATE "C", old_until bigint, paused text COLLATE "C", since bigint,
  PRIMARY KEY(team, endpoint)
);

CREATE TABLE delivery(
  team text COLLATE "C" NOT NULL, endpoint text COLLATE "C" NOT NULL, seq bigint NOT NULL,
  status text COLLATE "C", attempts bigint, "next" bigint, tried bigint, code bigint,
  error text COLLATE "C", person text COLLATE "C",
  PRIMARY KEY(team, endpoint, seq)
);

ALTER TABLE endpoint ENABLE ROW LEVEL SECURITY;
ALTER TABLE endpoint FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON endpoint USING (team = current_setting('signoff.team', true));
ALTER TABLE delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON delivery USING (team = current_setting('signoff.team', true));
