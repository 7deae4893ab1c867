-- name: add
INSERT INTO collections (owner_id, name, description, public) VALUES ($1, $2, $3, $4) RETURNING id;

-- name: one
SELECT c.id, c.owner_id, c.name, c.description, c.public, c.created_at, c.updated_at,
    (SELECT count(*) FROM collection_media x WHERE x.collection_id = c.id) AS media_count
FROM collections c WHERE c.id = $1 AND (c.owner_id = $2 OR c.public);

-- name: page
SELECT c.id, c.owner_id, c.name, c.description, c.public, c.created_at, c.updated_at,
    (SELECT count(*) FROM collection_media x WHERE x.collection_id = c.id) AS media_count
FROM collections c WHERE c.owner_id = $1 OR c.public ORDER BY lower(c.name), c.id LIMIT $2 OFFSET $3;

-- name: count
SELECT count(*) FROM collections WHERE owner_id = $1 OR public;

-- name: change
UPDATE collections SET name = coalesce($3, name), description = coalesce($4, description),
    public = coalesce($5, public), updated_at = now()
WHERE id = $1 AND owner_id = $2;

-- name: drop
DELETE FROM collections WHERE id = $1 AND owner_id = $2;

-- name: lock
SELECT id FROM collections WHERE id = $1 AND owner_id = $2 FOR UPDATE;

-- name: make_room
UPDATE collection_media SET position = position + 1 WHERE collection_id = $1 AND position >= $2;

-- name: put
-- Without a position it goes to the end; what is there already moves.
INSERT INTO collection_media (collection_id, media_id, position) VALUES ($1, $2,
    coalesce($3, (SELECT coalesce(max(position) + 1, 0) FROM collection_media WHERE collection_id = $1)))
ON CONFLICT (collection_id, media_id) DO UPDATE SET position = excluded.position;

-- name: take
DELETE FROM collection_media x USING collections c
WHERE c.id = x.collection_id AND x.collection_id = $1 AND x.media_id = $3 AND c.owner_id = $2;

-- name: media
SELECT m.id, m.media_type, m.title, m.original_title, m.aliases, m.year, m.tmdb_id, m.imdb_id, m.tvdb_id, m.tvmaze_id,
    m.overview, m.poster_url, m.backdrop_url, m.genres, m.rating, m.runtime_minutes, m.original_language, m.air_date,
    m.parent_id, m.season_number, m.episode_number, m.created_at, m.updated_at, m.refreshed_at, f.files AS file_count, f.resolution
FROM collection_media x JOIN media m ON m.id = x.media_id LEFT JOIN LATERAL (
    SELECT count(*) AS files, max(resolution) AS resolution FROM media_files f
    WHERE f.media_id = ANY (m.id || ARRAY(SELECT e.id FROM media e WHERE e.parent_id = m.id AND e.media_type = 'episode'))
) f ON true
WHERE x.collection_id = $1 ORDER BY x.position, x.added_at, m.id;
