-- Schema 11. How a person is told of what (lane/notices.h), the way that a message goes by, fixed when
-- it is made, and the last message of a mail that gathered several.
ALTER TABLE person ADD COLUMN notices TEXT;
ALTER TABLE message ADD COLUMN way TEXT;
ALTER TABLE message ADD COLUMN due INTEGER;
ALTER TABLE delivery ADD COLUMN last INTEGER;
