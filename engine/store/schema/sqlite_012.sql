-- Schema 12. Which Signoff brought the file to its schema, so that an older one can name it. There is
-- one row, written with each change of the schema.
CREATE TABLE written(signoff TEXT NOT NULL);
