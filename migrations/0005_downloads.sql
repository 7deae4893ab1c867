-- Who else asked for what is being downloaded already, and may look at it.
ALTER TABLE downloads ADD COLUMN also_wanted_by uuid[] NOT NULL DEFAULT '{}';
CREATE INDEX downloads_leases ON downloads (lease_until) WHERE status NOT IN ('completed', 'failed');
