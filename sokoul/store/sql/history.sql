-- name: add_favorite
INSERT INTO library_favorites (user_id, media_id) VALUES ($1, $2)
ON CONFLICT (user_id, media_id) DO UPDATE SET added_at = library_favorites.added_at RETURNING added_at;

-- name: drop_favorite
DELETE FROM library_favorites WHERE user_id = $1 AND media_id = $2;

-- name: favorites
SELECT l.added_at AS listed_at, m.id, m.media_type, m.title, m.original_title, m.aliases, m.year, m.tmdb_id, m.imdb_id, m.tvdb_id, m.tvmaze_id,
    m.overview, m.poster_url, m.backdrop_url, m.genres, m.rating, m.runtime_minutes, m.original_language, m.air_date,
    m.parent_id, m.season_number, m.episode_number, m.created_at, m.updated_at, m.refreshed_at,
    f.files AS file_count, f.resolution
FROM library_favorites l JOIN media m ON m.id = l.media_id LEFT JOIN LATERAL (
    SELECT count(*) AS files, max(resolution) AS resolution FROM media_files f
    WHERE f.media_id = ANY (m.id || ARRAY(SELECT e.id FROM media e WHERE e.parent_id = m.id AND e.media_type = 'episode'))
) f ON true
WHERE l.user_id = $1 ORDER BY l.added_at DESC, m.id LIMIT $2 OFFSET $3;

-- name: count_favorites
SELECT count(*) FROM library_favorites WHERE user_id = $1;

-- name: add_wish
INSERT INTO library_watchlist (user_id, media_id, priority, auto_download, profile) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (user_id, media_id) DO UPDATE SET priority = excluded.priority, auto_download = excluded.auto_download,
    profile = excluded.profile
RETURNING added_at;

-- name: drop_wish
DELETE FROM library_watchlist WHERE user_id = $1 AND media_id = $2;

-- name: wishes
SELECT l.priority, l.auto_download, l.profile, l.added_at AS listed_at, m.id, m.media_type, m.title, m.original_title, m.aliases, m.year, m.tmdb_id, m.imdb_id, m.tvdb_id, m.tvmaze_id,
    m.overview, m.poster_url, m.backdrop_url, m.genres, m.rating, m.runtime_minutes, m.original_language, m.air_date,
    m.parent_id, m.season_number, m.episode_number, m.created_at, m.updated_at, m.refreshed_at,
    f.files AS file_count, f.resolution
FROM library_watchlist l JOIN media m ON m.id = l.media_id LEFT JOIN LATERAL (
    SELECT count(*) AS files, max(resolution) AS resolution FROM media_files f
    WHERE f.media_id = ANY (m.id || ARRAY(SELECT e.id FROM media e WHERE e.parent_id = m.id AND e.media_type = 'episode'))
) f ON true
WHERE l.user_id = $1 ORDER BY l.priority DESC, l.added_at DESC, m.id LIMIT $2 OFFSET $3;

-- name: count_wishes
SELECT count(*) FROM library_watchlist WHERE user_id = $1;

-- name: record
INSERT INTO watch_history (user_id, media_id, progress_seconds, total_seconds, is_completed) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (user_id, media_id) DO UPDATE SET progress_seconds = excluded.progress_seconds,
    total_seconds = excluded.total_seconds, is_completed = excluded.is_completed, watched_at = now()
RETURNING id;

-- name: entry
SELECT h.id AS entry_id, h.progress_seconds, h.total_seconds, h.is_completed, h.watched_at, m.id, m.media_type, m.title, m.original_title, m.aliases, m.year, m.tmdb_id, m.imdb_id, m.tvdb_id, m.tvmaze_id,
    m.overview, m.poster_url, m.backdrop_url, m.genres, m.rating, m.runtime_minutes, m.original_language, m.air_date,
    m.parent_id, m.season_number, m.episode_number, m.created_at, m.updated_at, m.refreshed_at,
    0 AS file_count, NULL::integer AS resolution
FROM watch_history h JOIN media m ON m.id = h.media_id WHERE h.user_id = $1 AND h.media_id = $2;

-- name: history
-- What was only opened and closed again is not to be continued.
SELECT h.id AS entry_id, h.progress_seconds, h.total_seconds, h.is_completed, h.watched_at, m.id, m.media_type, m.title, m.original_title, m.aliases, m.year, m.tmdb_id, m.imdb_id, m.tvdb_id, m.tvmaze_id,
    m.overview, m.poster_url, m.backdrop_url, m.genres, m.rating, m.runtime_minutes, m.original_language, m.air_date,
    m.parent_id, m.season_number, m.episode_number, m.created_at, m.updated_at, m.refreshed_at,
    f.files AS file_count, f.resolution
FROM watch_history h JOIN media m ON m.id = h.media_id LEFT JOIN LATERAL (
    SELECT count(*) AS files, max(resolution) AS resolution FROM media_files f
    WHERE f.media_id = ANY (m.id || ARRAY(SELECT e.id FROM media e WHERE e.parent_id = m.id AND e.media_type = 'episode'))
) f ON true
WHERE h.user_id = $1 AND h.is_completed = $2 AND (h.is_completed OR h.progress_seconds > 0)
ORDER BY h.watched_at DESC, h.id LIMIT $3 OFFSET $4;

-- name: count_history
SELECT count(*) FROM watch_history
WHERE user_id = $1 AND is_completed = $2 AND (is_completed OR progress_seconds > 0);

-- name: series
SELECT m.id, m.media_type, m.title, m.original_title, m.aliases, m.year, m.tmdb_id, m.imdb_id, m.tvdb_id, m.tvmaze_id,
    m.overview, m.poster_url, m.backdrop_url, m.genres, m.rating, m.runtime_minutes, m.original_language, m.air_date,
    m.parent_id, m.season_number, m.episode_number, m.created_at, m.updated_at, m.refreshed_at, 0 AS file_count, NULL::integer AS resolution
FROM media m WHERE m.id = ANY($1::uuid[]);

-- name: drop_history
DELETE FROM watch_history WHERE id = $1 AND user_id = $2;

-- name: status
SELECT m.id AS media_id,
    EXISTS (SELECT 1 FROM media_files f WHERE f.media_id = m.id OR f.media_id IN (
        SELECT e.id FROM media e WHERE e.parent_id = m.id AND e.media_type = 'episode')) AS in_library,
    EXISTS (SELECT 1 FROM library_favorites l WHERE l.user_id = $1 AND l.media_id = m.id) AS favorite,
    EXISTS (SELECT 1 FROM library_watchlist l WHERE l.user_id = $1 AND l.media_id = m.id) AS watchlist,
    coalesce(h.is_completed, false) AS watched, h.progress_seconds, h.total_seconds
FROM media m LEFT JOIN watch_history h ON h.media_id = m.id AND h.user_id = $1
WHERE m.id = $2;
