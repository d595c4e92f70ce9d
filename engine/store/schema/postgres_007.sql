-- Schema 7. Which Signoff made the schema, and the oldest schema whose servers may go on beside it while
-- nodes are exchanged one by one. Both are set with each change of the schema.
ALTER TABLE version ADD COLUMN signoff text COLLATE "C", ADD COLUMN oldest bigint;
