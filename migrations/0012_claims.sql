-- What names of releases promised and what was found in their files; what groups and indexers are worth follows from it.

-- Search results are forgotten after a day; what a download was offered as, and by whom, is not.
ALTER TABLE downloads
    ADD COLUMN offered_as text,
    ADD COLUMN indexers text[] NOT NULL DEFAULT '{}';

CREATE TABLE claims (
    download_id uuid NOT NULL,            -- no reference: the ledger outlives the list of downloads
    file_index integer NOT NULL CHECK (file_index >= 0),
    claim text NOT NULL CHECK (claim IN ('plays', 'resolution', 'codec', 'language', 'hdr', 'runtime')),
    release_name text NOT NULL,
    release_group text,                   -- in lower case
    indexers text[] NOT NULL DEFAULT '{}',
    told text NOT NULL,
    found text NOT NULL,
    kept boolean NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (download_id, file_index, claim)
);
CREATE INDEX claims_at ON claims (at DESC, download_id, file_index, claim);

-- The last twenty releases of each group and each indexer among the newest claims, so that one who mends their ways is
-- believed again. A release with one broken claim lied.
CREATE VIEW release_trust AS
SELECT what, name, count(DISTINCT download_id)::integer AS releases,
       (count(DISTINCT download_id) FILTER (WHERE NOT kept))::integer AS lied,
       mode() WITHIN GROUP (ORDER BY claim) FILTER (WHERE NOT kept) AS worst
FROM (
    SELECT what, name, download_id, claim, kept,
           dense_rank() OVER (PARTITION BY what, name ORDER BY first DESC, download_id) AS place
    FROM (
        SELECT who.what, lower(who.name) AS name, newest.download_id, newest.claim, newest.kept,
               min(newest.at) OVER (PARTITION BY newest.download_id) AS first
        FROM (SELECT * FROM claims ORDER BY at DESC LIMIT 5000) AS newest,
             LATERAL (SELECT 'group' AS what, newest.release_group AS name WHERE newest.release_group IS NOT NULL
                      UNION ALL SELECT 'indexer', unnest(newest.indexers)) AS who
    ) AS dated
) AS ranked
WHERE place <= 20 GROUP BY what, name;
