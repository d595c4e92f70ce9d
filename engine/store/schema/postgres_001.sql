-- Schema 1 of the PostgreSQL store, in the schema "signoff". Applied once, in one transaction;
-- never changed afterwards: what comes later is postgres_002.sql and so on. Times are
-- milliseconds; 0 is "none" where a column says NOT NULL.
--
-- Every primary key and every index begins with the team, so that the tables can be distributed
-- by it; the few site-wide tables (setting, token, version, node) are small and would be copied to all
-- machines. No foreign key, sequence, trigger or exclusion constraint stands here: distributed
-- databases refuse them, and one writer per team needs none of them.
--
-- Texts compare byte by byte (COLLATE "C"), as on SQLite, whatever the database's own order is.
--
-- Row-level security is the second line behind the WHERE of each statement: a connection sees and
-- writes rows of the team that signoff.team names, the owner of the tables too (FORCE). Only the
-- heads can be read of all teams at once, and leases be taken, by the name '*', which no team has.

CREATE TABLE version(
  program text NOT NULL,
  schema integer NOT NULL
);

-- The team's last entry, and what changed last. Locking this row is the order of a team. Nothing
-- that changes is indexed, and a page has room for the next versions of its rows, so an update
-- stays on its page (HOT). next_due: when the first of the team's cases fires next; cases: how
-- many there are. The row of team '' orders what is site-wide.
CREATE TABLE head(
  team text COLLATE "C" NOT NULL PRIMARY KEY,
  seq bigint NOT NULL DEFAULT 0,
  hash text COLLATE "C" NOT NULL DEFAULT '',
  at bigint NOT NULL DEFAULT 0,
  data_seq bigint NOT NULL DEFAULT 0,
  case_seq bigint NOT NULL DEFAULT 0,
  next_due bigint NOT NULL DEFAULT 0,
  cases bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 40);

-- There is no index by case: a case's entries are walked back by "previous" from its last one.
CREATE TABLE entry(
  team text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  case_seq bigint NOT NULL,
  previous bigint NOT NULL,
  at bigint NOT NULL,
  effects smallint NOT NULL,
  case_key text COLLATE "C",
  kind text COLLATE "C" NOT NULL,
  actor text COLLATE "C" NOT NULL,
  hash text COLLATE "C" NOT NULL,
  request text COLLATE "C",
  request_digest text COLLATE "C",
  shared_salt bytea,
  internal_salt bytea,
  header bytea NOT NULL,
  shared bytea,
  internal bytea,
  PRIMARY KEY(team, seq)
);
CREATE INDEX entry_request ON entry(team, actor, request, seq) WHERE request IS NOT NULL;
CREATE INDEX entry_effects ON entry(team, seq) WHERE effects = 1;

-- What changes with most transitions is not indexed here, so an update of these wide rows stays on
-- its page too. key_order is the key with its number padded: CR-2 before CR-10. fields: the indexed fields as a
-- JSON object, which tells whether the rows of case_field are still right.
CREATE TABLE case_(
  team text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  rev bigint NOT NULL,
  case_seq bigint NOT NULL,
  opened_at bigint NOT NULL,
  closed_at bigint NOT NULL,
  due_at bigint NOT NULL,
  last_seq bigint NOT NULL,
  last_at bigint NOT NULL,
  stuck smallint NOT NULL,
  key_order text COLLATE "C" NOT NULL,
  workflow text COLLATE "C" NOT NULL,
  rules text COLLATE "C",
  project text COLLATE "C",
  client text COLLATE "C",
  opener text COLLATE "C",
  owner text COLLATE "C",
  "group" text COLLATE "C",
  priority text COLLATE "C",
  outcome text COLLATE "C",
  states text COLLATE "C" NOT NULL,
  last_hash text COLLATE "C" NOT NULL,
  fields text COLLATE "C",
  text text COLLATE "C" NOT NULL,
  document text COLLATE "C" NOT NULL,
  PRIMARY KEY(team, key)
) WITH (fillfactor = 75);
CREATE INDEX case_opened ON case_(team, opened_at, key);
CREATE INDEX case_open ON case_(team, project, workflow) WHERE outcome IS NULL;

-- When something of an open case fires next; 0: nothing is armed any more. A narrow table, since
-- its index changes with most transitions.
CREATE TABLE due(
  team text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  next_at bigint NOT NULL,
  PRIMARY KEY(team, key)
);
CREATE INDEX due_next ON due(team, next_at, key) WHERE next_at > 0;

-- A value is a text or a number.
CREATE TABLE case_field(
  team text COLLATE "C" NOT NULL,
  "case" text COLLATE "C" NOT NULL,
  field text COLLATE "C" NOT NULL,
  value text COLLATE "C",
  number bigint,
  PRIMARY KEY(team, "case", field)
);
CREATE INDEX case_field_value ON case_field(team, field, value) WHERE value IS NOT NULL;
CREATE INDEX case_field_number ON case_field(team, field, number) WHERE number IS NOT NULL;

CREATE TABLE waiting(
  team text COLLATE "C" NOT NULL,
  "case" text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  project text COLLATE "C",
  kind text COLLATE "C",
  person text COLLATE "C",
  role text COLLATE "C",
  "group" text COLLATE "C",
  state text COLLATE "C",
  since bigint,
  due bigint,
  clock text COLLATE "C",
  working smallint,
  "left" bigint,
  why text COLLATE "C",
  PRIMARY KEY(team, "case", n)
) WITH (fillfactor = 75);
CREATE INDEX waiting_person ON waiting(team, person) WHERE person IS NOT NULL;
CREATE INDEX waiting_role ON waiting(team, role, project) WHERE role IS NOT NULL;
CREATE INDEX waiting_group ON waiting(team, "group") WHERE "group" IS NOT NULL;

CREATE TABLE team_(
  team text COLLATE "C" NOT NULL PRIMARY KEY,
  title text COLLATE "C", language text COLLATE "C", timezone text COLLATE "C",
  currency text COLLATE "C", since bigint
);

CREATE TABLE person(
  team text COLLATE "C" NOT NULL, person text COLLATE "C" NOT NULL,
  title text COLLATE "C", client text COLLATE "C", lead smallint, language text COLLATE "C",
  mail text COLLATE "C", active smallint, since bigint,
  PRIMARY KEY(team, person)
);

CREATE TABLE group_(
  team text COLLATE "C" NOT NULL, "group" text COLLATE "C" NOT NULL,
  title text COLLATE "C", since bigint,
  PRIMARY KEY(team, "group")
);

CREATE TABLE group_member(
  team text COLLATE "C" NOT NULL, "group" text COLLATE "C" NOT NULL,
  person text COLLATE "C" NOT NULL,
  lead smallint,
  PRIMARY KEY(team, "group", person)
);
CREATE INDEX group_member_person ON group_member(team, person);

CREATE TABLE client(
  team text COLLATE "C" NOT NULL, client text COLLATE "C" NOT NULL,
  title text COLLATE "C", calendar text COLLATE "C", attributes text COLLATE "C",
  active smallint, since bigint,
  PRIMARY KEY(team, client)
);

CREATE TABLE project(
  team text COLLATE "C" NOT NULL, project text COLLATE "C" NOT NULL,
  title text COLLATE "C", client text COLLATE "C", calendar text COLLATE "C",
  currency text COLLATE "C", attributes text COLLATE "C", state text COLLATE "C", since bigint,
  PRIMARY KEY(team, project)
);

CREATE TABLE membership(
  team text COLLATE "C" NOT NULL, project text COLLATE "C" NOT NULL,
  person text COLLATE "C" NOT NULL, role text COLLATE "C" NOT NULL,
  share bigint,
  PRIMARY KEY(team, project, person, role)
);
CREATE INDEX membership_person ON membership(team, person);

CREATE TABLE delegation(
  team text COLLATE "C" NOT NULL, id bigint NOT NULL,
  person text COLLATE "C", stand_in text COLLATE "C", scope text COLLATE "C",
  starts bigint, ends bigint, ended bigint, told bigint,
  PRIMARY KEY(team, id)
);

-- Looked up by its hash before the team is known, hence site-wide; the team is a column.
CREATE TABLE token(
  hash text COLLATE "C" NOT NULL PRIMARY KEY,
  id text COLLATE "C", team text COLLATE "C", person text COLLATE "C", operator smallint,
  name text COLLATE "C", scope text COLLATE "C",
  created bigint, expires bigint, last_use bigint, revoked bigint
);
CREATE INDEX token_team ON token(team, person);

CREATE TABLE workflow(
  team text COLLATE "C" NOT NULL, digest text COLLATE "C" NOT NULL,
  name text COLLATE "C", version bigint, key text COLLATE "C", file text COLLATE "C", since bigint,
  model text COLLATE "C", functions text COLLATE "C", source text COLLATE "C",
  PRIMARY KEY(team, digest)
);

CREATE TABLE counter(
  team text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL,
  value bigint,
  PRIMARY KEY(team, name)
);

CREATE TABLE case_link(
  team text COLLATE "C" NOT NULL, "case" text COLLATE "C" NOT NULL,
  other text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL,
  since bigint,
  PRIMARY KEY(team, "case", other, kind)
);
CREATE INDEX case_link_other ON case_link(team, other);

CREATE TABLE sweep(
  team text COLLATE "C" NOT NULL, id bigint NOT NULL,
  kind text COLLATE "C", argument text COLLATE "C", cursor text COLLATE "C",
  started bigint, ended bigint, touched bigint,
  PRIMARY KEY(team, id)
);

CREATE TABLE message(
  team text COLLATE "C" NOT NULL, id bigint NOT NULL,
  person text COLLATE "C", at bigint, "case" text COLLATE "C", kind text COLLATE "C",
  text text COLLATE "C", read smallint,
  PRIMARY KEY(team, id)
);
CREATE INDEX message_person ON message(team, person, read, id);

-- The bytes lie outside of the database, under their hash; several rows may name the same.
CREATE TABLE file(
  team text COLLATE "C" NOT NULL, file text COLLATE "C" NOT NULL,
  sha256 text COLLATE "C", name text COLLATE "C", type text COLLATE "C", size bigint,
  person text COLLATE "C", at bigint, "case" text COLLATE "C", shared smallint,
  PRIMARY KEY(team, file)
);
CREATE INDEX file_sha256 ON file(team, sha256);
CREATE INDEX file_case ON file(team, "case");

CREATE TABLE exception(
  team text COLLATE "C" NOT NULL, calendar text COLLATE "C" NOT NULL,
  date text COLLATE "C" NOT NULL,
  hours text COLLATE "C", reason text COLLATE "C", person text COLLATE "C", at bigint,
  PRIMARY KEY(team, calendar, date)
);

CREATE TABLE schedule(
  team text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL,
  next bigint, last bigint, spec text COLLATE "C",
  PRIMARY KEY(team, name)
);

CREATE TABLE reader(
  team text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL,
  seq bigint, part bigint, lease bigint, fence bigint,
  PRIMARY KEY(team, name)
);

CREATE TABLE setting(
  name text COLLATE "C" NOT NULL PRIMARY KEY,
  value text COLLATE "C"
);

-- The servers that use the database: a row of each life of one, renewed several times in two
-- seconds. Site-wide; what it is for ends with them, and no copy of a site holds it.
CREATE TABLE node(
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  host text COLLATE "C" NOT NULL,
  address text COLLATE "C" NOT NULL,
  version text COLLATE "C" NOT NULL,
  started bigint NOT NULL,
  seen bigint NOT NULL
) WITH (fillfactor = 40);

-- Which node does a team's work of some name; fence is counted up whenever another takes it.
CREATE TABLE lease(
  team text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  node text COLLATE "C" NOT NULL,
  fence bigint NOT NULL,
  PRIMARY KEY(team, name)
);

ALTER TABLE head ENABLE ROW LEVEL SECURITY;
ALTER TABLE head FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON head USING (team = current_setting('signoff.team', true));
ALTER TABLE entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE entry FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON entry USING (team = current_setting('signoff.team', true));
ALTER TABLE case_ ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_ FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON case_ USING (team = current_setting('signoff.team', true));
ALTER TABLE due ENABLE ROW LEVEL SECURITY;
ALTER TABLE due FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON due USING (team = current_setting('signoff.team', true));
ALTER TABLE case_field ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_field FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON case_field USING (team = current_setting('signoff.team', true));
ALTER TABLE waiting ENABLE ROW LEVEL SECURITY;
ALTER TABLE waiting FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON waiting USING (team = current_setting('signoff.team', true));
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
ALTER TABLE person FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON person USING (team = current_setting('signoff.team', true));
ALTER TABLE group_ ENABLE ROW LEVEL SECURITY;
ALTER TABLE group_ FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON group_ USING (team = current_setting('signoff.team', true));
ALTER TABLE group_member ENABLE ROW LEVEL SECURITY;
ALTER TABLE group_member FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON group_member USING (team = current_setting('signoff.team', true));
ALTER TABLE client ENABLE ROW LEVEL SECURITY;
ALTER TABLE client FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON client USING (team = current_setting('signoff.team', true));
ALTER TABLE project ENABLE ROW LEVEL SECURITY;
ALTER TABLE project FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON project USING (team = current_setting('signoff.team', true));
ALTER TABLE membership ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON membership USING (team = current_setting('signoff.team', true));
ALTER TABLE delegation ENABLE ROW LEVEL SECURITY;
ALTER TABLE delegation FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON delegation USING (team = current_setting('signoff.team', true));
ALTER TABLE workflow ENABLE ROW LEVEL SECURITY;
ALTER TABLE workflow FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON workflow USING (team = current_setting('signoff.team', true));
ALTER TABLE counter ENABLE ROW LEVEL SECURITY;
ALTER TABLE counter FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON counter USING (team = current_setting('signoff.team', true));
ALTER TABLE case_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_link FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON case_link USING (team = current_setting('signoff.team', true));
ALTER TABLE sweep ENABLE ROW LEVEL SECURITY;
ALTER TABLE sweep FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON sweep USING (team = current_setting('signoff.team', true));
ALTER TABLE message ENABLE ROW LEVEL SECURITY;
ALTER TABLE message FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON message USING (team = current_setting('signoff.team', true));
ALTER TABLE file ENABLE ROW LEVEL SECURITY;
ALTER TABLE file FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON file USING (team = current_setting('signoff.team', true));
ALTER TABLE exception ENABLE ROW LEVEL SECURITY;
ALTER TABLE exception FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON exception USING (team = current_setting('signoff.team', true));
ALTER TABLE schedule ENABLE ROW LEVEL SECURITY;
ALTER TABLE schedule FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON schedule USING (team = current_setting('signoff.team', true));
ALTER TABLE reader ENABLE ROW LEVEL SECURITY;
ALTER TABLE reader FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON reader USING (team = current_setting('signoff.team', true));
CREATE POLICY site ON head FOR SELECT USING (current_setting('signoff.team', true) = '*');
ALTER TABLE lease ENABLE ROW LEVEL SECURITY;
ALTER TABLE lease FORCE ROW LEVEL SECURITY;
CREATE POLICY team ON lease USING (team = current_setting('signoff.team', true));
CREATE POLICY site ON lease USING (current_setting('signoff.team', true) = '*');
