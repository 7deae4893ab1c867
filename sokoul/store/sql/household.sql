-- name: facts
-- All that judging needs to know of the house, in one question: files and downloads of the work (by its id, else by
-- its names and year), what was blocked, what lies in the bin, who is believed. Each row says what it is.
WITH works AS (
    SELECT id FROM media
    WHERE parent_id IS NULL AND media_type = $2
      AND (tmdb_id = $1 OR imdb_id = $3
           OR ($1::integer IS NULL OR tmdb_id IS NULL) AND sort_title IN (SELECT fold(name) FROM unnest($4::text[]) AS name)
              AND (year IS NULL OR $5::integer IS NULL OR abs(year - $5) <= 1))
), parts AS (
    SELECT m.id, m.season_number, m.episode_number
    FROM works JOIN media m ON m.id = works.id OR m.parent_id = works.id
    WHERE $6::integer IS NULL OR m.season_number IS NULL OR m.season_number = $6
)
(SELECT 'copy' AS what, coalesce(f.release_name, regexp_replace(f.path, '^.*/', '')) AS name, NULL AS info_hash,
        f.added_at AS at, f.resolution, f.size_bytes, p.season_number AS season, p.episode_number AS episode,
        false AS running, false AS imported, NULL::integer AS releases, NULL::integer AS lied, NULL AS worst
 FROM parts p JOIN media_files f ON f.media_id = p.id AND f.state = 'present'
 ORDER BY f.added_at DESC LIMIT 300)
UNION ALL
(SELECT 'fetch', d.name, d.info_hash, d.created_at, NULL, NULL, NULL, NULL,
        d.status IN ('queued', 'metadata', 'checking', 'downloading', 'paused', 'importing'), d.imported_at IS NOT NULL,
        NULL, NULL, NULL
 FROM downloads d
 WHERE d.status NOT IN ('failed', 'cancelled')
   AND (d.media_id IN (SELECT id FROM parts)
        OR d.work ->> 'media_type' = $2
           AND ((d.work ->> 'tmdb_id')::integer = $1
                OR ($1::integer IS NULL OR d.work ->> 'tmdb_id' IS NULL)
                   AND fold(d.work ->> 'title') IN (SELECT fold(name) FROM unnest($4::text[]) AS name)))
 ORDER BY d.created_at DESC LIMIT 300)
UNION ALL
(SELECT 'blocked', coalesce(info_hash, lower(release_name)), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
 FROM blocklist ORDER BY added_at DESC LIMIT 10000)
UNION ALL
(SELECT 'removed', lower(file ->> 'release_name'), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
 FROM bin, jsonb_array_elements(CASE jsonb_typeof(bin.media -> 'files') WHEN 'array' THEN bin.media -> 'files' END) AS file
 WHERE bin.media ? 'media' AND file ->> 'release_name' IS NOT NULL
 ORDER BY bin.removed_at DESC LIMIT 1000)
UNION ALL
SELECT what, name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, releases, lied, worst FROM release_trust;
