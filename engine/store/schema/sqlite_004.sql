-- Schema 4. Stuck cases are few and are counted at each start: by an index that has no others.
CREATE INDEX case_stuck ON case_(team) WHERE stuck = 1 AND outcome IS NULL;
