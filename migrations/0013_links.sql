-- How a download's bytes come, and the headers that its address is asked with.
ALTER TABLE downloads
    ADD COLUMN via text NOT NULL DEFAULT 'torrent' CHECK (via IN ('torrent', 'debrid', 'link')),
    ADD COLUMN headers jsonb NOT NULL DEFAULT '[]';
