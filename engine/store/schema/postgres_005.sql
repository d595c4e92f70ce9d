-- Schema 5. By which channel a person would rather be spoken to; null: nobody has said.
ALTER TABLE person ADD COLUMN channel text COLLATE "C";
