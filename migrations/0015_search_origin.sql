-- A search that judges another's results by another profile, instead of asking the sources again.

ALTER TABLE searches ADD COLUMN origin uuid;   -- no reference: the other one may be forgotten first
