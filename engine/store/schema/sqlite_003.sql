-- Schema 3. A case's row goes to its table some time after the entry that changed it. Until then
-- it stands here: for each commit the rows that it changed, as bytes (store_image.h), whole or as
-- the difference from the one before (store_delta.h). What has reached the tables is deleted from
-- the beginning.
CREATE TABLE unmerged(
  id INTEGER PRIMARY KEY,
  images BLOB NOT NULL
);

-- When something fires next is ordered in memory, and read from here once, in any order: by key a
-- change stays on the page that its neighbours are on.
DROP INDEX case_next;
CREATE INDEX case_armed ON case_(team, key, next_at) WHERE next_at > 0 AND outcome IS NULL;
