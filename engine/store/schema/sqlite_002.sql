-- Schema 2. What an inbox is sorted and explained by: the calendar that the next deadline's clock
-- goes by, whether it counts working time only, what is left of it while it is paused, and why
-- something waits as it does.
ALTER TABLE waiting ADD COLUMN clock TEXT;
ALTER TABLE waiting ADD COLUMN working INTEGER;
ALTER TABLE waiting ADD COLUMN "left" INTEGER;
ALTER TABLE waiting ADD COLUMN why TEXT;

-- Which messages of a person are not read yet is asked for most; in the order of their numbers.
DROP INDEX message_person;
CREATE INDEX message_person ON message(team, person, read, id);

-- What was said of a period that passing time begins and ends: 1 its beginning, 2 its end too.
ALTER TABLE delegation ADD COLUMN told INTEGER;
