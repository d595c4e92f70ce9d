-- Schema 1 of the SQLite store. Applied once, in one transaction; never changed afterwards:
-- what comes later is sqlite_002.sql and so on. Every key begins with the team. Times are
-- milliseconds; 0 is "none" where a column says NOT NULL.

-- One row per team that has anything: its last entry, and what changed last.
CREATE TABLE head(
  team TEXT NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  data_seq INTEGER NOT NULL,
  case_seq INTEGER NOT NULL
) WITHOUT ROWID;

-- Entries keep a rowid: they are long, and appended in the order of commits. There is no
-- index by case: a case's entries are walked back by "previous" from its last one.
CREATE TABLE entry(
  id INTEGER PRIMARY KEY,
  team TEXT NOT NULL,
  seq INTEGER NOT NULL,
  case_key TEXT,
  case_seq INTEGER NOT NULL,
  previous INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  hash TEXT NOT NULL,
  effects INTEGER NOT NULL,
  request TEXT,
  request_digest TEXT,
  shared_salt BLOB,
  internal_salt BLOB,
  header BLOB NOT NULL,
  shared BLOB,
  internal BLOB
);
CREATE UNIQUE INDEX entry_seq ON entry(team, seq);
CREATE INDEX entry_request ON entry(team, actor, request) WHERE request IS NOT NULL;
CREATE INDEX entry_effects ON entry(team, seq) WHERE effects = 1;

-- The long columns stand last, so that a list does not read their pages. key_order is the
-- key with its number padded: CR-2 before CR-10.
CREATE TABLE case_(
  id INTEGER PRIMARY KEY,
  team TEXT NOT NULL,
  key TEXT NOT NULL,
  key_order TEXT NOT NULL,
  workflow TEXT NOT NULL,
  rules TEXT,
  project TEXT,
  client TEXT,
  opener TEXT,
  owner TEXT,
  "group" TEXT,
  priority TEXT,
  outcome TEXT,
  states TEXT NOT NULL,
  version INTEGER NOT NULL,
  rev INTEGER NOT NULL,
  case_seq INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  stuck INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  last_hash TEXT NOT NULL,
  last_at INTEGER NOT NULL,
  text TEXT NOT NULL,
  document TEXT NOT NULL
);
CREATE UNIQUE INDEX case_key ON case_(team, key);
CREATE INDEX case_opened ON case_(team, opened_at, key);
CREATE INDEX case_next ON case_(next_at, team, key) WHERE next_at > 0 AND outcome IS NULL;
CREATE INDEX case_open ON case_(team, project, workflow) WHERE outcome IS NULL;

-- value has no type: it keeps the one it was given, text or integer.
CREATE TABLE case_field(
  team TEXT NOT NULL,
  "case" TEXT NOT NULL,
  field TEXT NOT NULL,
  value,
  PRIMARY KEY(team, "case", field)
) WITHOUT ROWID;
CREATE INDEX case_field_value ON case_field(team, field, value);

CREATE TABLE waiting(
  team TEXT NOT NULL,
  "case" TEXT NOT NULL,
  n INTEGER NOT NULL,
  project TEXT,
  kind TEXT,
  person TEXT,
  role TEXT,
  "group" TEXT,
  state TEXT,
  since INTEGER,
  due INTEGER,
  PRIMARY KEY(team, "case", n)
) WITHOUT ROWID;
CREATE INDEX waiting_person ON waiting(team, person) WHERE person IS NOT NULL;
CREATE INDEX waiting_role ON waiting(team, role, project) WHERE role IS NOT NULL;
CREATE INDEX waiting_group ON waiting(team, "group") WHERE "group" IS NOT NULL;

CREATE TABLE team_(
  team TEXT NOT NULL PRIMARY KEY,
  title TEXT, language TEXT, timezone TEXT, currency TEXT, since INTEGER
) WITHOUT ROWID;

CREATE TABLE person(
  team TEXT NOT NULL, person TEXT NOT NULL,
  title TEXT, client TEXT, lead INTEGER, language TEXT, mail TEXT, active INTEGER, since INTEGER,
  PRIMARY KEY(team, person)
) WITHOUT ROWID;

CREATE TABLE group_(
  team TEXT NOT NULL, "group" TEXT NOT NULL,
  title TEXT, since INTEGER,
  PRIMARY KEY(team, "group")
) WITHOUT ROWID;

CREATE TABLE group_member(
  team TEXT NOT NULL, "group" TEXT NOT NULL, person TEXT NOT NULL,
  lead INTEGER,
  PRIMARY KEY(team, "group", person)
) WITHOUT ROWID;
CREATE INDEX group_member_person ON group_member(team, person);

CREATE TABLE client(
  team TEXT NOT NULL, client TEXT NOT NULL,
  title TEXT, calendar TEXT, attributes TEXT, active INTEGER, since INTEGER,
  PRIMARY KEY(team, client)
) WITHOUT ROWID;

CREATE TABLE project(
  team TEXT NOT NULL, project TEXT NOT NULL,
  title TEXT, client TEXT, calendar TEXT, currency TEXT, attributes TEXT, state TEXT, since INTEGER,
  PRIMARY KEY(team, project)
) WITHOUT ROWID;

CREATE TABLE membership(
  team TEXT NOT NULL, project TEXT NOT NULL, person TEXT NOT NULL, role TEXT NOT NULL,
  share INTEGER,
  PRIMARY KEY(team, project, person, role)
) WITHOUT ROWID;
CREATE INDEX membership_person ON membership(team, person);

CREATE TABLE delegation(
  team TEXT NOT NULL, id INTEGER NOT NULL,
  person TEXT, stand_in TEXT, scope TEXT, starts INTEGER, ends INTEGER, ended INTEGER,
  PRIMARY KEY(team, id)
) WITHOUT ROWID;

CREATE TABLE token(
  hash TEXT NOT NULL PRIMARY KEY,
  id TEXT, team TEXT, person TEXT, operator INTEGER, name TEXT, scope TEXT,
  created INTEGER, expires INTEGER, last_use INTEGER, revoked INTEGER
) WITHOUT ROWID;
CREATE INDEX token_team ON token(team, person);

-- Sources are long, so this one keeps its rowid.
CREATE TABLE workflow(
  team TEXT NOT NULL, digest TEXT NOT NULL,
  name TEXT, version INTEGER, key TEXT, file TEXT, since INTEGER,
  model TEXT, functions TEXT, source TEXT,
  PRIMARY KEY(team, digest)
);

CREATE TABLE counter(
  team TEXT NOT NULL, name TEXT NOT NULL,
  value INTEGER,
  PRIMARY KEY(team, name)
) WITHOUT ROWID;

CREATE TABLE case_link(
  team TEXT NOT NULL, "case" TEXT NOT NULL, other TEXT NOT NULL, kind TEXT NOT NULL,
  since INTEGER,
  PRIMARY KEY(team, "case", other, kind)
) WITHOUT ROWID;
CREATE INDEX case_link_other ON case_link(team, other);

CREATE TABLE sweep(
  team TEXT NOT NULL, id INTEGER NOT NULL,
  kind TEXT, argument TEXT, cursor TEXT, started INTEGER, ended INTEGER, touched INTEGER,
  PRIMARY KEY(team, id)
) WITHOUT ROWID;

CREATE TABLE message(
  team TEXT NOT NULL, id INTEGER NOT NULL,
  person TEXT, at INTEGER, "case" TEXT, kind TEXT, text TEXT, read INTEGER,
  PRIMARY KEY(team, id)
) WITHOUT ROWID;
CREATE INDEX message_person ON message(team, person, id);

-- The bytes lie beside the database, under their hash; several rows may name the same.
CREATE TABLE file(
  team TEXT NOT NULL, file TEXT NOT NULL,
  sha256 TEXT, name TEXT, type TEXT, size INTEGER, person TEXT, at INTEGER, "case" TEXT,
  shared INTEGER,
  PRIMARY KEY(team, file)
) WITHOUT ROWID;
CREATE INDEX file_sha256 ON file(team, sha256);
CREATE INDEX file_case ON file(team, "case");

CREATE TABLE exception(
  team TEXT NOT NULL, calendar TEXT NOT NULL, date TEXT NOT NULL,
  hours TEXT, reason TEXT, person TEXT, at INTEGER,
  PRIMARY KEY(team, calendar, date)
) WITHOUT ROWID;

CREATE TABLE schedule(
  team TEXT NOT NULL, name TEXT NOT NULL,
  next INTEGER, last INTEGER, spec TEXT,
  PRIMARY KEY(team, name)
) WITHOUT ROWID;

CREATE TABLE reader(
  team TEXT NOT NULL, name TEXT NOT NULL,
  seq INTEGER, part INTEGER, lease INTEGER, fence INTEGER,
  PRIMARY KEY(team, name)
) WITHOUT ROWID;

CREATE TABLE setting(
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT
) WITHOUT ROWID;
