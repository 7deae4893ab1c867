-- A query that is no title but a description: what was understood of it.

ALTER TABLE searches ADD COLUMN understood jsonb;
