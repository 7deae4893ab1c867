-- name: title
SELECT m.id, m.media_type, m.title, m.original_title, m.aliases, m.year, m.tmdb_id, m.imdb_id, m.tvdb_id, m.tvmaze_id,
    m.overview, m.poster_url, m.backdrop_url, m.genres, m.rating, m.runtime_minutes, m.original_language, m.air_date,
    m.parent_id, m.season_number, m.episode_number, m.created_at, m.updated_at, m.refreshed_at, f.files AS file_count, f.resolution FROM media m LEFT JOIN LATERAL (
    SELECT count(*) AS files, max(resolution) AS resolution FROM media_files f
    WHERE f.media_id = ANY (m.id || ARRAY(SELECT e.id FROM media e WHERE e.parent_id = m.id AND e.media_type = 'episode'))
) f ON true
WHERE m.id = $1;

-- name: title_by_tmdb
SELECT m.id, m.media_type, m.title, m.original_title, m.aliases, m.year, m.tmdb_id, m.imdb_id, m.tvdb_id, m.tvmaze_id,
    m.overview, m.poster_url, m.backdrop_url, m.genres, m.rating, m.runtime_minutes, m.original_language, m.air_date,
    m.parent_id, m.season_number, m.episode_number, m.created_at, m.updated_at, m.refreshed_at, 0 AS file_count, NULL::integer AS resolution FROM media m WHERE m.media_type = $1 AND m.tmdb_id = $2;

-- name: titles
-- The page is cut first; what costs a look into other tables is fetched for its rows alone.
WITH page AS MATERIALIZED (
    SELECT m.id, row_number() OVER (ORDER BY
        CASE WHEN $5 = 'title' THEN m.sort_title END,
        CASE WHEN $5 = 'added' THEN m.created_at END DESC,
        CASE WHEN $5 = 'year' THEN m.year END DESC NULLS LAST,
        CASE WHEN $5 = 'rating' THEN m.rating END DESC NULLS LAST,
        m.sort_title, m.id) AS place
    FROM media m
    WHERE (CASE WHEN $1::text IS NULL THEN m.media_type <> 'episode' ELSE m.media_type = $1 END)
      AND ($2::text IS NULL OR m.genres && ARRAY[$2])
      AND ($3::integer IS NULL OR m.year = $3)
      AND (NOT $4::boolean OR EXISTS (SELECT 1 FROM media_files f WHERE f.media_id = m.id)
           OR EXISTS (SELECT 1 FROM media e JOIN media_files f ON f.media_id = e.id
                      WHERE e.parent_id = m.id AND e.media_type = 'episode'))
    ORDER BY place LIMIT $6 OFFSET $7
)
SELECT m.id, m.media_type, m.title, m.original_title, m.aliases, m.year, m.tmdb_id, m.imdb_id, m.tvdb_id, m.tvmaze_id,
    m.overview, m.poster_url, m.backdrop_url, m.genres, m.rating, m.runtime_minutes, m.original_language, m.air_date,
    m.parent_id, m.season_number, m.episode_number, m.created_at, m.updated_at, m.refreshed_at, f.files AS file_count, f.resolution FROM page JOIN media m USING (id) LEFT JOIN LATERAL (
    SELECT count(*) AS files, max(resolution) AS resolution FROM media_files f
    WHERE f.media_id = ANY (m.id || ARRAY(SELECT e.id FROM media e WHERE e.parent_id = m.id AND e.media_type = 'episode'))
) f ON true
ORDER BY page.place;

-- name: count_titles
SELECT count(*) FROM media m
WHERE (CASE WHEN $1::text IS NULL THEN m.media_type <> 'episode' ELSE m.media_type = $1 END)
  AND ($2::text IS NULL OR m.genres && ARRAY[$2])
  AND ($3::integer IS NULL OR m.year = $3)
  AND (NOT $4::boolean OR EXISTS (SELECT 1 FROM media_files f WHERE f.media_id = m.id)
       OR EXISTS (SELECT 1 FROM media e JOIN media_files f ON f.media_id = e.id
                      WHERE e.parent_id = m.id AND e.media_type = 'episode'));

-- name: search_titles
WITH found AS MATERIALIZED (
    SELECT m.id, l.likeness, count(*) OVER () AS total FROM media_like(fold($8)) l JOIN media m USING (id)
    WHERE (CASE WHEN $1::text IS NULL THEN m.media_type <> 'episode' ELSE m.media_type = $1 END)
      AND ($2::text IS NULL OR m.genres && ARRAY[$2])
      AND ($3::integer IS NULL OR m.year = $3)
      AND (NOT $4::boolean OR EXISTS (SELECT 1 FROM media_files f WHERE f.media_id = m.id)
           OR EXISTS (SELECT 1 FROM media e JOIN media_files f ON f.media_id = e.id
                      WHERE e.parent_id = m.id AND e.media_type = 'episode'))
    ORDER BY
        CASE WHEN $5 = 'title' THEN m.sort_title END,
        CASE WHEN $5 = 'added' THEN m.created_at END DESC,
        CASE WHEN $5 = 'year' THEN m.year END DESC NULLS LAST,
        CASE WHEN $5 = 'rating' THEN m.rating END DESC NULLS LAST,
        l.likeness DESC, m.sort_title, m.id
    LIMIT $6 OFFSET $7
)
SELECT m.id, m.media_type, m.title, m.original_title, m.aliases, m.year, m.tmdb_id, m.imdb_id, m.tvdb_id, m.tvmaze_id,
    m.overview, m.poster_url, m.backdrop_url, m.genres, m.rating, m.runtime_minutes, m.original_language, m.air_date,
    m.parent_id, m.season_number, m.episode_number, m.created_at, m.updated_at, m.refreshed_at, f.files AS file_count, f.resolution, found.total FROM found JOIN media m USING (id) LEFT JOIN LATERAL (
    SELECT count(*) AS files, max(resolution) AS resolution FROM media_files f
    WHERE f.media_id = ANY (m.id || ARRAY(SELECT e.id FROM media e WHERE e.parent_id = m.id AND e.media_type = 'episode'))
) f ON true
ORDER BY
    CASE WHEN $5 = 'title' THEN m.sort_title END,
    CASE WHEN $5 = 'added' THEN m.created_at END DESC,
    CASE WHEN $5 = 'year' THEN m.year END DESC NULLS LAST,
    CASE WHEN $5 = 'rating' THEN m.rating END DESC NULLS LAST,
    found.likeness DESC, m.sort_title, m.id;

-- name: episodes
SELECT m.id, m.media_type, m.title, m.original_title, m.aliases, m.year, m.tmdb_id, m.imdb_id, m.tvdb_id, m.tvmaze_id,
    m.overview, m.poster_url, m.backdrop_url, m.genres, m.rating, m.runtime_minutes, m.original_language, m.air_date,
    m.parent_id, m.season_number, m.episode_number, m.created_at, m.updated_at, m.refreshed_at, f.files AS file_count, f.resolution FROM media m LEFT JOIN LATERAL (
    SELECT count(*) AS files, max(resolution) AS resolution FROM media_files f WHERE f.media_id = m.id
) f ON true
WHERE m.parent_id = $1 AND m.media_type = 'episode' ORDER BY m.season_number, m.episode_number, m.id;

-- name: files
SELECT * FROM media_files WHERE media_id = $1 ORDER BY state = 'present' DESC, resolution DESC NULLS LAST, path;

-- name: files_below
SELECT f.* FROM media_files f JOIN media m ON m.id = f.media_id
WHERE m.id = $1 OR m.parent_id = $1
ORDER BY m.season_number NULLS FIRST, m.episode_number, f.state = 'present' DESC, f.resolution DESC NULLS LAST, f.path;

-- name: file
SELECT * FROM media_files WHERE id = $1;

-- name: stale_titles
SELECT m.id, m.media_type, m.title, m.original_title, m.aliases, m.year, m.tmdb_id, m.imdb_id, m.tvdb_id, m.tvmaze_id,
    m.overview, m.poster_url, m.backdrop_url, m.genres, m.rating, m.runtime_minutes, m.original_language, m.air_date,
    m.parent_id, m.season_number, m.episode_number, m.created_at, m.updated_at, m.refreshed_at, 1 AS file_count, NULL::integer AS resolution FROM media m
WHERE m.refreshed_at IS NULL AND m.media_type IN ('movie', 'tv')
  AND (EXISTS (SELECT 1 FROM media_files f WHERE f.media_id = m.id)
       OR EXISTS (SELECT 1 FROM media e JOIN media_files f ON f.media_id = e.id
                      WHERE e.parent_id = m.id AND e.media_type = 'episode'))
ORDER BY m.updated_at LIMIT $1;

-- name: pictured
SELECT m.id, m.media_type, m.title, m.original_title, m.aliases, m.year, m.tmdb_id, m.imdb_id, m.tvdb_id, m.tvmaze_id,
    m.overview, m.poster_url, m.backdrop_url, m.genres, m.rating, m.runtime_minutes, m.original_language, m.air_date,
    m.parent_id, m.season_number, m.episode_number, m.created_at, m.updated_at, m.refreshed_at, 1 AS file_count, NULL::integer AS resolution FROM media m
WHERE m.poster_url IS NOT NULL AND m.media_type IN ('movie', 'tv')
  AND (EXISTS (SELECT 1 FROM media_files f WHERE f.media_id = m.id)
       OR EXISTS (SELECT 1 FROM media e JOIN media_files f ON f.media_id = e.id
                      WHERE e.parent_id = m.id AND e.media_type = 'episode'))
ORDER BY m.created_at DESC LIMIT $1;

-- name: delete_title
DELETE FROM media WHERE id = $1 RETURNING parent_id;

-- name: add
-- Only what was given is set; the record's own types refuse what does not fit.
INSERT INTO media (media_type, title, original_title, year, tmdb_id, imdb_id, overview, poster_url, backdrop_url,
    genres, rating, runtime_minutes, parent_id, season_number, episode_number)
SELECT media_type, title, original_title, year, tmdb_id, imdb_id, overview, poster_url, backdrop_url,
    coalesce(genres, '{}'), rating, runtime_minutes, parent_id, season_number, episode_number
FROM jsonb_populate_record(NULL::media, $1)
RETURNING id;

-- name: change
UPDATE media m SET media_type = n.media_type, title = n.title, original_title = n.original_title, year = n.year,
    tmdb_id = n.tmdb_id, imdb_id = n.imdb_id, overview = n.overview, poster_url = n.poster_url,
    backdrop_url = n.backdrop_url, genres = n.genres, rating = n.rating, runtime_minutes = n.runtime_minutes,
    parent_id = n.parent_id, season_number = n.season_number, episode_number = n.episode_number, updated_at = now()
FROM (SELECT (jsonb_populate_record(old, $2)).* FROM media old WHERE old.id = $1) n
WHERE m.id = $1
RETURNING m.id;

-- name: tried
UPDATE media SET updated_at = now() WHERE id = $1;
