-- What a shared, ranked and timed search needs beside its results.

ALTER TABLE searches
    ADD COLUMN readers uuid[] NOT NULL DEFAULT '{}',   -- whoever was handed this search beside the one who asked
    ADD COLUMN stages jsonb NOT NULL DEFAULT '[]';     -- where the time went: metadata, asking, judging

ALTER TABLE search_results
    ADD COLUMN facts jsonb NOT NULL DEFAULT '{}';      -- ids, categories and confidence: what judging again needs
