-- name: of_type
-- Ids first, by two scans that hash each other; the many columns are fetched for the page's rows alone.
WITH page AS MATERIALIZED (
    SELECT m.id, m.sort_title FROM media m
    WHERE m.media_type = $3
      AND EXISTS (SELECT 1 FROM media_files f WHERE f.media_id = m.id AND f.state = 'present')
    ORDER BY m.sort_title, m.id LIMIT $1 OFFSET $2
)
SELECT m.id AS media_id, m.media_type, m.title, m.year, m.overview, m.genres, m.air_date,
    m.poster_url IS NOT NULL OR s.poster_url IS NOT NULL AS poster,
    m.parent_id, m.season_number, m.episode_number, s.title AS series_title,
    f.id AS file_id, f.path, f.size_bytes, f.container, f.duration, f.bit_rate, f.codec, f.video, f.audio, f.sidecars
FROM page JOIN media m USING (id) LEFT JOIN media s ON s.id = m.parent_id JOIN LATERAL (
    SELECT * FROM media_files f WHERE f.media_id = m.id AND f.state = 'present'
    ORDER BY f.resolution DESC NULLS LAST, f.path LIMIT 1
) f ON true
ORDER BY m.sort_title, m.id;

-- name: count_type
SELECT count(*) FROM media m
WHERE m.media_type = $1 AND EXISTS (SELECT 1 FROM media_files f WHERE f.media_id = m.id AND f.state = 'present');

-- name: everything
WITH page AS MATERIALIZED (
    SELECT m.id, m.sort_title FROM media m
    WHERE m.media_type <> 'tv'
      AND EXISTS (SELECT 1 FROM media_files f WHERE f.media_id = m.id AND f.state = 'present')
    ORDER BY m.sort_title, m.id LIMIT $1 OFFSET $2
)
SELECT m.id AS media_id, m.media_type, m.title, m.year, m.overview, m.genres, m.air_date,
    m.poster_url IS NOT NULL OR s.poster_url IS NOT NULL AS poster,
    m.parent_id, m.season_number, m.episode_number, s.title AS series_title,
    f.id AS file_id, f.path, f.size_bytes, f.container, f.duration, f.bit_rate, f.codec, f.video, f.audio, f.sidecars
FROM page JOIN media m USING (id) LEFT JOIN media s ON s.id = m.parent_id JOIN LATERAL (
    SELECT * FROM media_files f WHERE f.media_id = m.id AND f.state = 'present'
    ORDER BY f.resolution DESC NULLS LAST, f.path LIMIT 1
) f ON true
ORDER BY m.sort_title, m.id;

-- name: count_everything
SELECT count(*) FROM media m
WHERE m.media_type <> 'tv' AND EXISTS (SELECT 1 FROM media_files f WHERE f.media_id = m.id AND f.state = 'present');

-- name: recent
WITH last AS MATERIALIZED (
    SELECT f.media_id AS id, max(f.added_at) AS added FROM media_files f WHERE f.state = 'present'
    GROUP BY f.media_id ORDER BY added DESC, id LIMIT $3
), page AS MATERIALIZED (
    SELECT id, added, count(*) OVER () AS total FROM last ORDER BY added DESC, id LIMIT $1 OFFSET $2
)
SELECT page.total, m.id AS media_id, m.media_type, m.title, m.year, m.overview, m.genres, m.air_date,
    m.poster_url IS NOT NULL OR s.poster_url IS NOT NULL AS poster,
    m.parent_id, m.season_number, m.episode_number, s.title AS series_title,
    f.id AS file_id, f.path, f.size_bytes, f.container, f.duration, f.bit_rate, f.codec, f.video, f.audio, f.sidecars
FROM page JOIN media m USING (id) LEFT JOIN media s ON s.id = m.parent_id JOIN LATERAL (
    SELECT * FROM media_files f WHERE f.media_id = m.id AND f.state = 'present'
    ORDER BY f.resolution DESC NULLS LAST, f.path LIMIT 1
) f ON true
ORDER BY page.added DESC, m.id;

-- name: episodes
WITH page AS MATERIALIZED (
    SELECT m.id, m.sort_title FROM media m
    WHERE m.media_type = 'episode' AND m.parent_id = $3 AND m.season_number = $4
      AND EXISTS (SELECT 1 FROM media_files f WHERE f.media_id = m.id AND f.state = 'present')
    ORDER BY m.episode_number, m.id LIMIT $1 OFFSET $2
)
SELECT m.id AS media_id, m.media_type, m.title, m.year, m.overview, m.genres, m.air_date,
    m.poster_url IS NOT NULL OR s.poster_url IS NOT NULL AS poster,
    m.parent_id, m.season_number, m.episode_number, s.title AS series_title,
    f.id AS file_id, f.path, f.size_bytes, f.container, f.duration, f.bit_rate, f.codec, f.video, f.audio, f.sidecars
FROM page JOIN media m USING (id) LEFT JOIN media s ON s.id = m.parent_id JOIN LATERAL (
    SELECT * FROM media_files f WHERE f.media_id = m.id AND f.state = 'present'
    ORDER BY f.resolution DESC NULLS LAST, f.path LIMIT 1
) f ON true
ORDER BY m.episode_number, m.id;

-- name: count_episodes
SELECT count(*) FROM media m
WHERE m.media_type = 'episode' AND m.parent_id = $1 AND m.season_number = $2 AND EXISTS (SELECT 1 FROM media_files f WHERE f.media_id = m.id AND f.state = 'present');

-- name: series
WITH playable AS MATERIALIZED (
    SELECT e.parent_id AS id, count(DISTINCT e.season_number) AS seasons FROM media e
    WHERE e.media_type = 'episode' AND EXISTS (SELECT 1 FROM media_files f WHERE f.media_id = e.id AND f.state = 'present')
    GROUP BY e.parent_id
)
SELECT m.id, m.title, m.year, p.seasons, count(*) OVER () AS total FROM playable p JOIN media m USING (id)
ORDER BY m.sort_title, m.id LIMIT $1 OFFSET $2;

-- name: count_series
SELECT count(DISTINCT e.parent_id) FROM media e WHERE e.media_type = 'episode' AND EXISTS (SELECT 1 FROM media_files f WHERE f.media_id = e.id AND f.state = 'present');

-- name: one_series
SELECT m.id, m.title, m.year, (
    SELECT count(DISTINCT e.season_number) FROM media e WHERE e.media_type = 'episode' AND e.parent_id = m.id
      AND EXISTS (SELECT 1 FROM media_files f WHERE f.media_id = e.id AND f.state = 'present')
) AS seasons
FROM media m WHERE m.id = $1 AND m.media_type = 'tv';

-- name: seasons
SELECT e.season_number AS number, count(*) AS episodes FROM media e
WHERE e.media_type = 'episode' AND e.parent_id = $1 AND EXISTS (SELECT 1 FROM media_files f WHERE f.media_id = e.id AND f.state = 'present')
GROUP BY e.season_number ORDER BY e.season_number = 0, e.season_number;

-- name: leaf
SELECT m.id AS media_id, m.media_type, m.title, m.year, m.overview, m.genres, m.air_date,
    m.poster_url IS NOT NULL OR s.poster_url IS NOT NULL AS poster,
    m.parent_id, m.season_number, m.episode_number, s.title AS series_title,
    f.id AS file_id, f.path, f.size_bytes, f.container, f.duration, f.bit_rate, f.codec, f.video, f.audio, f.sidecars
FROM media m LEFT JOIN media s ON s.id = m.parent_id JOIN LATERAL (
    SELECT * FROM media_files f WHERE f.media_id = m.id AND f.state = 'present'
    ORDER BY f.resolution DESC NULLS LAST, f.path LIMIT 1
) f ON true
WHERE m.id = $1;

-- name: leaf_of_file
SELECT m.id AS media_id, m.media_type, m.title, m.year, m.overview, m.genres, m.air_date,
    m.poster_url IS NOT NULL OR s.poster_url IS NOT NULL AS poster,
    m.parent_id, m.season_number, m.episode_number, s.title AS series_title,
    f.id AS file_id, f.path, f.size_bytes, f.container, f.duration, f.bit_rate, f.codec, f.video, f.audio, f.sidecars
FROM media_files f JOIN media m ON m.id = f.media_id LEFT JOIN media s ON s.id = m.parent_id
WHERE f.id = $1 AND f.state = 'present';
