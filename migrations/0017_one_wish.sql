-- Descriptions are kept in the form that searching by meaning has; what the old form holds lasts a day at most.
UPDATE searches SET understood = NULL WHERE understood IS NOT NULL;
