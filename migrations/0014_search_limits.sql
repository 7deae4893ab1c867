-- When each source of a search was asked, and how long it may take: bars fill against that, also after a reload.
ALTER TABLE search_providers
    ADD COLUMN started_ms integer NOT NULL DEFAULT 0,
    ADD COLUMN limit_ms integer NOT NULL DEFAULT 0;
