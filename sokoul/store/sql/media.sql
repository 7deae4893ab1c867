-- name: lock
-- One maker of titles at a time: two imports of one series must not make it twice.
SELECT pg_advisory_xact_lock(hashtextextended('sokoul.media.titles', 0));

-- name: by_tmdb
SELECT id FROM media WHERE media_type = $1 AND tmdb_id = $2;

-- name: by_other_id
SELECT id FROM media
WHERE media_type = $1 AND (imdb_id = $2 OR tvdb_id = $3 OR tvmaze_id = $4)
  AND (tmdb_id IS NULL OR $5::integer IS NULL OR tmdb_id = $5)
ORDER BY created_at LIMIT 1;

-- name: by_name
-- A title known by name alone is the one with that name; two works with different TMDB ids never are one.
SELECT id FROM media
WHERE media_type = $1 AND sort_title = fold($2) AND (year = $3 OR year IS NULL OR $3::integer IS NULL)
  AND (tmdb_id IS NULL OR $4::integer IS NULL)
ORDER BY year IS NOT DISTINCT FROM $3 DESC, created_at LIMIT 1;

-- name: add_work
INSERT INTO media (media_type, title, original_title, aliases, year, tmdb_id, imdb_id, tvdb_id, tvmaze_id, overview,
    poster_url, backdrop_url, genres, rating, runtime_minutes, original_language, air_date, refreshed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
    CASE WHEN $18::boolean THEN now() END)
RETURNING id;

-- name: refresh_work
-- What a source says replaces what was there; where it is silent the old stays.
UPDATE media SET title = CASE WHEN $19::boolean THEN $3 ELSE title END,
    original_title = coalesce($4, original_title),
    aliases = CASE WHEN cardinality($5::text[]) > 0 THEN $5 ELSE aliases END,
    year = coalesce($6, year), tmdb_id = coalesce(tmdb_id, $7), imdb_id = coalesce($8, imdb_id),
    tvdb_id = coalesce($9, tvdb_id), tvmaze_id = coalesce($10, tvmaze_id), overview = coalesce($11, overview),
    poster_url = coalesce($12, poster_url), backdrop_url = coalesce($13, backdrop_url),
    genres = CASE WHEN cardinality($14::text[]) > 0 THEN $14 ELSE genres END,
    rating = coalesce($15, rating), runtime_minutes = coalesce($16, runtime_minutes),
    original_language = coalesce($17, original_language), air_date = coalesce($18, air_date),
    refreshed_at = CASE WHEN $19 THEN now() ELSE refreshed_at END, updated_at = now()
WHERE id = $1 AND media_type = $2;

-- name: add_episode
-- A name that only repeats the number gives way to a real one, never the other way round.
INSERT INTO media (media_type, parent_id, season_number, episode_number, title, year, overview, backdrop_url, rating,
    runtime_minutes, air_date, original_language)
VALUES ('episode', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (parent_id, season_number, episode_number) WHERE media_type = 'episode' DO UPDATE SET
    title = CASE WHEN $12::boolean THEN excluded.title ELSE media.title END,
    year = coalesce(excluded.year, media.year), overview = coalesce(excluded.overview, media.overview),
    backdrop_url = coalesce(excluded.backdrop_url, media.backdrop_url),
    rating = coalesce(excluded.rating, media.rating),
    runtime_minutes = coalesce(excluded.runtime_minutes, media.runtime_minutes),
    air_date = coalesce(excluded.air_date, media.air_date), updated_at = now()
RETURNING id;

-- name: refresh_episode
UPDATE media SET title = $4, year = coalesce($5, year), overview = coalesce($6, overview),
    backdrop_url = coalesce($7, backdrop_url), rating = coalesce($8, rating),
    runtime_minutes = coalesce($9, runtime_minutes), air_date = coalesce($10, air_date), updated_at = now()
WHERE media_type = 'episode' AND parent_id = $1 AND season_number = $2 AND episode_number = $3;

-- name: file_title
SELECT id, media_id FROM media_files WHERE path = $1;

-- name: put_file
INSERT INTO media_files (media_id, path, size_bytes, mtime_ns, device, inode, state, problem, container, duration,
    bit_rate, codec, resolution, source, release_name, video, audio, subtitles, chapters, sidecars, probed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, now())
ON CONFLICT (path) DO UPDATE SET media_id = excluded.media_id, size_bytes = excluded.size_bytes,
    mtime_ns = excluded.mtime_ns, device = excluded.device, inode = excluded.inode, state = excluded.state,
    problem = excluded.problem, container = excluded.container, duration = excluded.duration,
    bit_rate = excluded.bit_rate, codec = excluded.codec, resolution = excluded.resolution,
    source = coalesce(excluded.source, media_files.source),
    release_name = coalesce(excluded.release_name, media_files.release_name), video = excluded.video,
    audio = excluded.audio, subtitles = excluded.subtitles, chapters = excluded.chapters,
    sidecars = excluded.sidecars, probed_at = now()
RETURNING id;

-- name: link_download
UPDATE download_files SET file_id = $3 WHERE download_id = $1 AND index = $2;

-- name: adopted
SELECT f.id, f.media_id, f.path, f.size_bytes, f.mtime_ns, f.device, f.inode, f.state,
    coalesce(m.parent_id, m.id) AS title_id
FROM download_files d JOIN media_files f ON f.id = d.file_id JOIN media m ON m.id = f.media_id
WHERE d.download_id = $1 AND d.index = $2;

-- name: drop_lonely
-- A title that lost its last file goes, unless somebody wished for it, watched it or put it on a list.
DELETE FROM media m WHERE m.id = ANY($1::uuid[])
  AND NOT EXISTS (SELECT 1 FROM media_files f WHERE f.media_id = m.id)
  AND NOT EXISTS (SELECT 1 FROM media e WHERE e.parent_id = m.id AND e.media_type = 'episode')
  AND NOT EXISTS (SELECT 1 FROM library_favorites l WHERE l.media_id = m.id)
  AND NOT EXISTS (SELECT 1 FROM library_watchlist l WHERE l.media_id = m.id)
  AND NOT EXISTS (SELECT 1 FROM watch_history h WHERE h.media_id = m.id)
  AND NOT EXISTS (SELECT 1 FROM collection_media c WHERE c.media_id = m.id)
  AND NOT EXISTS (SELECT 1 FROM downloads d WHERE d.media_id = m.id
                  AND d.status NOT IN ('completed', 'failed', 'cancelled', 'seeding'))
RETURNING m.parent_id;

-- name: known_files
SELECT id, media_id, path, size_bytes, mtime_ns, device, inode, state FROM media_files
WHERE starts_with(path, $1);

-- name: known_sidecars
SELECT id, ARRAY(SELECT jsonb_array_elements(sidecars) ->> 'path') AS paths FROM media_files
WHERE starts_with(path, $1) AND jsonb_array_length(sidecars) > 0;

-- name: move_file
UPDATE media_files SET path = $2, size_bytes = $3, mtime_ns = $4, device = $5, inode = $6, sidecars = $7,
    state = CASE WHEN state <> 'offline' THEN state WHEN duration IS NULL THEN 'broken' ELSE 'present' END,
    problem = CASE WHEN state = 'offline' THEN NULL ELSE problem END
WHERE id = $1;

-- name: set_sidecars
UPDATE media_files SET sidecars = $2 WHERE id = $1;

-- name: offline
UPDATE media_files SET state = 'offline', problem = $2 WHERE id = ANY($1::uuid[]) AND state <> 'offline';

-- name: vanish
DELETE FROM media_files WHERE id = ANY($1::uuid[]) RETURNING media_id;

-- name: root_device
SELECT (value ->> 'device')::bigint FROM config WHERE key = $1;

-- name: remember_root
INSERT INTO config (key, value) VALUES ($1, $2)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now();

-- name: redevice
UPDATE media_files SET device = $2 WHERE device = $1 AND starts_with(path, $3);

-- name: bump
-- In the transaction of the change and last in it: whoever reads the new number finds the change.
INSERT INTO config (key, value) VALUES ('library.update_id', '1')
ON CONFLICT (key) DO UPDATE SET value = to_jsonb((config.value #>> '{}')::bigint + 1), updated_at = now()
RETURNING (value #>> '{}')::bigint;

-- name: update_id
SELECT (value #>> '{}')::bigint FROM config WHERE key = 'library.update_id';

-- name: lazily
SET LOCAL synchronous_commit TO off;

-- name: work_of
SELECT m.media_type, m.title, m.year, m.original_title, m.aliases, m.tmdb_id, m.imdb_id, m.tvdb_id, m.tvmaze_id
FROM media e JOIN media m ON m.id = coalesce(e.parent_id, e.id) WHERE e.id = $1;

-- name: strays
SELECT f.id, f.path, EXISTS (
    SELECT 1 FROM media_files o WHERE o.media_id = f.media_id AND o.id <> f.id AND o.size_bytes = f.size_bytes
      AND o.state = 'present' AND EXISTS (SELECT 1 FROM unnest($1::text[]) root WHERE starts_with(o.path, root))
) AS replaced
FROM media_files f
WHERE f.state <> 'offline' AND NOT EXISTS (SELECT 1 FROM unnest($1::text[]) root WHERE starts_with(f.path, root));
