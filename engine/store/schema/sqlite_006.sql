-- Schema 6. An entry is appended, and found by indexes that it reaches some time later: a team's
-- entries by their numbers, and by who asked for them. Their columns have names that entry has
-- not, so that a statement over both needs no prefix.
CREATE TABLE entry_at(
  of_team TEXT NOT NULL,
  number INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  asks INTEGER NOT NULL,
  PRIMARY KEY(of_team, number)
) WITHOUT ROWID;
CREATE TABLE request(
  of_team TEXT NOT NULL,
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  entry INTEGER NOT NULL,
  PRIMARY KEY(of_team, person, name, entry)
) WITHOUT ROWID;
-- Entries up to this one are in both; there is one row.
CREATE TABLE indexed(upto INTEGER NOT NULL);

-- Each is read from an index that has all of it, in the order in which it is written.
INSERT INTO entry_at SELECT team, seq, id, 0 FROM entry INDEXED BY entry_seq ORDER BY team, seq;
UPDATE entry_at SET asks = 1 WHERE (of_team, number) IN
  (SELECT team, seq FROM entry INDEXED BY entry_effects WHERE effects = 1);
INSERT INTO request SELECT team, actor, request, id FROM entry INDEXED BY entry_request
  WHERE request IS NOT NULL ORDER BY team, actor, request, id;
INSERT INTO indexed SELECT ifnull(max(id), 0) FROM entry;
CREATE INDEX entry_at_asks ON entry_at(of_team, number) WHERE asks = 1;
DROP INDEX entry_seq;
DROP INDEX entry_request;
DROP INDEX entry_effects;
