-- name: promise
SELECT coalesce(offered_as, name) AS name, indexers FROM downloads WHERE id = $1;

-- name: write
-- A file is looked at once: importing it again after a crash changes nothing.
INSERT INTO claims (download_id, file_index, claim, release_name, release_group, indexers, told, found, kept)
SELECT $1, $2, claim, $3, lower($4), $5, told, found, kept
FROM unnest($6::text[], $7::text[], $8::text[], $9::boolean[]) AS outcome(claim, told, found, kept)
ON CONFLICT DO NOTHING;

-- name: page
SELECT download_id, file_index, claim, release_name, release_group, indexers, told, found, kept, at,
       count(*) OVER () AS total
FROM claims WHERE ($1::text IS NULL OR release_group = lower($1)) AND ($2::boolean IS NULL OR kept = $2)
ORDER BY at DESC, download_id, file_index, claim LIMIT $3 OFFSET $4;

-- name: count
SELECT count(*) FROM claims WHERE ($1::text IS NULL OR release_group = lower($1)) AND ($2::boolean IS NULL OR kept = $2);

-- name: trust
SELECT what, name, releases, lied, worst FROM release_trust ORDER BY what, name;
