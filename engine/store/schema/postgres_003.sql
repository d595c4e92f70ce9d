-- Schema 3. What is opened by an address instead of a login: sign-off links and calendar feeds. Of
-- the secret in the address only its SHA-256 is here.
CREATE TABLE link(
  hash text COLLATE "C" NOT NULL PRIMARY KEY,
  id text COLLATE "C", kind text COLLATE "C", team text COLLATE "C", person text COLLATE "C",
  "case" text COLLATE "C", approval text COLLATE "C", round bigint, digest text COLLATE "C",
  maker text COLLATE "C", created bigint, expires bigint, used bigint, revoked bigint,
  wrong bigint, wrong_at bigint
);
CREATE INDEX link_team ON link(team, person);
CREATE INDEX link_case ON link(team, "case");
